import pytest

from stackwright.offline.predicates import deeds_on_records, predicates

KINDS = frozenset({"door", "customer", "film", "hall", "screening"})


def is_kind(name: str) -> bool:
    return name in KINDS


@pytest.mark.parametrize(
    ("clause", "plain"),
    [
        (
            "Each key opens several doors, is held by an employee and was handed out on a date",
            [
                "each of the key has any number of the door",
                "each key belongs to an employee",
                "each key has handed out on (date)",
            ],
        ),
        (
            "each order comes from a customer and consists of several parts",
            ["each order belongs to a customer", "each order has several parts"],
        ),
        (
            "Screenings show a film in one of three halls",
            ["each screening belongs to a film", "each screening belongs to a hall"],
        ),
        (
            "Each card shows a player, has a club",
            ["each card has a player", "each card has a club"],
        ),
        ("it starts at a certain time", ["each talk has start time"]),
        ("We are a choir of forty", []),
    ],
)
def test_what_a_record_is_told_to_do_becomes_fields_and_links(
    clause: str, plain: list[str]
) -> None:
    assert predicates(clause, "talk", is_kind) == plain


@pytest.mark.parametrize(
    ("clause", "plain"),
    [
        ("We assign it to a technician", ["each problem belongs to a technician"]),
        ("set the status <open|solved>", ["each problem has status <open|solved>"]),
        ("At every meeting we discuss one film", ["each meeting belongs to one film"]),
        ("We like it here", []),
    ],
)
def test_what_people_do_with_records_is_told_of_them(clause: str, plain: list[str]) -> None:
    assert deeds_on_records(clause, "problem", is_kind) == plain
