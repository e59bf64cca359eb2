"""Restore points: list them, go back to one."""

from fastapi import APIRouter, Request

from stackwright.api.app_waker import AppWaker
from stackwright.api.deps import OwnedProject, Services
from stackwright.api.runs import Before, Limit
from stackwright.api.schemas import RestoreRequest, StateOut, VersionList, VersionOut, version_out
from stackwright.api.states import state_of

router = APIRouter(prefix="/api/projects/{project_id}", tags=["versions"])


@router.get("/versions")
async def list_versions(
    services: Services, owned: OwnedProject, limit: Limit = 50, before: Before = None
) -> VersionList:
    """Newest first."""
    versions = await services.versions.list_of(
        owned.user_id, owned.project_id, limit=limit, before=before
    )
    more = versions[-1].version if len(versions) == limit else None
    return VersionList(
        project_id=owned.project_id, versions=[version_out(one) for one in versions], next=more
    )


@router.post("/restore")
async def restore(
    services: Services, owned: OwnedProject, request: Request, body: RestoreRequest | None = None
) -> VersionOut | StateOut:
    """With a version: bring back its files and wishes, as a new version: nothing is lost. The running
    application follows in the background.

    Without: make the project ready to go on with (its files in place in a sandbox that is awake, its
    services up) and answer its state. While a run works on it, nothing is to be done."""
    waker: AppWaker = request.app.state.waker
    if body is None or body.version is None:
        await services.projects.get(owned.user_id, owned.project_id)
        await waker.awake(owned.user_id, owned.project_id)
        return await state_of(services, owned)
    version = await services.versions.restore(owned.user_id, owned.project_id, body.version)
    waker.changed(owned.user_id, owned.project_id)
    return version_out(version)
