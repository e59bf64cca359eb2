"""Restore points: list them, go back to one."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from stackwright.api.app_waker import AppWaker
from stackwright.api.deps import OwnedProject, Services
from stackwright.api.files import TEXT, text_or_bytes
from stackwright.api.preview_host import preview_url
from stackwright.api.runs import Before, Limit
from stackwright.api.schemas.projects import PREVIEW_PORT
from stackwright.api.schemas.states import StateOut
from stackwright.api.schemas.versions import (
    FileDigest,
    RestoreRequest,
    Star,
    VersionFiles,
    VersionList,
    VersionOut,
    VersionPreview,
    version_out,
)
from stackwright.api.states import state_of
from stackwright.core.errors import PlatformError
from stackwright.core.tasks import spawn

router = APIRouter(prefix="/api/projects/{project_id}", tags=["versions"])

VersionPath = Annotated[int, Path(ge=1, le=2_000_000_000)]


@router.get("/versions")
async def list_versions(
    services: Services, owned: OwnedProject, limit: Limit = 50, before: Before = None
) -> VersionList:
    """Versions of the project, newest first."""
    versions = await services.versions.list_of(
        owned.user_id, owned.project_id, limit=limit, before=before
    )
    more = versions[-1].version if len(versions) == limit else None
    proofs = await services.versions.proofs(owned.user_id, versions)
    return VersionList(
        project_id=owned.project_id,
        versions=[version_out(one, proofs.get(one.run_id or "")) for one in versions],
        next=more,
    )


@router.patch("/versions/{version}")
async def star_version(
    services: Services, owned: OwnedProject, version: VersionPath, body: Star
) -> VersionOut:
    """Mark a version to find it again, or take the mark away."""
    starred = await services.versions.star(
        owned.user_id, owned.project_id, version, is_starred=body.is_starred
    )
    proofs = await services.versions.proofs(owned.user_id, [starred])
    return version_out(starred, proofs.get(starred.run_id or ""))


@router.get("/versions/{version}/files")
async def list_version_files(
    services: Services, owned: OwnedProject, version: VersionPath
) -> VersionFiles:
    """The files of a version, in order of path; nothing is switched."""
    manifest = await services.versions.manifest(owned.user_id, owned.project_id, version)
    files = [FileDigest(path=path, sha256=manifest[path]) for path in sorted(manifest)]
    return VersionFiles(version=version, files=files)


@router.get("/versions/{version}/files/{path:path}", responses=TEXT, response_class=Response)
async def read_version_file(
    services: Services, owned: OwnedProject, version: VersionPath, path: str
) -> Response:
    """A file as it was in a version."""
    return text_or_bytes(
        await services.versions.read_file(owned.user_id, owned.project_id, version, path)
    )


@router.post("/versions/{version}/preview")
async def open_version_preview(
    services: Services, owned: OwnedProject, request: Request, version: VersionPath
) -> VersionPreview:
    """Run a version beside the present app, with data of its own; nothing is switched. Opening it again gives
    the same app. Whoever has looked closes it: it takes a sandbox."""
    preview = await services.workbench.previews.open(owned.user_id, owned.project_id, version)
    waker: AppWaker = request.app.state.waker
    waker.changed(preview.user_id, preview.id)
    url = preview_url(services.server, preview.preview_label, PREVIEW_PORT)
    return VersionPreview(version=version, preview_url=url)


@router.delete("/versions/{version}/preview", status_code=204, response_class=Response)
async def close_version_preview(
    services: Services, owned: OwnedProject, version: VersionPath
) -> Response:
    """End the running version, with what was entered in it."""
    preview = await services.workbench.previews.close(owned.user_id, owned.project_id, version)
    if preview is not None:
        end = services.sandboxes.end(preview.user_id, preview.id)
        spawn(end, name=f"end-{preview.id}", expected=(PlatformError,))
    return Response(status_code=204)


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
