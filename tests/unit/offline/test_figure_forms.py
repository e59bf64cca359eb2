import pytest

from stackwright.offline.reader import read_app

ORDERS = "orders with customer, price, cost, quantity, ordered on, delivered on. "
MEMBERS = "members with name and birth date. "


@pytest.mark.parametrize(
    ("first", "sentence", "name", "computed"),
    [
        (ORDERS, "Profit is price minus cost.", "profit", {"formula": "difference", "fields": ("price", "cost")}),
        (ORDERS, "The total is quantity times price.", "total", {"formula": "product", "fields": ("quantity", "price")}),
        (MEMBERS, "Show the age of each member.", "age", {"formula": "age", "fields": ("birth_date",)}),
    ],
)  # fmt: skip
def test_figures_in_the_words_of_people(
    first: str, sentence: str, name: str, computed: dict[str, object]
) -> None:
    spec = read_app(first + sentence).spec
    found = spec.entities[0].field(name).computed
    assert found is not None
    assert found.model_dump() == computed


@pytest.mark.parametrize("sentence", ["Profit is luck minus cost.", "Show the age of each order."])
def test_a_figure_of_what_is_not_there_is_not_built(sentence: str) -> None:
    assert read_app(ORDERS + sentence).fulfilled == ()
