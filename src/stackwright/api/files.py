"""The files of a project, from the durable workspace. They are untrusted: never served as a page of this origin."""

import asyncio
import re
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import StreamingResponse

from stackwright.api.app_waker import AppWaker
from stackwright.api.deps import Owned, OwnedProject, Services
from stackwright.api.schemas.files import FileList, FileMove, FileOut, Moved, SearchOut, search_out
from stackwright.core.errors import BadInput
from stackwright.core.ids import ProjectId
from stackwright.runs.hand_edits import HandEdit
from stackwright.tools.base import WorkspaceFile
from stackwright.tools.seen import digest

router = APIRouter(prefix="/api/projects/{project_id}", tags=["files"])

SANDBOXED = {"Content-Security-Policy": "default-src 'none'; sandbox"}
ZIP: dict[int | str, dict[str, Any]] = {200: {"content": {"application/zip": {}}}}
_DIGEST = re.compile(r'(?:W/)?"?([0-9a-f]{64})"?\Z')
IfMatch = Annotated[
    str | None, Header(description="Digest (`sha256`) of the file as it was opened.")
]
BYTES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
TEXT: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/plain": {}, "application/octet-stream": {}}}
}


@router.get("/files", response_model=FileList)
async def list_files(services: Services, owned: OwnedProject) -> Response:
    """Every file, in order of path."""
    files = await services.projects.list_files(owned.user_id, owned.project_id)
    # Twenty thousand files take a quarter of a second to put into JSON.
    body = await asyncio.to_thread(_file_list, owned.project_id, files)
    return Response(body, media_type="application/json")


def _file_list(project_id: ProjectId, files: Sequence[WorkspaceFile]) -> str:
    listed = [FileOut.model_validate(file) for file in files]
    return FileList(project_id=project_id, files=listed).model_dump_json()


@router.get("/files/{path:path}", responses=TEXT, response_class=Response)
async def read_file(services: Services, owned: OwnedProject, path: str) -> Response:
    """The file's bytes: UTF-8 as plain text, anything else as a download."""
    return text_or_bytes(await services.projects.read_file(owned.user_id, owned.project_id, path))


@router.put("/files/{path:path}", openapi_extra=BYTES)
async def write_file(
    services: Services, owned: OwnedProject, request: Request, path: str, if_match: IfMatch = None
) -> FileOut:
    """Write a file by hand: the body is the whole file. With `If-Match` it replaces the file that has
    that digest; without, it makes a new one. The running app follows."""
    edit = await services.workbench.edits.write(
        owned.user_id, owned.project_id, path, await request.body(), expected=_digest(if_match)
    )
    follow(request, owned, edit)
    return FileOut.model_validate(edit.file)


@router.delete("/files/{path:path}", status_code=204, response_class=Response)
async def delete_file(
    services: Services, owned: OwnedProject, request: Request, path: str, if_match: IfMatch = None
) -> Response:
    """Delete a file, or a folder with everything in it."""
    edit = await services.workbench.edits.delete(
        owned.user_id, owned.project_id, path, expected=_digest(if_match)
    )
    follow(request, owned, edit)
    return Response(status_code=204)


@router.post("/files/rename")
async def rename_file(
    services: Services, owned: OwnedProject, request: Request, body: FileMove
) -> Moved:
    """Rename or move a file, or a folder with everything in it."""
    edit = await services.workbench.edits.move(
        owned.user_id, owned.project_id, body.source, body.target
    )
    follow(request, owned, edit)
    return Moved(paths=list(edit.paths))


@router.get("/search")
async def search_files(
    services: Services,
    owned: OwnedProject,
    q: Annotated[str, Query(min_length=1, max_length=200, description="Plain text.")],
    match_case: Annotated[bool, Query()] = False,
) -> SearchOut:
    """The lines that have a text, in order of path; at most 300."""
    found = await services.workbench.search.find(
        owned.user_id, owned.project_id, q, match_case=match_case
    )
    return search_out(found)


@router.get("/download", responses=ZIP, response_class=StreamingResponse)
async def download(services: Services, owned: OwnedProject) -> StreamingResponse:
    """All files as a zip archive."""
    archive = await services.projects.download(owned.user_id, owned.project_id)
    name = "".join(c if c.isalnum() and c.isascii() else "-" for c in owned.project_id)
    return StreamingResponse(
        archive,
        media_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}.zip"'},
    )


def text_or_bytes(content: bytes) -> Response:
    """Never a page of this origin. The digest is the `ETag`: what `If-Match` takes."""
    kind = "text/plain; charset=utf-8" if _is_text(content) else "application/octet-stream"
    headers = {"Content-Type": kind, "ETag": f'"{digest(content)}"', **SANDBOXED}
    return Response(content, headers=headers)


def follow(request: Request, owned: Owned, edit: HandEdit) -> None:
    """Let an app that runs take the change over: services whose code changed start anew."""
    waker: AppWaker = request.app.state.waker
    if edit.is_live:
        waker.changed(owned.user_id, owned.project_id)


def _digest(if_match: str | None) -> str | None:
    """Raises BadInput."""
    if if_match is None:
        return None
    found = _DIGEST.match(if_match.strip())
    if found is None:
        raise BadInput("If-Match must be the file's sha256, as the list of files tells it.")
    return found[1]


def _is_text(content: bytes) -> bool:
    if b"\0" in content:
        return False
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
