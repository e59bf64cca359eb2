from stackwright.offline.draft import AppDraft
from stackwright.offline.heads import read_head
from stackwright.offline.naming import Place
from stackwright.offline.subjects import Subject, has_fields_in_brackets


def subject(left: str, word: str, right: str) -> Subject:
    head = read_head(left)
    assert head is not None
    return Subject(head, word, right)


def test_what_an_app_is_about_stands_before_its_kinds() -> None:
    film = subject("Film production", "with", "scenes (number, pages)")
    assert film.is_header(AppDraft(), Place(length=2))
    assert not subject("tasks", "with", "title").is_header(AppDraft(), Place())


def test_fields_follow_a_kind() -> None:
    assert subject("each task", "has", "a title").is_kind(AppDraft(), Place(loose=True))
    assert not subject("fire brigade", "has", "40 people").is_kind(AppDraft(), Place(loose=True))
    assert not subject("amount", "with", "tax").is_kind(AppDraft(), Place())


def test_brackets_hold_fields_or_say_how_a_field_is_meant() -> None:
    app, place = AppDraft(), Place()
    books, grade = read_head("books"), read_head("grade")
    assert books is not None
    assert grade is not None
    assert has_fields_in_brackets(books.noun, ["title", "pages"], app, place)
    assert not has_fields_in_brackets(grade.noun, ["max 6"], app, place)
