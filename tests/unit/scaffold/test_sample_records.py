from datetime import date
from pathlib import Path

import pytest

from stackwright.offline.reader import read_app
from stackwright.scaffold.sample_records import MOST_IN_ALL, sample_records
from stackwright.scaffold.spec import AppSpec

TODAY = date(2026, 11, 30)
LIBRARY = read_app(
    "books (title, author, pages, rating from 1 to 5, genre crime or novel, price in euros, photo, tags, notes),"
    " members (name, email, phone, birthday) and loans of a book by a member with due date, start time, returned"
).spec


def test_each_kind_has_plausible_records_behind_what_they_point_at() -> None:
    records = sample_records(LIBRARY, TODAY, count=3)
    assert [one.slug for one in records] == ["books"] * 3 + ["members"] * 3 + ["loans"] * 3
    book, member, loan = records[0], records[3], records[6]
    assert book.body["title"] == "Middlemarch"
    assert 1 <= book.body["rating"] <= 5
    assert book.body["genre"] in ("crime", "novel")
    assert member.body["email"] == "ada.byron@example.com"
    assert member.body["birthday"] < "2008"
    assert loan.body["due_date"] > TODAY.isoformat()
    assert loan.references == {"book_id": 0, "member_id": 3}
    assert loan.level > book.level


def test_one_kind_comes_with_what_it_needs_and_no_more() -> None:
    slugs = [one.slug for one in sample_records(LIBRARY, TODAY, count=20, only="book")]
    assert slugs == ["books"] * 20
    slugs = [one.slug for one in sample_records(LIBRARY, TODAY, count=20, only="loan")]
    assert (slugs.count("books"), slugs.count("loans")) == (5, 20)
    assert len(sample_records(LIBRARY, TODAY, count=20)) <= MOST_IN_ALL


@pytest.mark.parametrize(
    "text",
    ["people with first name and a mother", "rooms with capacity between 2 and 4 and floor"],
)
def test_other_apps_get_values_within_their_bounds(text: str) -> None:
    spec = read_app(text).spec
    for one in sample_records(spec, TODAY, count=20):
        entity = next(e for e in spec.entities if e.label_plural == one.label_plural)
        for field in entity.fields:
            value = one.body.get(field.name)
            if field.maximum is not None and value is not None:
                assert (field.minimum or 0) <= value <= field.maximum


def test_names_differ_so_that_they_can_be_unique() -> None:
    books = sample_records(LIBRARY, TODAY, count=20, only="book")
    assert len({one.body["title"] for one in books}) == 20


def test_lists_of_links_are_left_to_people() -> None:
    path = Path(__file__).parents[2] / "data/scaffold/bookings.json"
    spec = AppSpec.model_validate_json(path.read_text())
    songs = [
        one for one in sample_records(spec, TODAY, count=2, only="song") if one.slug == "songs"
    ]
    assert songs
    assert all("tag_ids" not in one.body for one in songs)
