"""Restore points: list them, go back to one."""

from fastapi import APIRouter, Request

from stackwright.api.app_waker import AppWaker
from stackwright.api.deps import OwnedProject, Services
from stackwright.api.runs import Before, Limit
from stackwright.api.schemas import RestoreRequest, VersionList, VersionOut, version_out

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
    services: Services, owned: OwnedProject, body: RestoreRequest, request: Request
) -> VersionOut:
    """Bring back the files of a version, as a new version: nothing is lost. The running application
    follows in the background."""
    version = await services.versions.restore(owned.user_id, owned.project_id, body.version)
    waker: AppWaker = request.app.state.waker
    waker.changed(owned.user_id, owned.project_id)
    return version_out(version)
