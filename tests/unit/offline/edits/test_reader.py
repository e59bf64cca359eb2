import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackwright.offline.edits.reader import read_change
from stackwright.offline.reader import read_app
from stackwright.scaffold.spec import AppSpec

DATA = Path(__file__).parents[3] / "data"
ROWS = [json.loads(line) for line in (DATA / "followups.jsonl").read_text("utf-8").splitlines()]
BASE = read_app(
    "Projects with name and status; tasks with title, notes, due date and a project;"
    " clients with name, email and phone. Called Work"
).spec


def names(spec: AppSpec) -> set[str]:
    return {e.name for e in spec.entities} | {
        f"{e.name}.{f.name}" for e in spec.entities for f in e.fields
    }


@cache
def base_of(text: str) -> AppSpec:
    return read_app(text).spec if text else BASE


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r["text"][:60])
def test_a_follow_up_changes_what_it_names(row: dict[str, Any]) -> None:
    base = base_of(row.get("base", ""))
    change = read_change(row["text"], base)
    spec = AppSpec.model_validate(change.spec.model_dump())
    assert "title" not in row or spec.title == row["title"]
    for entity, fields in row.get("has", {}).items():
        for name, kind in fields.items():
            assert spec.entity(entity).field(name).type == kind
    assert not names(spec) & set(row.get("gone", []))
    for path in row.get("required", []):
        entity, name = path.split(".")
        assert spec.entity(entity).field(name).required
    for path in row.get("optional", []):
        entity, name = path.split(".")
        assert not spec.entity(entity).field(name).required
    for path in row.get("filters", []):
        entity, name = path.split(".")
        assert name in spec.entity(entity).filters
    for path, choice in row.get("choice", {}).items():
        entity, name = path.split(".")
        assert choice in spec.entity(entity).field(name).choices
    made = {
        f"{r.entity_old}.{r.field_old}>{r.entity_new}.{r.field_new}"
        if r.field_old
        else f"{r.entity_old}>{r.entity_new}"
        for r in change.renames
    }
    assert set(row.get("renamed", [])) <= made
    if row.get("refused") or row.get("same"):
        assert spec == base
        assert change.refused
        assert not change.operations
    else:
        assert change.operations
        assert not set(row) >= {"renamed"} or change.renames


WORDS = " ".join(r["text"] for r in ROWS).split()


@given(
    st.one_of(st.text(max_size=200), st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join))
)
@settings(max_examples=200, deadline=None)
def test_any_message_leaves_a_valid_application(text: str) -> None:
    change = read_change(text, BASE)
    assert AppSpec.model_validate(change.spec.model_dump()) == change.spec
    assert change.operations or change.refused


_FIRST, *_MESSAGES = (DATA / "reading" / "followups.txt").read_text("utf-8").splitlines()
_MISREAD = "x "
"""Before a line: the reader does not get this right yet."""


def whole(line: str) -> Any:
    marks = [pytest.mark.xfail(strict=True)] if line.startswith(_MISREAD) else []
    message, _, expected = line.removeprefix(_MISREAD).partition(" => ")
    return pytest.param(message, expected, id=message[:60], marks=marks)


def typed(spec: AppSpec) -> set[str]:
    every = {f"{e.name}.{f.name}:{f.type}" for e in spec.entities for f in e.fields}
    return {e.name for e in spec.entities} | every


@pytest.mark.parametrize(("message", "expected"), [whole(line) for line in _MESSAGES])
def test_a_follow_up_changes_what_it_asks_for_and_nothing_else(message: str, expected: str) -> None:
    before = base_of(_FIRST)
    change = read_change(message, before)
    changes = {f"+{one}" for one in typed(change.spec) - typed(before)}
    changes |= {f"-{one}" for one in typed(before) - typed(change.spec)}
    old, renames, new = expected.partition(">")
    if expected == "title":
        assert change.spec.title != before.title
    elif expected == "accounts":
        assert change.spec.kit("accounts") is not None
        assert change.spec.entities == before.entities
    elif expected == "nothing":
        assert change.spec == before
        assert change.refused
    elif expected == "changed":
        assert change.spec != before
        assert not changes
    elif renames:
        assert {r.entity_new for r in change.renames if r.entity_old == old} == {new}
    else:
        assert changes == set(expected.split())
