import time

import pytest

from stackwright.offline.reader import read_app
from stackwright.offline.right_intents import rights_in
from stackwright.scaffold.spec import AppSpec

APP = "Films: title, country. Scores: film, juror, points (number), comment. Jurors: name, email."


@pytest.fixture(scope="module")
def spec() -> AppSpec:
    return read_app(APP).spec


@pytest.mark.parametrize(
    ("clause", "told"),
    [
        ("Jurors don't see each other's scores", "own jurors: see Scores"),
        ("jurors should only be able to edit their own scores", "own jurors: edit Scores"),
        ("but only the head of the festival can delete anything", "only head of festival: delete everything"),
        ("nobody except the chair may change films", "only chair: change Films"),
        ("Helpers can add scores but not delete them", "higher helpers: delete Scores"),
        ("my niece may look at everything but she must not change anything", "higher niece: add and change and delete Films and Scores and Jurors"),
        ("The public should see the films without logging in", "anyone public: see Films"),
        ("my friends should have their own login", "login friends: "),
        ("jurors need an account", "login jurors: "),
        ("only the chair can delete or export", "only chair: delete everything"),
    ],
)  # fmt: skip
def test_who_may_do_what_is_read_by_its_words(spec: AppSpec, clause: str, told: str) -> None:
    rights = [f"{one.kind} {one.who}: {one.verbs} {one.nouns}" for one in rights_in(spec, [clause])]
    assert [one.rstrip() for one in rights] == [told.rstrip()]


@pytest.mark.parametrize(
    "clause",
    [
        "Only the office may see the fees",
        "only the chair may see the comment",
        "Jurors see the films",
        "show only the films without scores",
        "users can add films",
        "people can only see open films",
        "only films with scores",
        "log in with Google",
        "only two scores",
    ],
)
def test_what_says_nothing_of_rights_is_left(spec: AppSpec, clause: str) -> None:
    assert list(rights_in(spec, [clause])) == []


def test_those_who_may_only_add_do_nothing_else() -> None:
    reading = read_app(f"{APP} Workers log in, can add scores only.")
    kit = reading.spec.kit("accounts")
    assert kit is not None
    options = kit.settings()
    assert options.roles == ("worker", "admin")
    given = {one.entity: (one.add, one.change, one.delete) for one in options.rights}
    assert given["score"] == ("signed_in", "admin", "admin")
    assert given["film"] == ("admin", "admin", "admin")
    assert reading.unbuilt == ()


def test_what_nobody_keeps_records_of_is_told() -> None:
    reading = read_app(f"{APP} Workers log in and can add harvests only.")
    assert [one.words for one in reading.unbuilt] == ["and can add harvests only"]


def test_long_messages_are_matched_in_no_time(spec: AppSpec) -> None:
    began = time.perf_counter()
    for words in ("only the chair can ", "jurors see ", "or export ", "log in "):
        list(rights_in(spec, [words * 3000]))
    assert time.perf_counter() - began < 2
