"""What stands here in a checkout of BaxBench, as far as a scenario needs it."""

AppInstance = object


def Scenario(**given):  # noqa: N802 (its name)
    return given
