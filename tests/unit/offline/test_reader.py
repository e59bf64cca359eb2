import contextlib
import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures.reading_score import CORPUS, Case, cases, score
from stackwright.offline.languages import ANSWERS
from stackwright.offline.reader import NotAnApplication, read_app
from stackwright.scaffold.spec import AppSpec

DATA = Path(__file__).parents[2] / "data"


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / name).read_text("utf-8").splitlines()]


ALL = rows("sentences.jsonl") + rows("sentences_unseen.jsonl")


def marked(row: dict[str, Any]) -> Any:
    """The row as a test case; what is known to be misread must fail until its mark is taken away."""
    reason = row.get("expected_failure")
    marks = [pytest.mark.xfail(reason=reason, strict=True)] if reason else []
    return pytest.param(row, id=row["text"][:60], marks=marks)


@pytest.mark.parametrize("row", [marked(r) for r in ALL if "facts" in r])
def test_a_description_has_the_entities_and_fields_a_person_expects(row: dict[str, Any]) -> None:
    spec = read_app(row["text"]).spec
    files = spec.kit("files")
    uploads = {(one.entity, one.name) for one in files.settings().slots} if files else set()
    for fact in row["facts"]:
        entity = spec.entity(fact["entity"])
        fields = {f.name.removesuffix("_id"): f for f in entity.fields}
        for name, wanted in fact["fields"].items():
            kind, _, target = wanted.partition(":")
            if kind == "picture":
                assert (entity.name, name) in uploads
                continue
            found = fields[name.removesuffix("_id")]
            assert found.type == kind or (kind, found.type) == ("string", "reference")
            assert not target or found.target == target
    if "title" in row:
        assert spec.title == row["title"]


FILES = ("builds.txt", "letters.txt", "more.txt", "people.txt", "kits.txt", "wishes.txt", "unseen.txt", "everyday.txt", "trades.txt")  # fmt: skip
FRESH = "fresh.txt"
"""Messages as they were measured, with what is still misread of them."""
STRANGERS = "strangers.txt"
"""Messages of strangers with what they expected, and nothing taken off it."""
ALL_CASES = [case for name in (*FILES, FRESH, STRANGERS) for case in cases(name)]


def whole(case: Case) -> Any:
    marks = [pytest.mark.xfail(reason=case.misread, strict=True)] if case.misread else []
    return pytest.param(case, id=case.text[:60], marks=marks)


@pytest.mark.parametrize("case", [whole(c) for c in ALL_CASES])
def test_a_message_becomes_what_it_asks_for_and_nothing_else(case: Case) -> None:
    assert score(case).faults == []


@pytest.mark.parametrize("name", FILES)
def test_nearly_all_is_found_little_invented_and_nothing_lost(name: str) -> None:
    scores = [score(case) for case in cases(name)]
    assert sum(s.found for s in scores) >= 0.95 * sum(s.asked for s in scores)
    assert sum(len(s.invented) for s in scores) * 20 <= len(scores)
    assert [clause for s in scores for clause in s.lost] == []


def test_what_is_read_of_fresh_messages_does_not_shrink() -> None:
    scores = [score(case) for case in cases(FRESH)]
    assert sum(s.found for s in scores) >= 0.88 * sum(s.asked for s in scores)
    assert sum(len(s.invented) for s in scores) * 8 <= len(scores)


def lines(name: str) -> list[str]:
    return (CORPUS / name).read_text("utf-8").splitlines()


@pytest.mark.parametrize("message", lines("refusals.txt"))
def test_other_requests_are_refused_with_an_example_that_can_be_built(message: str) -> None:
    with pytest.raises(NotAnApplication) as caught:
        read_app(message)
    example = caught.value.reason.split('"')[-2]
    assert read_app(example).spec.entities[0].fields


@pytest.mark.parametrize("line", lines("languages.txt"))
def test_a_message_in_another_language_is_answered_in_it(line: str) -> None:
    language, _, message = line.partition("\t")
    with pytest.raises(NotAnApplication) as caught:
        read_app(message)
    assert caught.value.reason == ANSWERS[language]


def test_a_plain_list_is_read_in_any_latin_script() -> None:
    spec = read_app("Bücher: Titel, Autor, ISBN, Preis").spec
    assert spec.entities[0].label == "Bücher"
    assert [f.label for f in spec.entities[0].fields] == ["Titel", "Autor", "ISBN", "Preis"]


@pytest.mark.parametrize(
    ("message", "title"),
    [
        ("My name is Martha and I run a bakery. Orders: customer, date, cake", "Orders"),
        ("Stickers: number, player. We would love to import the list from the web", "Stickers"),
    ],
)
def test_an_app_is_not_called_by_what_somebody_tells(message: str, title: str) -> None:
    assert read_app(message).spec.title == title


