from stackwright.projects.portions import portions


def test_portions_keep_the_order_and_the_limit() -> None:
    sizes = {"b": 4, "a": 4, "c": 3, "d": 20, "e": 1}
    assert list(portions(sizes, max_bytes=8)) == [["b", "a"], ["c"], ["d"], ["e"]]


def test_nothing_is_no_portion() -> None:
    assert list(portions({})) == []
