import pytest

from stackwright.offline.field_types import infer, is_attribute


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("bought_on", "date"),
        ("checked_in", "boolean"),
        ("price_per_night", "money"),
        ("number_of_guests", "integer"),
        ("contact_number", "phone"),
        ("emergency_email", "email"),
        ("start_time", "time"),
        ("hours_worked", "number"),
    ],
)
def test_a_name_says_of_which_type_its_field_is(name: str, kind: str) -> None:
    draft = infer(name)
    assert (draft.type, draft.sure) == (kind, True)


def test_a_name_without_such_words_is_a_text_of_which_nobody_is_sure() -> None:
    draft = infer("favourite_cheese")
    assert (draft.type, draft.sure) == ("string", False)


def test_usual_names_of_fields_are_no_kinds_of_record() -> None:
    assert is_attribute("prices")
    assert not is_attribute("goats")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("amount_in_drops", "number"),
        ("amount_used", "number"),
        ("amount_in_euros", "money"),
        ("amount_paid", "money"),
        ("amount", "money"),
    ],
)
def test_an_amount_of_stuff_is_no_money(name: str, kind: str) -> None:
    assert infer(name).type == kind
