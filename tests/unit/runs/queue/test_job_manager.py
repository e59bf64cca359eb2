"""When a worker may take silent ones for dead."""

from stackwright.runs.queue.worker import SILENCE_S, RescueDelay


def test_who_looks_regularly_is_never_patient() -> None:
    delay = RescueDelay()
    assert all(delay.is_over(100.0 + 0.5 * looks) for looks in range(20))


def test_after_a_gap_others_have_the_time_to_be_heard_again() -> None:
    """The process stood still, the database was away, or the whole machine slept for an hour."""
    delay = RescueDelay()
    delay.is_over(100.0)
    back = 3700.0
    looks = [back + 0.5 * number for number in range(20)]
    assert [delay.is_over(now) for now in looks] == [now > back + SILENCE_S for now in looks]


def test_a_second_gap_begins_the_time_anew() -> None:
    delay = RescueDelay()
    delay.is_over(0.0)
    delay.is_over(10.0)
    assert not delay.is_over(12.0)
    assert not delay.is_over(12.0 + SILENCE_S / 2)


def test_a_clock_that_was_set_back_does_not_make_patience_last() -> None:
    delay = RescueDelay()
    delay.is_over(100.0)
    assert not delay.is_over(3700.0)
    looks = [100.0 + 0.5 * number for number in range(20)]
    assert [delay.is_over(now) for now in looks] == [now > 100.0 + SILENCE_S for now in looks]