def test_what_no_rule_understands_becomes_nothing() -> None:
    reading = read_app(
        "We are a choir and Martha keeps it all in a notebook. It is a mess. "
        "We want to track singers (name, phone)."
    )
    assert [e.name for e in reading.spec.entities] == ["singer"]
    assert [f.name for f in reading.spec.entities[0].fields] == ["name", "phone"]
    assert any("Martha" in words for words in reading.unread)


def test_many_to_many_is_said_plainly() -> None:
    reading = read_app("students enroll in courses")
    assert {e.name for e in reading.spec.entities} == {"student", "course", "enrollment"}
    assert any("each connection is one of the enrollments" in s for s in reading.understood)


@pytest.mark.parametrize("row", [r for r in ALL if "refused" in r], ids=lambda r: r["text"][:60])
def test_a_text_without_records_is_refused_with_a_sentence(row: dict[str, Any]) -> None:
    with pytest.raises(NotAnApplication) as caught:
        read_app(row["text"])
    assert caught.value.reason.endswith(".")


def test_what_needs_a_model_is_named_and_the_rest_is_built() -> None:
    reading = read_app(
        "Track orders with customer, total in € and date, and send me e-mail reminders"
    )
    assert [one.words for one in reading.unbuilt] == ["send me e-mail reminders"]
    assert "e-mail field" in reading.unbuilt[0].reason
    assert reading.spec.entities[0].field("total").unit == "€"


def test_choices_units_and_ranges_are_kept_as_written() -> None:
    task = read_app(
        "tasks: title, status (Open, In review, Done), effort 1-5, weight (kg)"
    ).spec.entity("task")
    assert task.field("status").choices == ("Open", "In review", "Done")
    assert (task.field("effort").minimum, task.field("effort").maximum) == (1, 5)
    assert task.field("weight").unit == "kg"
    assert "status" in task.filters


@given(st.text(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        spec = read_app(text).spec
    except NotAnApplication:
        return
    assert AppSpec.model_validate(spec.model_dump()) == spec


WORDS = " ".join(r["text"] for r in ALL).split()


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_order_of_words_is_read_or_refused(words: list[str]) -> None:
    try:
        spec = read_app(" ".join(words)).spec
    except NotAnApplication:
        return
    assert AppSpec.model_validate(spec.model_dump()) == spec


@pytest.mark.parametrize(
    "piece", ["a, b or c ", "x/y/", "(", "with a ", "status low, ", "books and "]
)
def test_ten_kilobytes_are_read_quickly(piece: str) -> None:
    text = ("track " + piece * 10_000)[:10_000]
    start = time.process_time()
    with contextlib.suppress(NotAnApplication):
        read_app(text)
    assert time.process_time() - start < 2


def test_a_lead_that_never_ends_is_read_in_a_moment() -> None:
    """Each word of a lead fits one way only: two ways double the time with every repetition."""
    began = time.monotonic()
    with contextlib.suppress(NotAnApplication):
        read_app("Books with title. " + "also want " * 600)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "story",
    [
        "My cousin has a laptop, a printer and plenty of time.",
        "I also have a cat with white paws and a bell.",
        "A good app should have a heart and a soul.",
        "The hall contains chairs, tables and a stage.",
        "Our treasurer, Mrs Okafor, needs figures, receipts and peace of mind.",
        "Pupils come with bags, caps and noise.",
        "I feed the birds, and the neighbour helps with crumbs and water.",
        "I just need peace, quiet and a coffee.",
        "When it rains the roof leaks, the carpet smells and the lamp flickers.",
        "I already tried Excel, a notebook and sticky notes.",
        "My sister keeps bees, my brother breeds rabbits and my mother paints.",
        "I want to see at a glance which books are out, who has them and since when.",
    ],
)
def test_a_story_beside_the_records_makes_none(story: str) -> None:
    reading = read_app(f"Books: title, author. {story}")
    assert [(e.name, [f.name for f in e.fields]) for e in reading.spec.entities] == [
        ("book", ["title", "author"])
    ]
    assert reading.unread or reading.unbuilt


def test_who_does_something_is_no_slip_of_another_word() -> None:
    spec = read_app("Finders have a name. A swarm has a date and the finder.").spec
    assert [f.target for f in spec.entity("swarm").fields if f.target] == ["finder"]


def test_teams_that_sign_up_with_a_team_name_are_teams() -> None:
    spec = read_app("Teams sign up with a team name, a captain and a phone number.").spec
    assert [e.name for e in spec.entities] == ["team"]


def test_the_newest_records_can_be_asked_for_first() -> None:
    reading = read_app("Pickups: driver, date, weight in kg. Sort pickups newest first.")
    assert reading.spec.entity("pickup").sort == "-date"
    assert reading.unread == ()


def test_words_that_say_nothing_are_not_told_as_not_understood() -> None:
    message = "We own around 90 instruments. Of each of them we note the maker, the year."
    assert read_app(message).unread == ()
