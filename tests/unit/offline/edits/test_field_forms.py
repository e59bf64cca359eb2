import pytest

from fixtures.follow_ups import changes_of, library


@pytest.mark.parametrize(
    ("message", "changed"),
    [
        ("make the author required", "book.author: string -> string required"),
        ("the email can't be left empty", "member.email: email -> email required"),
        (
            "I don't want the pages to be optional",
            "book.pages: integer 0.. -> integer 0.. required",
        ),
        ("titles need not be filled in", "book.title: string required -> string"),
        ("nobody may leave the phone empty", "member.phone: phone -> phone required"),
        ("members need an email address", "member.email: email -> email required"),
        ("the email of members must be unique", "+ member rule unique_email: fields=('email',)"),
        ("no two books may have the same title", "+ book rule unique_title: fields=('title',)"),
        ("the same title may not be used twice", "+ book rule unique_title: fields=('title',)"),
        ("titles must not be used twice", "+ book rule unique_title: fields=('title',)"),
        (
            "email: required and unique",
            "+ member rule unique_email: fields=('email',); member.email: email -> email required",
        ),
        (
            "new books should start as lent",
            "book.status: enum (available|lent|lost) -> enum (available|lent|lost) default=lent",
        ),
        ("set the pages to 100 by default", "book.pages: integer 0.. -> integer 0.. default=100"),
        ("make the pages text", "book.pages: integer 0.. -> string"),
        ("the author should be a date", "book.author: string -> date"),
        (
            "change the pages to a number between 1 and 900",
            "book.pages: integer 0.. -> integer 1..900",
        ),
        ("the author can be quite long", "book.author: string -> text"),
    ],
)
def test_a_follow_up_asks_of_a_field_what_it_says(message: str, changed: str) -> None:
    assert changes_of(message, library()) == changed
