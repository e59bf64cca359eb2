"""Versions of a project."""

from datetime import datetime

from pydantic import (
    BaseModel,
    Field,
)

from stackwright.api.schemas.base import RequestBody, ResponseBody
from stackwright.core.ids import ProjectId
from stackwright.db.last_proofs import LastProof
from stackwright.db.restore_points import RestorePointRecord


class RestoreRequest(RequestBody):
    version: int | None = Field(
        None,
        ge=1,
        le=2_000_000_000,
        description="Bring back this version. Without it, the project is made ready to go on with.",
    )


class Star(RequestBody):
    is_starred: bool


class VersionOut(ResponseBody):
    version: int
    run_id: str | None
    restored_from: int | None
    title: str
    status: str
    created_at: datetime
    is_starred: bool = False
    changed_files: int | None = Field(
        None, description="Files that differ from the version before; only told in lists."
    )
    picture: str | None = Field(
        None, description="Address of a screenshot of it, as the last proof saw it."
    )


class VersionPreview(BaseModel):
    """An old version as a running app. It starts when its address is visited."""

    version: int
    preview_url: str


class VersionList(BaseModel):
    """Newest first. `next` goes into the following call's `before`."""

    project_id: str
    versions: list[VersionOut]
    next: int | None


class FileDigest(BaseModel):
    path: str
    sha256: str


class VersionFiles(BaseModel):
    version: int
    files: list[FileDigest]


def version_out(version: RestorePointRecord, proof: LastProof | None = None) -> VersionOut:
    shown = VersionOut.model_validate(version)
    if proof is None:
        return shown
    return shown.model_copy(update={"picture": picture_of(version.project_id, proof)})


def picture_of(project_id: ProjectId, proof: LastProof) -> str | None:
    """The address of a proof's first screenshot."""
    if proof.picture is None:
        return None
    return f"/api/projects/{project_id}/runs/{proof.run_id}/screenshots/{proof.picture}.png"
