from contextlib import aclosing
from typing import Any

import orjson
import pytest

from stackwright.agent.models.base import Message, ModelTurn
from stackwright.agent.models.offline import OfflineModel
from stackwright.agent.models.offline_returns import (
    CHECK_AGAIN,
    TRY_AGAIN,
    UNDO,
    question_before_removal,
)
from stackwright.offline.edits.reader import read_change
from stackwright.offline.reader import read_app
from stackwright.scaffold.spec import AppSpec

TASKS = "tasks with title, notes and done"
ASKS = ({"name": "ask_user_tool"},)


def user(text: str) -> Message:
    return Message("user", ({"type": "text", "text": text},))


def called(name: str, arguments: dict[str, Any], result: str = "ok") -> list[Message]:
    call = {"type": "tool_use", "id": f"{name}-{len(str(arguments))}", "name": name}
    told = {"type": "tool_result", "tool_use_id": call["id"], "content": result}
    return [Message("assistant", ({**call, "input": arguments},)), Message("user", (told,))]


def built(request: str, spec: AppSpec) -> list[Message]:
    scaffold = {"spec": spec.model_dump(mode="json", exclude_defaults=True)}
    said = Message("assistant", ({"type": "text", "text": "Done."},))
    return [user(request), *called("scaffold_app", scaffold), said]


def shown(spec: AppSpec) -> list[Message]:
    return called("read_file", {}, orjson.dumps({"spec": spec.model_dump(mode="json")}).decode())


async def answer(talk: list[Message], tools: tuple[dict[str, Any], ...] = ()) -> tuple[str, Any]:
    async with aclosing(OfflineModel().stream(talk, system="", tools=tools)) as stream:
        *_, turn = [event async for event in stream]
    assert isinstance(turn, ModelTurn)
    calls = {call.tool_name: orjson.loads(call.arguments_json) for call in turn.calls}
    return "".join(b["text"] for b in turn.content if b["type"] == "text"), calls


FIRST = read_app(TASKS).spec
SECOND = read_change("add a due date to tasks", FIRST).spec
THIRD = read_change("make it look like a newspaper", SECOND).spec
TALK = [*built(TASKS, FIRST), *built("add a due date to tasks", SECOND)]


async def test_undo_goes_back_one_version_and_says_to_which() -> None:
    said, calls = await answer([*TALK, user("undo that"), *shown(SECOND)])
    assert said == f"“add a due date to tasks” is undone: the app is again as after “{TASKS}”."
    assert AppSpec.model_validate(calls["scaffold_app"]["spec"]) == FIRST


async def test_a_second_undo_goes_back_another_version() -> None:
    talk = [*TALK, *built("make it look like a newspaper", THIRD), *built("undo", SECOND)]
    _, calls = await answer([*talk, user("undo that"), *shown(SECOND)])
    assert AppSpec.model_validate(calls["scaffold_app"]["spec"]) == FIRST
    assert "kits" not in calls["scaffold_app"]["spec"]


async def test_what_an_undo_takes_away_of_the_look_is_said_to_the_scaffold() -> None:
    talk = [*TALK, *built("make it look like a newspaper", THIRD)]
    _, calls = await answer([*talk, user("take that back"), *shown(THIRD)])
    assert calls["scaffold_app"]["spec"]["kits"] == []


async def test_an_undone_rename_goes_back_with_its_records() -> None:
    change = read_change("rename notes to remarks", FIRST)
    renames = [vars(one) for one in change.renames]
    scaffold = {"spec": change.spec.model_dump(mode="json"), "renames": renames}
    talk = [
        *built(TASKS, FIRST),
        user("rename notes to remarks"),
        *called("scaffold_app", scaffold),
    ]
    _, calls = await answer([*talk, user("undo"), *shown(change.spec)])
    (back,) = calls["scaffold_app"]["renames"]
    assert (back["field_old"], back["field_new"]) == ("remarks", "notes")


async def test_there_is_nothing_to_undo_in_a_new_app_or_one_changed_otherwise() -> None:
    said, calls = await answer([*built(TASKS, FIRST), user("undo"), *shown(FIRST)])
    assert "nothing to undo" in said
    assert not calls
    said, calls = await answer([*TALK, user("undo"), *shown(THIRD)])
    assert "stackwright restore" in said
    assert not calls


