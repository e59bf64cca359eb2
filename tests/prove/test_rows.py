"""The table that `make prove` keeps, and the lists of what it tries."""

from collections import Counter

import pytest
from prove.applications import NAMES, application
from prove.faults import FAULTS
from prove.faults.fault import Fault
from prove.lies import LIES
from prove.rows import HEAD, Row, renewed, rows_in, summary
from prove.run import ORDER, PAGE


def row(name: str, result: str = "pages", kind: str = "fault") -> Row:
    return Row(kind, name, "it is slow", result, 12.0, "2026-01-01")  # type: ignore[arg-type]


def test_there_are_enough_of_each() -> None:
    assert len(FAULTS) >= 80
    assert len(LIES) >= 25
    assert len(NAMES) >= 3
    assert sum(application(name).is_by_hand for name in NAMES) >= 2


def test_no_name_is_used_twice() -> None:
    assert [key for key, number in Counter(ORDER).items() if number > 1] == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.app}, {fault.name}")
def test_the_text_of_a_fault_stands_once_in_its_file(fault: Fault) -> None:
    assert application(fault.app).text(fault.path).count(fault.old) == 1
    assert fault.old != fault.new
    assert fault.notices


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.name)
def test_a_lie_changes_something(lie) -> None:
    sound = application("rooms")
    assert all(sound.files.get(path) != text for path, text in lie.changes.items())


@pytest.mark.parametrize("name", NAMES)
def test_the_wishes_of_a_sound_app_are_all_tried(name: str) -> None:
    app = application(name)
    witnesses = "".join(text for path, text in app.files.items() if "acceptance/test_" in path)
    for number in range(1, len(app.wishes.wishes) + 1):
        assert f'wish("w{number}")' in witnesses


def test_a_line_is_renewed_in_its_place() -> None:
    order = [("fault", "a"), ("fault", "b"), ("lie", "c")]
    table = ""
    for name in ("b", "a"):
        table = renewed(table, row(name), order)
    assert [one.name for one in rows_in(table)] == ["a", "b"]
    table = renewed(table, row("a", "verified"), order)
    assert table.startswith(HEAD)
    assert [(one.name, one.is_good) for one in rows_in(table)] == [("a", False), ("b", True)]
    assert "| **verified** |" in table


def test_what_is_not_tried_any_more_is_dropped() -> None:
    table = renewed("", row("old"), [("fault", "old")])
    assert [one.name for one in rows_in(renewed(table, row("a"), [("fault", "a")]))] == ["a"]


def test_the_summary_counts_what_is_as_it_should_be() -> None:
    order = [("fault", "a"), ("fault", "b"), ("sound", "s"), ("lie", "l")]
    table = ""
    for one in (row("a"), row("b", "verified"), row("s", "verified", "sound")):
        table = renewed(table, one, order)
    told = summary(table, order, "a machine")
    assert "| faults caught | 1 | 2 | 2 |" in told
    assert "| sound applications verified | 1 | 1 | 1 |" in told
    assert "| lies refused | 0 | 0 | 1 |" in told


def test_a_cell_cannot_break_the_table() -> None:
    table = renewed("", row("a", "one | two\nthree"), [("fault", "a")])
    assert [one.result for one in rows_in(table)] == ["one / two three"]


def test_the_document_is_in_step_with_what_is_tried() -> None:
    told = [(one.kind, one.name) for one in rows_in(PAGE.read_text())]
    assert set(told) <= set(ORDER)
    assert [key for key in ORDER if key in told] == told
