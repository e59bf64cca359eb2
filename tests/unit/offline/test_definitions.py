import time

import pytest

from stackwright.offline.definitions import definitions
from stackwright.offline.reader import read_app


@pytest.mark.parametrize(
    ("said", "plainer"),
    [
        (
            "We have four teams, and every skater has a name",
            ["We have four teams", "every skater has a name"],
        ),
        (
            "A song has many tags and a tag has many songs",
            ["A song has many tags and a tag has many songs"],
        ),
        (
            "In every grave there can be several persons, with their name, date of birth",
            ["people: name, date of birth", "Each person belongs to a grave"],
        ),
        (
            "For each piano I want the maker, and under it every job with the date, parts cost",
            ["For each piano I want the maker", "jobs: date, parts cost", "Each job belongs to a piano"],
        ),
        (
            "When a pen is sold I want to enter the buyer and the price",
            ["sales: buyer and the price", "Each sale belongs to a pen"],
        ),
        (
            "An order is first planned, then done and finally paid",
            ["An order has a status (planned, done, paid)"],
        ),
        (
            "A dive belongs to a trip and says the depth, the date",
            ["A dive belongs to a trip", "A dive has the depth, the date"],
        ),
        ("When a pen is blue I want to note the shade", ["When a pen is blue I want to note the shade"]),
        ("Books have a title", ["Books have a title"]),
    ],
)  # fmt: skip
def test_what_is_told_in_passing_is_told_plainly(said: str, plainer: list[str]) -> None:
    assert definitions(said, "") == plainer


def test_a_record_under_another_one_is_made() -> None:
    spec = read_app(
        "For each piano I want the maker and the year built, and under it every job with the date, hours spent and "
        "parts cost. Show me the total cost per piano."
    ).spec
    job = spec.entity("job")
    assert {f.name: f.type for f in job.fields} == {
        "date": "date",
        "hours_spent": "number",
        "parts_cost": "money",
        "piano_id": "reference",
    }
    assert spec.entity("piano").field("total_parts_cost").computed is not None


@pytest.mark.parametrize(
    "words", ["and every skater has ", "in every grave there can be several ", "then done, ", ", and under it every "]
)  # fmt: skip
def test_long_sentences_are_read_in_no_time(words: str) -> None:
    start = time.perf_counter()
    assert definitions((f"An order is first {words}" + words * 400)[:6000], "order")
    assert time.perf_counter() - start < 2
