"""What changed: since the last version, in a run, between two versions. And taking it back."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request

from stackwright.api.deps import Owned, OwnedProject, Services
from stackwright.api.files import follow
from stackwright.api.runs import checked_run_id
from stackwright.api.schemas.changes import (
    ChangesOut,
    FileChangesOut,
    PlaceText,
    Revert,
    Reverted,
    changes_out,
    file_changes_out,
    read_place,
)
from stackwright.api.schemas.files import FileOut
from stackwright.core.errors import BadInput
from stackwright.projects.comparisons import Place
from stackwright.projects.differences import without_hunk
from stackwright.runs.hand_edits import FileStale
from stackwright.tools.seen import digest

router = APIRouter(prefix="/api/projects/{project_id}/changes", tags=["changes"])

Side = Annotated[
    PlaceText | None,
    Query(description="A version, `now`, or `nothing` (what a new project begins with)."),
]
OfRun = Annotated[str | None, Query(description="Instead: what this run changed.")]
FilePath = Annotated[str, Query(min_length=1, max_length=500)]


async def _sides(
    services: Services, owned: Owned, before: str | None, after: str | None, run_id: str | None
) -> tuple[Place, Place]:
    return await services.workbench.comparisons.sides(
        owned.user_id,
        owned.project_id,
        before=read_place(before),
        after=read_place(after),
        run_id=None if run_id is None else checked_run_id(run_id),
    )


@router.get("")
async def list_changes(
    services: Services,
    owned: OwnedProject,
    before: Side = None,
    after: Side = None,
    run_id: OfRun = None,
) -> ChangesOut:
    """The files that differ. Without anything said: what changed since the last version."""
    sides = await _sides(services, owned, before, after, run_id)
    compared = await services.workbench.comparisons.files(owned.user_id, owned.project_id, *sides)
    return changes_out(compared)


@router.get("/file")
async def get_file_changes(
    services: Services,
    owned: OwnedProject,
    path: FilePath,
    before: Side = None,
    after: Side = None,
    run_id: OfRun = None,
) -> FileChangesOut:
    """One file, line by line."""
    sides = await _sides(services, owned, before, after, run_id)
    compared = await services.workbench.comparisons.file(
        owned.user_id, owned.project_id, path, *sides
    )
    return await asyncio.to_thread(file_changes_out, compared, *sides)


@router.post("/revert")
async def revert(
    services: Services, owned: OwnedProject, request: Request, body: Revert
) -> Reverted:
    """Bring a file, or one place of it, back to a version. Refused when it changed since it was
    compared."""
    work, place = services.workbench, read_place(body.to)
    assert place is not None, "the schema asks for it"
    compared = await work.comparisons.file(owned.user_id, owned.project_id, body.path, place, "now")
    now = None if compared.after is None else digest(compared.after)
    if now != body.sha256:
        raise FileStale(body.path, now, None)
    wanted = compared.before
    if body.hunk is not None:
        wanted = await asyncio.to_thread(without_hunk, compared.before, compared.after, body.hunk)
        if wanted is None:
            raise BadInput("That place cannot be brought back alone; bring the file back.")
    if wanted is None:
        edit = await work.edits.delete(
            owned.user_id, owned.project_id, body.path, expected=body.sha256
        )
    else:
        edit = await work.edits.write(
            owned.user_id, owned.project_id, body.path, wanted, expected=body.sha256
        )
    follow(request, owned, edit)
    return Reverted(file=None if edit.file is None else FileOut.model_validate(edit.file))
