from stackwright.offline.draft import AppDraft
from stackwright.offline.plainest import read_plainest
from stackwright.offline.sentences import SentenceReader


def read(*clauses: str) -> AppDraft:
    reader = SentenceReader(AppDraft())
    for clause in clauses:
        reader = read_plainest(reader, clause)
    return reader.app


def test_a_paraphrase_is_read_where_words_would_be_left() -> None:
    app = read("Doors have a number", "Each key opens several doors and was handed out on a date")
    assert [*app.entities["key"].given] == ["door_ids", "handed_out_on"]
    assert app.unread == []


def test_a_clause_that_is_understood_is_read_as_it_stands() -> None:
    app = read("Each book has a title and belongs to an author")
    assert [*app.entities["book"].given] == ["title", "author_id"]


def test_what_is_left_of_a_paraphrase_is_told_in_the_words_of_the_message() -> None:
    clause = "Applicants fill in a form with name and a very odd thing that nobody has"
    app = read(clause)
    assert app.unread
    assert all(words in clause for words in app.unread)


def test_the_topic_before_a_colon_is_no_kind() -> None:
    app = read("Museum guides: we have tours (title, duration) and guides (name)")
    assert {*app.entities} == {"tour", "guide"}
    assert app.phrase == "Museum guides"
