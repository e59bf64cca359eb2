from pathlib import Path

from stackwright.offline.edits.entities import remove_entity, rename_entity
from stackwright.offline.edits.fields import remove_field, rename_field
from stackwright.scaffold.spec import AppSpec
from stackwright.scaffold.word_edits import with_fitting_kits
from stackwright.scaffold.words import Only, SumOf

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


def test_mails_follow_renamed_fields_and_go_with_those_that_are_gone() -> None:
    path = Path(__file__).parents[2] / "data/kits/bakery.json"
    bakery = AppSpec.model_validate_json(path.read_text())
    customer = bakery.entity("customer")
    called = customer.field("email").model_copy(update={"name": "address"})
    fields = tuple(called if one.name == "email" else one for one in customer.fields)
    order = bakery.entity("order")
    kept = tuple(one for one in order.fields if one.name != "pick_up")
    entities = (
        customer.model_copy(update={"fields": fields}),
        order.model_copy(update={"fields": kept}),
    )
    changed = with_fitting_kits(
        bakery.model_copy(update={"entities": entities}), {("customer", "email"): "address"}
    )
    use = changed.kit("messages")
    assert use is not None
    assert [(one.when, one.to) for one in use.settings().mails] == [
        ("becomes", "customer_id.address"),
        ("added", "customer_id.address"),
    ]


def test_what_counts_only_some_records_follows_a_new_name() -> None:
    treatment = SPEC.entity("treatment")
    renamed = rename_field(SPEC, treatment, treatment.field("done"), "finished").spec
    assert renamed.entity("therapist").field("open_minutes").computed == SumOf(
        child="treatment", factors=("duration",), only=Only(field="finished", values=(False,))
    )


def test_lists_with_names_follow_a_renamed_field_and_go_with_a_removed_one() -> None:
    spec = AppSpec.model_validate_json((DATA / "tool_loans.json").read_text())
    loan = spec.entity("loan")
    changed = rename_field(spec, loan, loan.field("due"), "due_back").spec.entity("loan")
    first = changed.views[0].model_dump()
    assert [one["field"] for one in first["where"]] == ["due_back", "returned"]
    assert first["sort"] == "due_back"
    without = remove_field(spec, loan, loan.field("due")).spec.entity("loan")
    assert "Overdue loans" not in [one.model_dump().get("title") for one in without.views]
