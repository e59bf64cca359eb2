"""The files of a project, from the durable workspace. They are untrusted: never served as a page of this origin."""

from typing import Any

from fastapi import APIRouter, Response

from stackwright.api.deps import OwnedProject, Services
from stackwright.api.schemas import FileList, FileOut

router = APIRouter(prefix="/api/projects/{project_id}", tags=["files"])

SANDBOXED = {"Content-Security-Policy": "default-src 'none'; sandbox"}
ZIP: dict[int | str, dict[str, Any]] = {200: {"content": {"application/zip": {}}}}
TEXT: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/plain": {}, "application/octet-stream": {}}}
}


@router.get("/files")
async def list_files(services: Services, owned: OwnedProject) -> FileList:
    """Every file, in order of path."""
    files = await services.projects.list_files(owned.user_id, owned.project_id)
    return FileList(
        project_id=owned.project_id, files=[FileOut.model_validate(file) for file in files]
    )


@router.get("/files/{path:path}", responses=TEXT, response_class=Response)
async def read_file(services: Services, owned: OwnedProject, path: str) -> Response:
    """The file's bytes: UTF-8 as plain text, anything else as a download."""
    content = await services.projects.read_file(owned.user_id, owned.project_id, path)
    kind = "text/plain; charset=utf-8" if _is_text(content) else "application/octet-stream"
    return Response(content, headers={"Content-Type": kind, **SANDBOXED})


@router.get("/download", responses=ZIP, response_class=Response)
async def download(services: Services, owned: OwnedProject) -> Response:
    """All files as a zip archive."""
    archive = await services.projects.download(owned.user_id, owned.project_id)
    name = "".join(c if c.isalnum() and c.isascii() else "-" for c in owned.project_id)
    return Response(
        archive,
        media_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}.zip"'},
    )


def _is_text(content: bytes) -> bool:
    if b"\0" in content:
        return False
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
