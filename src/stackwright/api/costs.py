"""What runs cost, and what the next one may."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from stackwright.api.deps import (
    LOCAL_USER,
    OwnedProject,
    Services,
    checked_project_id,
    checked_user_id,
)
from stackwright.api.runs import RunPath, checked_run_id
from stackwright.api.schemas.costs import CostsOut, EstimateOut

router = APIRouter(prefix="/api", tags=["costs"])

Days = Annotated[
    int | None, Query(ge=1, le=3660, description="Only the last days, today included (UTC).")
]


@router.get("/projects/{project_id}/runs/{run_id}/costs")
async def get_run_costs(services: Services, owned: OwnedProject, run_id: RunPath) -> CostsOut:
    """By day, tool and model. A call's cost is shared by the tools that it called."""
    run = await services.runs.get(owned.user_id, owned.project_id, checked_run_id(run_id))
    costs = await services.costs.of_run(owned.user_id, owned.project_id, run.id)
    return CostsOut.model_validate(costs)


@router.get("/projects/{project_id}/costs")
async def get_project_costs(services: Services, owned: OwnedProject, days: Days = None) -> CostsOut:
    """Costs of all runs of the project, by day, tool and model."""
    await services.projects.get(owned.user_id, owned.project_id)
    costs = await services.costs.of_project(owned.user_id, owned.project_id, days=days)
    return CostsOut.model_validate(costs)


@router.get("/users/{user_id}/costs")
async def get_user_costs(
    services: Services,
    user_id: Annotated[str, Path(description="`local` is the default user.")],
    days: Days = 30,
) -> CostsOut:
    """Costs of all the user's projects, by day, tool and model."""
    costs = await services.costs.of_user(checked_user_id(user_id), days=days)
    return CostsOut.model_validate(costs)


@router.get("/estimate")
async def get_estimate(
    services: Services,
    project_id: Annotated[str | None, Query(description="Without it: of a new app.")] = None,
    user_id: Annotated[
        str | None, Query(description="Default: the project's owner, else `local`.")
    ] = None,
    model: Annotated[
        str | None,
        Query(max_length=200, description="Default: the project's, else the platform's."),
    ] = None,
) -> EstimateOut:
    """What the next run may cost: as the last ones did, else from the size of the project."""
    project = None if project_id is None else checked_project_id(project_id)
    owner = None if project is None else await services.projects.find_owner(project)
    user = checked_user_id(user_id or owner or LOCAL_USER)
    if model is None and project is not None and owner == user:
        model = (await services.projects.get(user, project)).model
    chosen = services.models.chosen(model)
    if chosen is None and model is not None:
        services.models.check(model)
    name = None if model is None or chosen is None else chosen.plain_name
    return EstimateOut.model_validate(await services.costs.estimate(user, project, model=name))