async def test_check_again_proves_the_app_and_tells_what_came_of_it() -> None:
    _, calls = await answer([*TALK, user("check again, please")])
    assert list(calls) == ["check_app"]
    said, _ = await answer([*TALK, user("check again"), *called("check_app", {}, "Verified.\nx")])
    assert said == "Verified."


async def test_try_again_repeats_the_last_request_or_checks_what_it_made() -> None:
    _, calls = await answer([*TALK, user("try again"), *shown(FIRST)])
    assert list(calls) == ["set_wishes"]
    _, calls = await answer([*TALK, user("try again"), *shown(SECOND)])
    assert list(calls) == ["check_app"]


async def test_what_would_be_lost_is_asked_first() -> None:
    talk = [*TALK, user("remove the notes"), *shown(SECOND)]
    _, calls = await answer(talk, ASKS)
    assert "“Notes” of tasks" in calls["ask_user_tool"]["question"]
    agreed = called("ask_user_tool", {}, '{"answer": "Remove"}')
    _, calls = await answer([*talk, *agreed], ASKS)
    assert list(calls) == ["set_wishes"]
    said, calls = await answer([*talk, *called("ask_user_tool", {}, '{"answer": "Keep"}')], ASKS)
    assert (said, calls) == ("Nothing was changed.", {})


def test_uploads_that_would_be_lost_are_asked_for_too() -> None:
    before = read_app("Recipes with title and photo").spec
    after = before.model_copy(update={"kits": ()})
    asked = question_before_removal(before, after, (), ())
    assert asked is not None
    assert "“Photo” of recipes" in asked.calls[0].arguments["question"]


async def test_a_rename_loses_nothing_and_is_not_asked() -> None:
    _, calls = await answer([*TALK, user("rename tasks to jobs"), *shown(SECOND)], ASKS)
    assert list(calls) == ["set_wishes"]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        (UNDO, ["undo", "Undo that, please", "oops, undo it", "revert the last change", "go back"]),
        (TRY_AGAIN, ["try again", "please do it again", "retry", "once more: no"][:3]),
        (CHECK_AGAIN, ["check again", "verify", "test it again", "can you check the app?"]),
    ],
)
def test_how_people_say_it(form: Any, words: list[str]) -> None:
    assert [one for one in words if not form.match(one)] == []
    others = ["undo the rename of price", "try again with a date", "check in and check out dates"]
    assert [one for one in others if form.match(one)] == []


async def test_undo_after_a_message_that_changed_nothing_takes_nothing_back() -> None:
    talk = [*TALK, user("paint it in stripes"), Message("assistant", ()), user("undo that")]
    said, calls = await answer([*talk, *shown(SECOND)])
    assert "“paint it in stripes” changed nothing" in said
    assert not calls
    _, calls = await answer([*talk[:-1], user("undo the last change"), *shown(SECOND)])
    assert AppSpec.model_validate(calls["scaffold_app"]["spec"]) == FIRST


async def test_two_changes_are_undone_at_once() -> None:
    talk = [*TALK, *built("make it look like a newspaper", THIRD)]
    said, calls = await answer([*talk, user("undo the last two changes"), *shown(THIRD)])
    assert said.startswith(
        "“add a due date to tasks” and “make it look like a newspaper” are undone"
    )
    assert AppSpec.model_validate(calls["scaffold_app"]["spec"]).entities == FIRST.entities


def test_choices_and_a_login_are_data_that_is_asked_about() -> None:
    spec = read_app("jobs with title and status (open, done, late); members log in").spec
    fewer = read_change("remove late from the status", spec).spec
    asked = question_before_removal(spec, fewer, (), ())
    assert asked is not None
    assert "“late” of “Status” of jobs" in asked.calls[0].arguments["question"]
    renamed = read_change("rename late to overdue", spec)
    assert question_before_removal(spec, renamed.spec, renamed.renames, ()) is None
    open_to_all = read_change("remove the login", spec).spec
    asked = question_before_removal(spec, open_to_all, (), ())
    assert asked is not None
    assert "login" in asked.calls[0].arguments["question"]
