import contextlib
import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackwright.offline.reader import NotAnApplication, read_app
from stackwright.scaffold.spec import AppSpec

DATA = Path(__file__).parents[2] / "data"


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / name).read_text("utf-8").splitlines()]


ALL = rows("sentences.jsonl") + rows("sentences_unseen.jsonl")


READ = [r for r in ALL if "facts" in r and "expected_failure" not in r]
MISREAD = [r for r in ALL if "expected_failure" in r]


@pytest.mark.parametrize("row", READ, ids=lambda r: r["text"][:60])
def test_a_description_has_the_entities_and_fields_a_person_expects(row: dict[str, Any]) -> None:
    spec = read_app(row["text"]).spec
    for fact in row["facts"]:
        entity = spec.entity(fact["entity"])
        fields = {f.name.removesuffix("_id"): f for f in entity.fields}
        for name, wanted in fact["fields"].items():
            kind, _, target = wanted.partition(":")
            found = fields[name.removesuffix("_id")]
            assert found.type == kind or (kind, found.type) == ("string", "reference")
            assert not target or found.target == target
    if "title" in row:
        assert spec.title == row["title"]


@pytest.mark.parametrize("row", MISREAD, ids=lambda r: r["text"][:60])
def test_a_description_that_is_misread_still_gives_a_valid_application(row: dict[str, Any]) -> None:
    spec = read_app(row["text"]).spec
    assert AppSpec.model_validate(spec.model_dump()) == spec
    assert row["expected_failure"].endswith(".")


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
    assert reading.ignored == ("send me e-mail reminders",)
    assert reading.spec.entities[0].field("total").unit == "€"


def test_choices_units_and_ranges_are_kept_as_written() -> None:
    task = read_app(
        "tasks: title, status (Open, In review, Done), effort 1-5, weight (kg)"
    ).spec.entity("task")
    assert task.field("status").choices == ("Open", "In review", "Done")
    assert (task.field("effort").minimum, task.field("effort").maximum) == (1, 5)
    assert task.field("weight").unit == "kg"
    assert "status" in task.filters


def test_a_total_over_line_items_is_computed() -> None:
    total = (
        read_app("invoices for clients with line items and a total")
        .spec.entity("invoice")
        .field("total")
    )
    assert total.computed is not None
    assert total.computed.factors == ("quantity", "unit_price")


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
