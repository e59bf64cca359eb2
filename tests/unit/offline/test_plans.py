import pytest

from stackwright.core.plans import Plan, PlannedRecord
from stackwright.offline.plans import NotCorrected, corrected, links_of, plan_of, taught
from stackwright.offline.reader import read_app
from stackwright.offline.wishes import wishes_of_app
from stackwright.scaffold.spec import AppSpec

SHOP = "A tool for a bike shop: customers with name and phone, repairs for a customer with problem, price and due date"


def planned(text: str = SHOP) -> Plan:
    reading = read_app(text)
    return Plan.model_validate(plan_of(reading.spec, wishes_of_app(text, reading)))


def with_records(plan: Plan, **fields: tuple[str, ...] | None) -> Plan:
    """The plan with other fields of some records; None: without that record."""
    known = {record.name: record.fields for record in plan.records} | fields
    records = tuple(PlannedRecord(name=n, fields=f) for n, f in known.items() if f is not None)
    return plan.model_copy(update={"records": records})


def spec_of(plan: Plan) -> AppSpec:
    assert plan.reading is not None
    return AppSpec.model_validate(plan.reading["spec"])


def test_a_plan_says_what_was_understood() -> None:
    plan = planned()
    told = {record.name: record.fields for record in plan.records}
    assert told["Customers"] == ("name", "phone")
    assert told["Repairs"][0] == "customer (one of the customer records)"
    assert "price (money)" in told["Repairs"]
    assert [page.route for page in plan.pages][:1] == ["/customers"]
    assert "Repairs can be added, changed and deleted." in [wish.text for wish in plan.wishes]


def test_choices_stay_together() -> None:
    plan = planned("Tasks with title and status (open, in progress, done)")
    assert plan.records[0].fields == ("title", "status (open, in progress, done)")


def test_corrected_fields_are_built_and_wished_for() -> None:
    before = planned()
    after = with_records(before, Customers=("name", "phone", "email"))
    plan, sentences = corrected(before, after)
    assert sentences == ("add email to customers",)
    assert [f.name for f in spec_of(plan).entity("customer").fields] == ["name", "phone", "email"]
    assert "The email of customers is kept." in [wish.text for wish in plan.wishes]
    assert plan.records[0].fields == ("name", "phone", "email")


def test_what_is_removed_is_not_wished_for_any_more() -> None:
    before = planned()
    plan, _ = corrected(before, with_records(before, Customers=("name",)))
    assert "The phone of customers is kept." not in [wish.text for wish in plan.wishes]
    assert all(link["field"] != "phone" for link in (plan.reading or {})["links"])


def test_another_type_and_another_kind_of_record() -> None:
    before = planned()
    fields = ("customer (one of the customer records)", "problem", "price (number)", "due date")
    plan, _ = corrected(before, with_records(before, Repairs=fields, Suppliers=("name", "phone")))
    spec = spec_of(plan)
    assert spec.entity("repair").field("price").type == "number"
    assert [field.name for field in spec.entity("supplier").fields] == ["name", "phone"]


def test_words_that_cannot_be_built_are_refused_with_them() -> None:
    before = planned()
    after = with_records(before, Repairs=None, Customers=None)
    with pytest.raises(NotCorrected, match="remove"):
        corrected(before, after)


def test_a_later_plan_of_the_project_heeds_corrections_that_still_fit() -> None:
    plan = taught(planned(), ["add email to customers", "remove stars from planets"])
    assert "email" in plan.records[0].fields


def test_a_plan_of_a_model_is_what_the_person_says() -> None:
    before = planned().model_copy(update={"reading": None})
    after = with_records(before, Customers=("anything at all",))
    assert corrected(before, after) == (after, ())
    assert taught(before, ["add email to customers"]) == before


def test_wishes_are_linked_by_the_ids_that_they_got() -> None:
    plan = planned()
    ids = [f"w{number}" for number in range(5, 5 + len(plan.wishes))]
    links = links_of(plan, ids)
    listed = next(link for link in links if link.entity == "customer" and not link.field)
    wanted = [w.text for w in plan.wishes].index("Customers can be added, changed and deleted.")
    assert listed.wish == ids[wanted]
    assert listed.shows == "records"
