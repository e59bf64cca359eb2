import pytest

from stackwright.offline.edits.reader import read_change
from stackwright.offline.reader import read_app
from stackwright.offline.wishes import wishes_of_app

BOOKS = read_app("books with title and author").spec


def look_after(*messages: str) -> dict[str, object]:
    spec = BOOKS
    for message in messages:
        spec = read_change(message, spec).spec
    use = spec.kit("look")
    return use.options if use else {}


@pytest.mark.parametrize(
    ("message", "options"),
    [
        ("make it darker", {"style": "midnight"}),
        ("make it look like a newspaper", {"style": "newspaper"}),
        ("a playful look", {"style": "playful"}),
        ("I want it to look more professional", {"style": "compact"}),
        ("Can you give it a calm design?", {"style": "calm"}),
        ("make it blue", {"accent": "blue"}),
        ("make the buttons red", {"accent": "red"}),
        ("bigger text", {"text": "big"}),
        ("the text is too small", {"text": "big"}),
        ("put the menu on top", {"menu": "top"}),
        ("make it lighter", {"appearance": "light"}),
        ("make it green and put the menu on top", {"accent": "green", "menu": "top"}),
        ("use \N{BOOKS} as the logo", {"logo": "\N{BOOKS}"}),
        ("make it prettier", {}),
    ],
)
def test_a_wish_about_the_look_chooses_one(message: str, options: dict[str, object]) -> None:
    assert look_after(message) == options
    assert read_change(message, BOOKS).spec.entities == BOOKS.entities


def test_what_was_chosen_before_stays_until_the_look_is_normal_again() -> None:
    assert look_after("make it blue", "make it look like a newspaper") == {
        "style": "newspaper",
        "accent": "blue",
    }
    assert look_after("make it blue", "make it look like a newspaper", "make it look normal again") == {}  # fmt: skip


def test_a_look_that_is_wanted_with_the_records_is_a_wish_of_its_own() -> None:
    message = "Books with title and author. Make it look like a newspaper."
    (wish,) = [one for one in wishes_of_app(message, read_app(message)) if one.kind == "look"]
    assert (wish.shows, wish.field) == ("look", "style")
    assert wish.quotes == ("Make it look like a newspaper",)


def test_a_field_that_is_called_like_a_look_is_a_field() -> None:
    change = read_change("add a colour to books", BOOKS)
    assert [one.name for one in change.spec.entities[0].fields][-1] == "colour"
