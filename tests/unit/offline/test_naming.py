import pytest

from stackwright.offline.naming import (
    Place,
    has_details,
    is_detail,
    is_story,
    lists_fields,
    lists_kinds,
    may_be_target,
    names_many,
)
from stackwright.offline.nouns import Noun, clean_noun


def noun(phrase: str) -> Noun:
    found = clean_noun(phrase)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [("notes", True), ("due dates", True), ("books", False), ("children", False)],
)
def test_some_words_for_many_are_details(phrase: str, expected: bool) -> None:
    assert is_detail(noun(phrase)) is expected


def test_a_list_begins_with_kinds_or_with_fields() -> None:
    assert lists_kinds("plays, performances of a play")
    assert not lists_kinds("name, phone")
    assert lists_fields("name, phone number, price in euros")
    assert has_details("players with a name, matches")


def test_what_names_nothing_is_a_story() -> None:
    assert is_story("40 people")
    assert not is_story("a name, a phone")


def test_a_target_is_one_of_a_kind_or_a_usual_kind() -> None:
    assert may_be_target(noun("a customer"), "a customer")
    assert may_be_target(noun("farriers"), "farriers")
    assert not may_be_target(noun("weddings"), "weddings")


def test_among_kinds_an_unknown_word_is_a_kind() -> None:
    assert names_many(noun("badges"), "badges", None, Place(kinds=True))
    assert not names_many(noun("notes"), "notes", None, Place(kinds=True))
