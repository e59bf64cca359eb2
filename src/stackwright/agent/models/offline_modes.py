"""The offline builder in runs that change nothing (they plan, or answer), and with an approved plan."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from pydantic import ValidationError

from stackwright.agent.contract import FEEDBACK_PREFIX
from stackwright.agent.models.base import Message
from stackwright.agent.models.offline_talk import NEEDS_KEY, Call, Reply, Step, stored_spec
from stackwright.core.plans import PLAN_TITLE, Plan
from stackwright.offline.answers import answer, wants_files
from stackwright.offline.edits.reader import read_change
from stackwright.offline.plans import plan_of, retaught
from stackwright.offline.reader import NotAnApplication, read_app
from stackwright.offline.wishes import wishes_of_app, wishes_of_change, wishes_of_rights
from stackwright.scaffold.spec import SPEC_PATH

PLANNED = (
    "This is what I understood. Correct the records in the plan if they are wrong, and approve it to have it "
    "built."
)
NOTHING_TO_PLAN = "There is nothing in it that I could plan."


def planned(
    request: str, steps: Sequence[Step], earlier: Sequence[Message], *, has_app: bool
) -> Reply:
    """Say what was understood, as a plan. A plan that was not built yet can be corrected in words."""
    if request.startswith(FEEDBACK_PREFIX):
        return Reply(f"{NOTHING_TO_PLAN} {NEEDS_KEY}")
    if proposed := next((step for step in steps if step.name == "propose_plan"), None):
        return Reply(proposed.result if proposed.failed else PLANNED)
    if has_app:
        return _plan_of_change(request, steps)
    return _corrected_plan(request, earlier) or _plan_of_app(request)


def _corrected_plan(request: str, earlier: Sequence[Message]) -> Reply | None:
    """The last plan with what the request changes; None when there is none, or nothing is changed."""
    proposals = [
        call["input"]
        for message in earlier
        for call in message.tool_calls
        if call["name"] == "propose_plan"
    ]
    try:
        plan = Plan.model_validate(proposals[-1]) if proposals else None
    except ValidationError:
        return None
    if plan is None or plan.reading is None:
        return None
    changed, _ = retaught(plan, request)
    return None if changed == plan else _proposed(changed.model_dump(mode="json"))


def _proposed(plan: Mapping[str, Any]) -> Reply:
    return Reply("", (Call("propose_plan", plan),))


def _plan_of_app(request: str) -> Reply:
    try:
        reading = read_app(request)
    except NotAnApplication as error:
        return Reply(f"{error} {NEEDS_KEY}")
    plan = plan_of(
        reading.spec,
        wishes_of_app(request, reading),
        decisions=reading.understood[len(reading.spec.entities) :],
        not_understood=reading.unread,
    )
    return _proposed(plan)


def _plan_of_change(request: str, steps: Sequence[Step]) -> Reply:
    if not steps:
        return Reply("", (Call("read_file", {"path": SPEC_PATH}),))
    spec = stored_spec(steps[0])
    if spec is None:
        return Reply(f"I cannot read the application's description ({SPEC_PATH}). {NEEDS_KEY}")
    change = read_change(request, spec)
    if change.spec == spec:
        return Reply(" ".join((*change.operations, *change.refused)) or NEEDS_KEY)
    plan = plan_of(
        change.spec,
        [
            *wishes_of_change(request, spec, change.spec, change.renames, change.fulfilled),
            *wishes_of_rights(request, change.granted),
        ],
        decisions=change.operations,
        not_understood=change.refused,
        renames=change.renames,
    )
    return _proposed(plan)


def answered(request: str, steps: Sequence[Step]) -> Reply:
    """Look at what the project has, then say what can be said."""
    if not steps:
        listed = (Call("list_files", {}),) if wants_files(request) else ()
        looks = (Call("read_project", {}), Call("read_file", {"path": SPEC_PATH}), *listed)
        return Reply("", looks)
    told = {step.name: step for step in steps if not step.failed}
    spec = stored_spec(told["read_file"]) if "read_file" in told else None
    project, files = (told[n].result if n in told else "" for n in ("read_project", "list_files"))
    return Reply(answer(request, spec, project, files))


def approved_plan(system: str) -> Plan | None:
    """The plan that this run builds, out of the prompt, if this builder made it."""
    found = re.search(rf"^{re.escape(PLAN_TITLE)}\n\n(\{{.*\}})$", system, re.MULTILINE)
    if found is None:
        return None
    try:
        return Plan.model_validate(orjson.loads(found[1]))
    except (orjson.JSONDecodeError, ValidationError):
        return None
