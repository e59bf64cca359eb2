import time

import pytest

from stackwright.offline.formula_intents import formula
from stackwright.offline.reader import read_app

SPEC = read_app(
    "Telescopes with name, aperture (mm) and focal length (mm). Orders with customer, price, cost, fee in euros."
    " Order lines of an order with quantity as integer and unit price. Days with date, cash in euros, card in euros"
).spec


@pytest.mark.parametrize(
    ("sentence", "entity", "name", "computed"),
    [
        ("The focal ratio is focal length divided by aperture", "telescope", "focal_ratio", {"formula": "quotient", "fields": ("focal_length", "aperture")}),
        ("Profit is price minus cost minus fee", "order", "profit", {"formula": "difference", "fields": ("price", "cost", "fee")}),
        ("line total = quantity \u00d7 unit price", "order_line", "line_total", {"formula": "product", "fields": ("quantity", "unit_price")}),
        ("takings = cash + card", "day", "takings", {"formula": "sum", "fields": ("cash", "card")}),
        ("margin should be worked out by itself: price minus cost", "order", "margin", {"formula": "difference", "fields": ("price", "cost")}),
        ("the total of an order is the sum of quantity times unit price of its order lines", "order", "total", {"child": "order_line", "factors": ("quantity", "unit_price"), "only": None}),
    ],
)  # fmt: skip
def test_a_formula_is_its_name_and_terms_with_one_sign(
    sentence: str, entity: str, name: str, computed: dict[str, object]
) -> None:
    made = formula(SPEC, sentence)
    assert made is not None
    found = made[0].entity(entity).field(name).computed
    assert found is not None
    assert found.model_dump() == computed


@pytest.mark.parametrize(
    "sentence",
    [
        "Profit is luck minus cost",
        "the price is high",
        "profit is price minus cost plus fee",
        "profit is price minus aperture",
        "the price must not be less than the cost",
    ],
)
def test_what_is_no_formula_of_one_record_is_not_built(sentence: str) -> None:
    assert formula(SPEC, sentence) is None


INN = read_app(
    "Small hotel: rooms (number, price per night), reservations: room, guest, arrival date, departure date."
    " Clients: name, hourly rate. Sessions: client, date, hours."
).spec


@pytest.mark.parametrize(
    ("sentence", "entity", "fields"),
    [
        ("Total = nights x price per night", "reservation", ("nights", "room_id.price_per_night")),
        ("the fee of a session is hours times the hourly rate of the client", "session", ("hours", "client_id.hourly_rate")),
    ],
)  # fmt: skip
def test_a_formula_takes_numbers_of_what_a_record_refers_to(
    sentence: str, entity: str, fields: tuple[str, ...]
) -> None:
    made = formula(INN, sentence)
    assert made is not None
    found = made[0].entity(entity)
    computed = found.field(made[1].field).computed
    assert computed is not None
    assert computed.model_dump() == {"formula": "product", "fields": fields}
    assert all(found.field(one.partition(".")[0]).required for one in fields if "." in one)


def test_a_long_clause_is_read_in_no_time() -> None:
    began = time.monotonic()
    for words in ("is the " * 5000, "price minus " * 2000, "= " * 10_000):
        assert formula(SPEC, words) is None
    assert time.monotonic() - began < 2
