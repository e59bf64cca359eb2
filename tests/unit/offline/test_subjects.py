from stackwright.offline.draft import AppDraft
from stackwright.offline.heads import read_head
from stackwright.offline.naming import Place
from stackwright.offline.reader import read_app
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


def test_each_of_a_kind_has_its_fields_though_a_rule_stands_among_them() -> None:
    spec = read_app("Every boat has a hull number which must be unique, a name and a fee.").spec
    (boat,) = spec.entities
    assert [f.name for f in boat.fields] == ["hull_number", "name", "fee"]
    assert [rule.rule for rule in boat.rules] == ["unique"]


def test_what_a_tool_has_is_told_of_tools_and_not_of_the_application() -> None:
    spec = read_app("Each tool has a number, a name and a daily fee.").spec
    assert [one.name for one in spec.entities] == ["tool"]


def test_a_flag_status_is_a_choice() -> None:
    beach = read_app("Beaches have a name and a flag status (green, yellow, red).").spec.entities[0]
    assert beach.field("flag_status").choices == ("green", "yellow", "red")
