import time

import pytest

from stackwright.offline.introductions import introduction_in


@pytest.mark.parametrize(
    ("clause", "kind", "fields"),
    [
        ("for each bike I want to store frame number and brand", "bike", "frame number and brand"),
        ("for every loan: borrower, lent on", "loan", "borrower, lent on"),
        ("per sitting I write down the date, the hours and the points", "sitting", "the date, the hours and the points"),
        ("At lambing I note the date, the ewe, the number born", "lambing", "the date, the ewe, the number born"),
        ("for naps the kid, start and end", "nap", "the kid, start and end"),
        ("We lend costumes to other groups, so for every loan: borrower, date", "loan", "borrower, date"),
        ("What we need to hold for a household: the code, the postcode, the phone", "household", "the code, the postcode, the phone"),
        ("For each item that's brought in: the name, the weight", "item", "the name, the weight"),
        ("I record for each assignment the court, the fee", "assignment", "the court, the fee"),
        ("for every day I stand somewhere I write down the date, the spot", "day", "the date, the spot"),
        ("For each observing night I note the date and the site", "observing_night", "the date and the site"),
        ("When there are sick plants I note the date and the treatment", "sick_plant", "the date and the treatment"),
        ("We note where every sample sits in the freezer: rack, box, position", "sample", "rack, box, position"),
    ],
)  # fmt: skip
def test_a_kind_is_named_on_the_way_to_its_fields(clause: str, kind: str, fields: str) -> None:
    found = introduction_in(clause)
    assert found is not None
    assert (found.kind.name, found.fields) == (kind, fields)


@pytest.mark.parametrize(
    "clause",
    [
        "a tool for our village library: books have a title",
        "Animals of an owner: name, species, birthday",
        "I want to log feedings for each reptile: prey, size, date",
        "list of wines I tasted at the fair: winery, vintage",
        "every day we are open",
        "every day we write down weight and food for each bird",
    ],
)
def test_a_list_of_something_else_introduces_nothing(clause: str) -> None:
    assert introduction_in(clause) is None


def test_the_worst_clause_takes_no_time() -> None:
    start = time.perf_counter()
    introduction_in("for each a that, " * 20_000)
    introduction_in("for the " * 40_000)
    assert time.perf_counter() - start < 1
