import pytest

from fixtures.follow_ups import changes_of, library


@pytest.mark.parametrize(
    ("message", "changed"),
    [
        ("add a publisher to books", "+ book.publisher: string"),
        ("add an email address to members", "nothing"),
        ("add the number of wheels to the trucks", "nothing"),
        ("add sparkling", "nothing"),
        (
            "give the books a yes/no for being signed",
            "+ book.signed: boolean; + book filter signed: yes",
        ),
        (
            "also note the loans: book, member and day",
            "+ loan: Loans; + loan.book_id: reference to book unlink; + loan filter book_id: yes; + loan.member_id: reference to member unlink; + loan filter member_id: yes; + loan.day: date required; + loan title_field: day",
        ),
        (
            "add a cover picture to each book and the ISBN",
            "+ book.isbn: string; + kit files slots book cover_picture: label=Cover picture kind=picture many=False",
        ),
    ],
)
def test_a_follow_up_adds_what_is_new_and_no_twin(message: str, changed: str) -> None:
    assert changes_of(message, library()) == changed
