import pytest

from fixtures.follow_ups import library
from stackwright.offline.mentions import ground


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("make the phone numbers of the members required", "make @f0 required"),
        ("remove the member's email", "remove @f1"),
        ("sort the books by title and author", "sort @e0 by @f1 and @f2"),
        ("make the pages a number", "make @f0 a number"),
        ("nothing of ours", "nothing of ours"),
        ('call the "author" field writer', "call @f0 writer"),
    ],
)
def test_names_become_tokens_and_small_words_go(words: str, text: str) -> None:
    assert ground(library(), words).text == text


def test_choices_are_names_only_where_they_are_asked_for() -> None:
    assert ground(library(), "remove lent").text == "remove lent"
    grounded = ground(library(), "remove lent", with_choices=True)
    assert grounded.text == "remove @c0"
    assert grounded.restored(grounded.text) == "remove lent"
