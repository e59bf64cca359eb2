"""What the offline builder says in runs that plan or answer, and with a plan that was approved."""

from contextlib import aclosing
from typing import Any

import orjson

from stackwright.agent.contract import FEEDBACK_PREFIX
from stackwright.agent.models.base import Message, ModelTurn
from stackwright.agent.models.offline import OfflineModel
from stackwright.agent.models.offline_modes import PLANNED, approved_plan
from stackwright.core.plans import PLAN_TITLE, Plan, as_message
from stackwright.scaffold.spec import SPEC_PATH

SHOP = "A bike shop app: customers with name and phone, repairs for a customer with price"
PLANNING = ("read_file", "propose_plan", "read_project")
ASKING = ("read_file", "read_project", "list_files")
BUILDING = ("set_wishes", "scaffold_app", "check_app")


def user(text: str) -> Message:
    return Message("user", ({"type": "text", "text": text},))


async def turn(
    conversation: list[Message], tools: tuple[str, ...], *, system: str = ""
) -> ModelTurn:
    offered = [{"name": name} for name in tools]
    async with aclosing(
        OfflineModel().stream(conversation, system=system, tools=offered)
    ) as stream:
        ended = [event async for event in stream][-1]
    assert isinstance(ended, ModelTurn)
    return ended


def said(ended: ModelTurn) -> str:
    return "".join(b["text"] for b in ended.content if b["type"] == "text")


def calls(ended: ModelTurn) -> dict[str, Any]:
    return {call.tool_name: orjson.loads(call.arguments_json) for call in ended.calls}


def after(conversation: list[Message], ended: ModelTurn, **results: str) -> list[Message]:
    blocks = [
        {"type": "tool_result", "tool_use_id": call.tool_id, "content": results[call.tool_name]}
        for call in ended.calls
    ]
    inputs = {call.tool_id: orjson.loads(call.arguments_json) for call in ended.calls}
    content = tuple(
        {**block, "input": inputs[block["id"]]} if block["type"] == "tool_use" else dict(block)
        for block in ended.content
    )
    return [
        *conversation,
        Message("assistant", content),
        Message("user", tuple(blocks)),
    ]


async def test_a_plan_is_proposed_and_nothing_else() -> None:
    proposed = await turn([user(SHOP)], PLANNING)
    plan = Plan.model_validate(calls(proposed)["propose_plan"])
    assert [record.name for record in plan.records] == ["Customers", "Repairs"]
    ended = await turn(after([user(SHOP)], proposed, propose_plan="Shown."), PLANNING)
    assert (said(ended), ended.calls) == (PLANNED, ())


async def test_a_plan_is_corrected_in_words() -> None:
    proposed = await turn([user(SHOP)], PLANNING)
    shown = after([user(SHOP)], proposed, propose_plan="Shown.")
    corrected = [*shown, Message("assistant", ({"type": "text", "text": PLANNED},))]
    again = await turn([*corrected, user("add email to customers")], PLANNING)
    plan = Plan.model_validate(calls(again)["propose_plan"])
    assert plan.records[0].fields == ("name", "phone", "email")
    other = await turn([*corrected, user("An app for dogs with name and breed")], PLANNING)
    assert [r["name"] for r in calls(other)["propose_plan"]["records"]] == ["Dogs"]


async def test_what_is_no_app_is_refused_once_and_again_when_asked_for_the_plan() -> None:
    ended = await turn([user("Play chess with me")], PLANNING)
    assert ended.calls == ()
    asked = [user("Play chess with me"), Message("assistant", ended.content), user(f"{FEEDBACK_PREFIX}plan?")]  # fmt: skip
    assert "nothing in it that I could plan" in said(await turn(asked, PLANNING))


async def test_a_question_is_answered_from_what_the_project_has() -> None:
    conversation = [user("Which files are there?")]
    looks = await turn(conversation, ASKING)
    assert set(calls(looks)) == {"read_project", "read_file", "list_files"}
    assert calls(looks)["read_file"] == {"path": SPEC_PATH}
    seen = after(conversation, looks, read_project="Wishes:\nw1 [proven] A", read_file="no", list_files="a.py 1 kB")  # fmt: skip
    assert "a.py" in said(await turn(seen, ASKING))


async def test_an_approved_plan_is_built_as_it_is_with_its_wishes_linked() -> None:
    proposed = await turn([user(SHOP)], PLANNING)
    plan = Plan.model_validate(calls(proposed)["propose_plan"])
    ids = [f"w{number + 1}" for number in range(len(plan.wishes))]
    system = f"Rules.\n\n{PLAN_TITLE}\n\n{plan.model_dump_json()}"
    built = await turn([user(as_message(plan, ids))], BUILDING, system=system)
    scaffold = calls(built)["scaffold_app"]
    assert scaffold["spec"] == (plan.reading or {})["spec"]
    assert {link["wish"] for link in scaffold["wishes"]} == set(ids)
    assert "set_wishes" not in calls(built)


def test_no_plan_is_read_out_of_anything_else() -> None:
    assert approved_plan("") is None
    assert approved_plan(f"{PLAN_TITLE}\n\n{{broken}}") is None
