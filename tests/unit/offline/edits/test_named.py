from fixtures.follow_ups import library
from stackwright.offline.edits.named import read_named, remember
from stackwright.offline.edits.session import Session, Spoken


def test_it_is_what_was_spoken_of_last() -> None:
    session = Session(library(), spoken=Spoken("book", "author"))
    assert read_named(session, "make it required")
    assert session.spec.entity("book").field("author").required


def test_what_was_only_named_is_what_a_later_it_means() -> None:
    session = Session(library())
    remember(session, "we do not have lost ones")
    assert session.spoken == Spoken("book", "status", "lost")
    assert read_named(session, "take that one out")
    assert session.spec.entity("book").field("status").choices == ("available", "lent")


def test_words_without_a_name_that_is_there_are_left_to_others() -> None:
    session = Session(library())
    assert not read_named(session, "make the wheels required")
    assert not session.refused


def test_what_is_removed_twice_is_removed_once_and_said() -> None:
    session = Session(library())
    assert read_named(session, "remove the author, author and author")
    assert session.operations == ['Removed "Author" from books.']
    assert session.refused == ["There is no “Author” any more."]
