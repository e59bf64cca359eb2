"""The list of tasks, and the table that `make eval` keeps."""

from collections import Counter
from dataclasses import replace

import orjson
import pytest
from evaluation.builders import plan_of
from evaluation.rows import HEAD, Row, renewed, rows_in, summary
from evaluation.run import NAMES, PAGE
from evaluation.task import Task
from evaluation.tasks import TASKS
from evaluation.trial import Tally

from stackwright.agent.cassettes import Cassette
from stackwright.testing.script import read_plan

ROW = Row(
    "chores", "offline", True, 6, 7, 1, "verified, partly", 0.25, 81.0, "a | b\nc", "2026-01-01"
)


def test_there_are_forty_applications_with_follow_ups() -> None:
    assert len(TASKS) >= 40
    assert all(len(task.steps) >= 2 for task in TASKS)
    assert sum(task.wishes for task in TASKS) >= 150
    assert [name for name, number in Counter(NAMES).items() if number > 1] == []


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_each_wish_of_a_task_is_told_from_the_others(task: Task) -> None:
    texts = [wish.text for step in task.steps for wish in step.wishes]
    assert len(set(texts)) == len(texts)
    for number, step in enumerate(task.steps):
        earlier = {wish.text for before in task.steps[:number] for wish in before.wishes}
        assert set(step.ends) <= earlier


def test_a_line_is_renewed_in_its_place_and_builders_stand_apart() -> None:
    tasks = ["pantry", "chores"]
    table = ""
    for row in (ROW, replace(ROW, builder="claude"), replace(ROW, task="pantry")):
        table = renewed(table, row, tasks)
    assert [row.key for row in rows_in(table)] == [
        ("chores", "claude"), ("pantry", "offline"), ("chores", "offline"),
    ]  # fmt: skip
    table = renewed(table, replace(ROW, held=7), tasks)
    assert table.startswith(HEAD)
    assert [row.held for row in rows_in(table)] == [6, 6, 7]
    assert rows_in(table)[0].missed == "a / b c"


def test_the_summary_counts_what_was_said_to_be_verified_and_did_not_hold() -> None:
    table = renewed("", ROW, NAMES)
    table = renewed(table, replace(ROW, task="pantry", said="verified, verified"), NAMES)
    told = summary(table, NAMES, "a machine")
    assert f"| offline | 2 of {len(NAMES)} | 2 | 12 of 14 (86 %) | 2 | 1 | $0.50 | 81 |" in told


def test_what_held_once_and_not_any_more_is_a_regression() -> None:
    tally = Tally()
    for wrong in ("", "broken", "broken"):
        tally.take("w", wrong)
    tally.take("never", "missing")
    assert (tally.regressions, tally.held) == (1, 0)
    tally.take("w", "")
    assert (tally.held, tally.missed) == (1, "never: missing")


def test_the_models_part_of_cassettes_is_spoken_again() -> None:
    call = {"type": "tool_use", "id": "t1", "name": "list_files", "input": {"path": "a"}}
    said = {"type": "text", "text": "I look."}
    made = Cassette(
        kind="chat", status="verified", message="hi", events=(),
        messages=({"role": "user", "content": [said]}, {"role": "assistant", "content": [said, call]}),
    )  # fmt: skip
    (script,) = read_plan(orjson.dumps(plan_of([made, made])))
    assert len(script.turns) == 2


def test_the_document_is_in_step_with_what_is_tried() -> None:
    rows = rows_in(PAGE.read_text())
    assert {row.task for row in rows} <= set(NAMES)
    assert len({row.key for row in rows}) == len(rows)
