import pytest

from stackwright.offline.heads import listed_items, read_head, split_items


def test_brackets_and_choices_are_not_split() -> None:
    assert split_items("books (title, pages), status <open, done>, and notes") == [
        "books (title, pages)",
        "status <open, done>",
        "notes",
    ]


def test_semicolons_part_lists_of_choices() -> None:
    assert split_items("level: low, high; price", semicolons=True) == ["level: low, high", "price"]


def test_an_and_says_which_item_is_the_last() -> None:
    assert listed_items("a, b and c") == [(False, "a"), (False, "b"), (True, "c")]


def test_a_head_has_its_relations() -> None:
    head = read_head("ascents of a route by a climber")
    assert head is not None
    assert head.noun.name == "ascent"
    assert [(word, noun.name) for word, _, noun in head.relations] == [
        ("of", "route"),
        ("by", "climber"),
    ]


@pytest.mark.parametrize("text", ["Martha keeps it in a book", "cars cannot", "", "with a title"])
def test_a_sentence_is_no_head(text: str) -> None:
    assert read_head(text) is None
