import pytest

from stackwright.offline.reader import read_app
from stackwright.offline.rule_slots import explains, mark_of, slots_in
from stackwright.offline.slots import clause_of
from stackwright.scaffold.spec import AppSpec


@pytest.fixture(scope="module")
def spec() -> AppSpec:
    return read_app("Rooms: name. Bookings have a room, a guest name, a date. Guests: phone.").spec


def _told(spec: AppSpec, clause: str, kind: str) -> str:
    slots = slots_in(clause_of(spec, clause), spec.entity(kind))
    if slots is None:
        return "none"
    return ", ".join(f"{s.mark} {s.field.name if s.field else 'itself'}".strip() for s in slots)


@pytest.mark.parametrize(
    ("clause", "told"),
    [
        ("two bookings of the same room", "many itself, same room_id"),
        ("bookings of the same room and date", "itself, same room_id, same date"),
        ("more than one booking per room", "many itself, room_id"),
        ("a booking and its phone", "none"),
        ("two guests in a room", "room_id"),
    ],
)
def test_names_are_fields_of_a_record_or_the_record_itself(
    spec: AppSpec, clause: str, told: str
) -> None:
    assert _told(spec, clause, "booking") == told


def test_a_word_that_nothing_explains_is_seen(spec: AppSpec) -> None:
    words = frozenset({"twice"})
    assert explains(clause_of(spec, "please never book a room twice"), words)
    assert not explains(clause_of(spec, "never book a red room twice"), words)
    assert explains(clause_of(spec, "a dentist books a room twice"), words)
    assert not explains(clause_of(spec, "a dentist books a room twice"), words, anybody=False)
    assert not explains(clause_of(spec, "a room booked twice"), words, deeds=False)


def test_a_mark_goes_for_all_names_in_a_row(spec: AppSpec) -> None:
    clause = clause_of(spec, "the same room, date and guest name")
    assert [mark_of(clause, token) for token in clause.named] == ["same"] * 3
