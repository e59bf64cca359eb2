"""How much each file of a batch gets."""

from stackwright.tools.reading import shares


def test_all_files_are_whole_while_they_fit_together() -> None:
    assert shares({"a": 10, "b": 70, "c": 20}, 100) == {"a": 10, "b": 70, "c": 20}


def test_what_small_files_leave_goes_to_the_large_ones() -> None:
    assert shares({"a": 1000, "b": 10, "c": 1000}, 100) == {"b": 10, "a": 45, "c": 45}


def test_a_missing_file_takes_nothing() -> None:
    assert shares({"a": 0, "b": 500}, 100) == {"a": 0, "b": 100}
