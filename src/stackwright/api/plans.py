"""A project's plan: read it, correct it, approve it."""

from typing import Any

from fastapi import APIRouter

from stackwright.api.deps import OwnedProject, Services
from stackwright.api.schemas.plans import PlanChange, PlanOut
from stackwright.api.schemas.runs import RunAccepted
from stackwright.core.plans import StoredPlan

router = APIRouter(prefix="/api/projects/{project_id}/plan", tags=["plans"])


@router.get("")
async def get_plan(services: Services, owned: OwnedProject) -> PlanOut:
    """The newest plan that a run in plan mode made."""
    return _out(await services.plans.get(owned.user_id, owned.project_id))


@router.patch("")
async def edit_plan(services: Services, owned: OwnedProject, body: PlanChange) -> PlanOut:
    """Replace parts of the plan, before it is approved. Later plans of the project heed corrected records."""
    return _out(await services.plans.edit(owned.user_id, owned.project_id, _changes(body)))


@router.post("/approve", status_code=202)
async def approve_plan(
    services: Services, owned: OwnedProject, body: PlanChange | None = None
) -> RunAccepted:
    """Build the plan, edited by the body if there is one: a run begins with the plan as its message and
    its wishes set. Attach to it with `GET …/chat`."""
    changes = _changes(body or PlanChange())
    accepted = await services.plans.approve(owned.user_id, owned.project_id, changes)
    return RunAccepted(run_id=accepted.run_id, project_id=accepted.project_id)


def _changes(body: PlanChange) -> dict[str, Any]:
    return body.model_dump(exclude_none=True)


def _out(stored: StoredPlan) -> PlanOut:
    shown = stored.plan.model_dump(exclude={"reading"})
    return PlanOut(**shown, **stored.model_dump(exclude={"plan"}))
