"""Look at the app in the preview as a person of one of its roles."""

from typing import Annotated

from fastapi import APIRouter, Path

from stackwright.api.deps import Owned, OwnedProject, Services
from stackwright.api.preview_shim import ENTER_PATH
from stackwright.api.schemas.actors import ActorEntry, ActorsOut

router = APIRouter(prefix="/api/projects/{project_id}/actors", tags=["preview"])

Role = Annotated[str, Path(min_length=1, max_length=60, description="One of the app's roles.")]


@router.get("")
async def list_actors(services: Services, owned: OwnedProject) -> ActorsOut:
    """The roles of an app that has the kit `accounts`, else none; 409 while the app does not run."""
    await _check(services, owned)
    roles = await services.workbench.actors.roles(owned.user_id, owned.project_id)
    return ActorsOut.model_validate(roles)


@router.post("/{role}")
async def become_actor(services: Services, owned: OwnedProject, role: Role) -> ActorEntry:
    """Where the preview is opened once, within a minute, as a person of this role. The app's data gets an
    account for it, marked as of the preview, to which nobody can log in."""
    await _check(services, owned)
    ticket = await services.workbench.actors.become(owned.user_id, owned.project_id, role)
    return ActorEntry(path=f"{ENTER_PATH}?ticket={ticket}")


@router.delete("")
async def remove_actors(services: Services, owned: OwnedProject) -> ActorsOut:
    """Take the accounts of the preview out of the app's data. What they added in the app stays."""
    await _check(services, owned)
    roles = await services.workbench.actors.remove(owned.user_id, owned.project_id)
    return ActorsOut.model_validate(roles)


async def _check(services: Services, owned: Owned) -> None:
    """Raises ProjectNotFound."""
    await services.projects.get(owned.user_id, owned.project_id)
