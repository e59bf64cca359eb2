import pytest

from stackwright.offline.answers import CAN_ANSWER, NO_APP, answer
from stackwright.offline.reader import read_app

SPEC = read_app("Books with title and author, loans of a book with borrower and due date").spec
PROJECT = """Wishes:
w1 [proven] Books can be added, changed and deleted.
w2 [failing] The due date of loans is kept. (The page shows no date.)

Not understood: by tomorrow

Last report: partly. 1 of 2 wishes seen working.
types failed: error TS2304"""
FILES = "backend/main.py 1 kB\nfrontend/pages/index.tsx 2 kB"


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("What does it keep?", "Books: title, author"),
        ("Which fields do loans have?", "Loans: book (one of the book records), borrower"),
        ("What is not proven yet?", "w2 [failing] The due date"),
        ("What is missing?", "Not understood: by tomorrow"),
        ("Is it verified?", "partly. 1 of 2 wishes seen working."),
        ("How many wishes work?", "1 of 2 wishes are proven"),
        ("Which files are there?", "backend/main.py"),
        ("Which pages does it have?", "/books (Books)"),
    ],
)
def test_what_the_project_has_is_told(question: str, told: str) -> None:
    assert told in answer(question, SPEC, PROJECT, FILES)


@pytest.mark.parametrize("question", ["Why did you choose MongoDB?", "Sing a song", "?"])
def test_what_it_cannot_answer_is_said_plainly(question: str) -> None:
    assert answer(question, SPEC, PROJECT, "").endswith(CAN_ANSWER)


def test_a_project_without_app_has_nothing_to_tell() -> None:
    assert answer("What is not proven?", None, "Wishes:\nnone yet", "").startswith(NO_APP)


def test_an_app_of_a_model_has_wishes_without_a_description() -> None:
    assert "w2 [failing]" in answer("What is not proven?", None, PROJECT, "")
