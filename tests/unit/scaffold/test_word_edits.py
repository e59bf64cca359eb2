from pathlib import Path

from stackwright.offline.edits.entities import remove_entity, rename_entity
from stackwright.offline.edits.fields import remove_field, rename_field
from stackwright.scaffold.spec import AppSpec

DATA = Path(__file__).parents[2] / "data/scaffold"
SPEC = AppSpec.model_validate_json((DATA / "bookings.json").read_text())
BOOKING = SPEC.entity("booking")


def test_rules_and_views_follow_a_renamed_field() -> None:
    changed = rename_field(SPEC, BOOKING, BOOKING.field("start"), "begin").spec.entity("booking")
    assert [one.model_dump().get("start") for one in changed.rules[:1]] == ["begin"]
    assert changed.sort == "begin"
    assert "begin" in changed.columns
    assert changed.views[0].model_dump()["start"] == "begin"


def test_what_others_say_of_a_field_follows_it() -> None:
    room = SPEC.entity("room")
    changed = rename_field(SPEC, room, room.field("seats"), "places").spec
    assert changed.entity("booking").rules[2].model_dump()["than"] == "room_id.places"
    booking = rename_field(SPEC, BOOKING, BOOKING.field("guests"), "people").spec
    average = booking.entity("room").field("average_guests").computed
    assert average is not None
    assert average.model_dump()["of"] == "people"


def test_a_renamed_kind_takes_its_rules_with_it() -> None:
    changed = rename_entity(SPEC, SPEC.entity("room"), "hall").spec
    assert changed.entity("booking").rules[0].model_dump()["on"] == ("hall_id",)


def test_what_speaks_of_a_removed_field_goes_with_it() -> None:
    changed = remove_field(SPEC, BOOKING, BOOKING.field("end")).spec.entity("booking")
    assert [one.rule for one in changed.rules] == ["not_past", "compare", "steps", "deadline"]
    assert [one.view for one in changed.views] == ["chart", "chart", "board"]


def test_figures_over_a_removed_kind_become_plain_numbers() -> None:
    changed = remove_entity(SPEC, BOOKING).spec.entity("room")
    assert changed.field("bookings").computed is None
