import time

import pytest

from stackwright.offline.back_references import with_names
from stackwright.offline.reader import read_app


@pytest.mark.parametrize(
    ("before", "said", "named"),
    [
        (
            "We own around 90 instruments.",
            "Of each of them we note the maker and the year",
            "Of each instrument we note the maker and the year",
        ),
        (
            "Chess club with about 40 members",
            "We track name, birth year and club role (player, board)",
            "For each member we track name, birth year and club role (player, board)",
        ),
        ("We own instruments.", "We track repairs with cost, date", ""),
        (
            "Clear skies.",
            "I look at several objects: for every one of them I write the constellation",
            "I look at several objects: for each object I write the constellation",
        ),
        ("I have a boat.", "We track name, birth year", ""),
        ("We own instruments.", "Pupils have a name, a school", ""),
    ],
)
def test_what_the_sentence_before_named_is_meant(before: str, said: str, named: str) -> None:
    assert with_names([before, said]) == [before, named or said]


@pytest.mark.parametrize("words", ["of each of them ", "we track name, ", "members "])
def test_long_sentences_are_looked_at_in_no_time(words: str) -> None:
    start = time.perf_counter()
    assert with_names([(words * 400)[:6000]] * 4)
    assert time.perf_counter() - start < 2


def test_a_list_behind_any_sign_is_read() -> None:
    spec = read_app(
        "Laundry\nCustomer > name, phone, loyalty card no.\nTicket > no. (unique), customer, collected (y/n)\n"
        "Garment > ticket, kind [shirt, suit, other], colour, price"
    ).spec
    assert {one.name: [f.name for f in one.fields] for one in spec.entities} == {
        "customer": ["name", "phone", "loyalty_card_number"],
        "ticket": ["number", "customer_id", "collected"],
        "garment": ["ticket_id", "kind", "colour", "price"],
    }
    assert spec.entity("garment").field("kind").choices == ("shirt", "suit", "other")


def test_so_is_no_record() -> None:
    spec = read_app("I have a food truck. So: spots (name, town, fee per day).").spec
    assert [one.name for one in spec.entities] == ["spot"]
