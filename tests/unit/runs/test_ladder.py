from stackwright.runs.ladder import MAX_PROOFS, Ladder


def test_the_same_failure_is_met_with_more_each_time() -> None:
    ladder = Ladder()
    assert [ladder.climb("a") for _ in range(5)] == ["tell", "help", "fresh", "give_up", "give_up"]


def test_another_failure_begins_from_the_ground() -> None:
    ladder = Ladder()
    assert [ladder.climb(one) for one in "aab"] == ["tell", "help", "tell"]


def test_failures_that_take_turns_end_too() -> None:
    ladder = Ladder()
    assert [ladder.climb(one) for one in "ababab"][MAX_PROOFS - 1] == "give_up"
