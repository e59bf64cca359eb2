"""Field names without commas between them."""

import time

import pytest

from stackwright.offline.rows_of_names import names_in_row


@pytest.mark.parametrize(
    ("item", "names"),
    [
        ("name phone email", ["name", "phone", "email"]),
        ("name phone number email", ["name", "phone number", "email"]),
        ("name rent amount deposit", ["name", "rent amount", "deposit"]),
        ("the name frame colour price", ["name", "frame colour", "price"]),
    ],
)
def test_names_in_a_row_are_told_apart(item: str, names: list[str]) -> None:
    assert names_in_row(item) == names


@pytest.mark.parametrize(
    "item",
    [
        "serial number",
        "price per unit",
        "name of the owner",
        "name phone and email",
        "total price of all items",
        "name phone dog",
        "we note the price",
    ],
)
def test_one_name_or_a_sentence_is_left_whole(item: str) -> None:
    assert names_in_row(item) == []


def test_a_long_text_costs_little_time() -> None:
    started = time.perf_counter()
    for text in ("name " * 20_000, "x " * 20_000, "name'" * 20_000):
        assert names_in_row(text) == []
    assert time.perf_counter() - started < 1
