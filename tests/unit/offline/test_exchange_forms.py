import pytest

from stackwright.offline.edits.reader import read_change
from stackwright.offline.reader import read_app
from stackwright.scaffold.spec import AppSpec

CLUB = "members with name and email; groups with title. "
ONE = "members with name and email. "


def ways(spec: AppSpec) -> dict[str, tuple[str, ...]]:
    use = spec.kit("exchange")
    return {one.entity: one.ways for one in use.settings().tables} if use else {}


@pytest.mark.parametrize(
    ("first", "sentence", "told"),
    [
        (CLUB, "Import members from a CSV file.", {"member": ("import",)}),
        (CLUB, "Export members and groups as CSV.", {"member": ("export",), "group": ("export",)}),
        (CLUB, "Import members from CSV and print them.", {"member": ("import", "print")}),
        (CLUB, "Export everything as JSON.", {"member": ("export",), "group": ("export",)}),
        (CLUB, "Print the list of groups.", {"group": ("print",)}),
        (ONE, "Import and export as CSV.", {"member": ("import", "export")}),
        (ONE, "A CSV export and a print view.", {"member": ("export", "print")}),
        (ONE, "Members can be imported from a spreadsheet.", {"member": ("import",)}),
        (ONE, "I want to download the members as a CSV file.", {"member": ("export",)}),
    ],
)
def test_files_and_paper_in_the_words_of_people(
    first: str, sentence: str, told: dict[str, tuple[str, ...]]
) -> None:
    reading = read_app(first + sentence)
    assert ways(reading.spec) == told
    assert (reading.unbuilt, reading.unread) == ((), ())


@pytest.mark.parametrize(
    "sentence",
    [
        "Export members as PDF.",
        "Download the members as Excel.",
        "Export members as CSV every Friday.",
        "Import trainers from a CSV file.",
        "Print membership cards.",
        "Print them.",
    ],
)
def test_what_is_not_made_is_said(sentence: str) -> None:
    reading = read_app(CLUB + sentence)
    assert ways(reading.spec) == {}
    assert reading.unbuilt or reading.unread


def test_a_later_message_adds_to_what_is_there() -> None:
    spec = read_app(ONE + "Import members from CSV.").spec
    change = read_change("export the members as CSV and print them", spec)
    assert ways(change.spec) == {"member": ("import", "export", "print")}
    assert change.refused == ()
    assert read_change("export members as PDF", spec).refused
