import time

import pytest

from stackwright.offline.paraphrases import paraphrases

KINDS = frozenset({"door", "customer", "film", "hall", "parcel", "household"})


def is_kind(name: str) -> bool:
    return name in KINDS


@pytest.mark.parametrize(
    ("clause", "plain", "left"),
    [
        (
            "Customers with name and phone rent tents from a date",
            ("Customers: name and phone", "Customers rent tents from a date"),
            "",
        ),
        (
            "When a pupil borrows a book we note the date",
            ("pupils borrow books", "each loan has the date"),
            "",
        ),
        (
            "I want to note what we did in each lesson, with the date",
            ("each lesson has what we did, the date",),
            "",
        ),
        (
            "Applicants fill in a form with name and email",
            ("Applicants: name and email",),
            "fill in a form",
        ),
        (
            "anyone can post an idea with a title",
            ("each idea has a title",),
            "anyone can post an idea",
        ),
        (
            "When we sing a piece at a service we log it: date, occasion",
            ("singings: date, occasion", "each singing belongs to a piece"),
            "",
        ),
        (
            "Our food bank gives out parcels to households",
            ("each parcel belongs to a household",),
            "",
        ),
    ],
)
def test_a_sentence_is_told_in_plainer_ones(clause: str, plain: tuple[str, ...], left: str) -> None:
    first = paraphrases(clause, "", is_kind)[0]
    assert (first.clauses, first.left) == (plain, left)


def test_things_that_nobody_described_are_handed_out_to_nobody() -> None:
    assert paraphrases("We send interpreters to courts", "", is_kind) == []


@pytest.mark.parametrize(
    "piece", ["is held by a x ", "each a has a b, ", "with a in a at a ", "a, "]
)
def test_long_clauses_are_read_in_a_moment(piece: str) -> None:
    began = time.process_time()
    paraphrases(("Each key opens a door " + piece * 10_000)[:20_000], "", is_kind)
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("clause", "plain"),
    [
        (
            "For each film there are doors, and a customer opens a door",
            ("each door belongs to a film", "a customer opens a door"),
        ),
        (
            "every member gives the book a rating from 1 to 10",
            (
                "each rating belongs to a member",
                "each rating belongs to a book",
                "each rating has rating from 1 to 10",
            ),
        ),
        (
            "We assign it to a technician and set the status <open|solved>",
            ("each problem belongs to a technician", "each problem has status <open|solved>"),
        ),
        ("At each meeting we discuss one film", ("each meeting belongs to one film",)),
        (
            "parcels (weight), for every household the customers that were there",
            ("parcels (weight)", "each of the household has any number of the customer"),
        ),
        ("Anyone can sign with their name and email", ("signatures: name and email",)),
        ("I would like to keep the dealers' names and towns", ("each dealer has names and towns",)),
    ],
)
def test_what_people_do_with_records_is_told_of_the_records(
    clause: str, plain: tuple[str, ...]
) -> None:
    assert paraphrases(clause, "problem", is_kind)[0].clauses == plain
