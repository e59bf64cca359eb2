from typing import Any

import pytest

from stackwright.core.errors import BadInput
from stackwright.core.plans import Plan, PlannedWish, StoredPlan
from stackwright.offline.plans import plan_of
from stackwright.offline.reader import read_app
from stackwright.offline.wishes import wishes_of_app
from stackwright.runs.plans import edited, read_plan

TEXT = "Books with title and author"
READING = read_app(TEXT)
STORED = StoredPlan(
    plan=Plan.model_validate(plan_of(READING.spec, wishes_of_app(TEXT, READING))), run_id="r1"
)


async def test_parts_are_replaced_and_others_stay() -> None:
    changed = await edited(STORED, {"title": "Library", "decisions": ["Small."]})
    assert (changed.plan.title, changed.plan.decisions) == ("Library", ("Small.",))
    assert changed.plan.wishes == STORED.plan.wishes
    assert await edited(STORED, {}) == STORED


async def test_corrected_records_change_what_is_built_and_are_kept_as_sentences() -> None:
    changed = await edited(STORED, {"records": [{"name": "Books", "fields": ["title", "isbn"]}]})
    assert changed.corrections == ("add isbn to books", "remove author from books")
    assert "isbn" in str((changed.plan.reading or {})["spec"])
    again = await edited(
        changed, {"records": [{"name": "Books", "fields": ["title", "isbn", "year"]}]}
    )
    assert len(again.corrections) == 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"wishes": []},
        {"title": "x" * 400},
        {"records": [{"name": "Books", "fields": ["title", "author", "sing a song when sold"]}, {"name": "", "fields": []}]},
        {"records": []},
    ],
)  # fmt: skip
async def test_what_cannot_be_is_refused_with_a_sentence(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match="cannot be changed so"):
        await edited(STORED, wrong)


async def test_nobody_writes_the_builders_reading() -> None:
    changed = await edited(STORED, {"reading": {"spec": "evil"}})
    assert changed.plan.reading == STORED.plan.reading


def test_a_plan_is_read_as_it_was_stored() -> None:
    assert read_plan(STORED.model_dump(mode="json")) == STORED
    assert read_plan(None) is None
    wish = PlannedWish(text="Listed", kind="data")
    assert Plan(title="A", wishes=(wish,)).reading is None
