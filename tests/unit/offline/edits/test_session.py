from fixtures.follow_ups import library
from stackwright.offline.edits.reader import read_change
from stackwright.offline.edits.session import Session, Spoken, changed_last
from stackwright.offline.reader import read_app


def test_the_only_field_that_changed_was_spoken_of() -> None:
    after = read_change("make the author required", library()).spec
    assert changed_last(library(), after) == Spoken("book", "author")
    more = read_change("add suppliers with name and phone", library()).spec
    assert changed_last(library(), more) == Spoken("supplier")
    assert changed_last(library(), library()) == Spoken()


def test_a_name_of_two_kinds_is_asked_for_unless_one_is_spoken_of() -> None:
    spec = read_app("clients with name and phone, and suppliers with name and phone").spec
    change = read_change("remove the phone", spec)
    assert change.spec == spec
    assert "say which" in change.refused[0]
    assert read_change("remove the phone of the suppliers", spec).spec != spec
    change = read_change("remove the phone", spec, spoken=Spoken("supplier"))
    assert change.operations == ('Removed "Phone" from suppliers.',)


def test_what_is_tried_on_a_copy_changes_nothing() -> None:
    session = Session(library())
    session.copied().refuse("No.")
    assert session.refused == []
