from typing import Any, cast

import pytest
from pydantic import ValidationError

from stackwright.core.plans import Plan
from stackwright.tools.base import ToolContext, ToolFailed
from stackwright.tools.plan import TOOLS, ProposePlan, propose_plan

GIVEN: dict[str, Any] = {"title": "Shop", "wishes": [{"text": "Orders are listed", "kind": "data"}]}


class Context:
    def __init__(self, plans: Any = None) -> None:
        self.plans = plans


class Plans:
    kept: Plan | None = None

    async def propose(self, plan: Plan) -> Plan:
        self.kept = plan
        return plan


async def test_a_plan_is_kept_and_shown() -> None:
    plans = Plans()
    told = await propose_plan(
        ProposePlan.model_validate(GIVEN), cast("ToolContext", Context(plans))
    )
    assert plans.kept is not None
    assert plans.kept.wishes[0].text == "Orders are listed"
    assert "approve" in told


async def test_a_run_that_builds_has_no_plan_to_propose() -> None:
    with pytest.raises(ToolFailed):
        await propose_plan(ProposePlan.model_validate(GIVEN), cast("ToolContext", Context()))


def test_a_plan_without_wishes_or_with_other_keys_is_refused() -> None:
    wrong: dict[str, Any]
    for wrong in ({"title": "Shop", "wishes": []}, {**GIVEN, "files": []}):
        with pytest.raises(ValidationError):
            ProposePlan.model_validate(wrong)


def test_models_are_not_told_of_the_builders_own_reading() -> None:
    assert "reading" not in TOOLS[0].schema()["input_schema"]["properties"]
