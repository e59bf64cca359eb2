"""A shell in the project's sandbox: its output as server-sent events, what is typed as requests."""

import asyncio
import base64
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from pydantic import Field
from starlette.responses import StreamingResponse

from stackwright.api.deps import ApiServices, Owned, OwnedProject, Services
from stackwright.api.schemas.logs import TerminalSize, Typed
from stackwright.core.errors import BadInput, PlatformError
from stackwright.core.tasks import spawn
from stackwright.sandbox.terminal import HasTerminal, Terminal

router = APIRouter(prefix="/api/projects/{project_id}/terminal", tags=["terminal"])

STREAM: dict[int | str, dict[str, Any]] = {200: {"content": {"text/event-stream": {}}}}
WAITING_PIECES = 64
"""Then the shell waits until they were sent."""
RESIZE_TIMEOUT_S = 10.0

Pid = Annotated[int, Path(ge=1, le=2**31), Field(description="From the stream's first event.")]


@router.get("", responses=STREAM, response_class=StreamingResponse)
async def open_terminal(services: Services, owned: OwnedProject) -> StreamingResponse:
    """Open a shell; the app is woken for it. First event: `open` with the shell's id. Then `data` events
    with bytes in base64, and `closed`. It ends with the request."""
    sandbox = await _sandbox(services, owned)
    pieces = asyncio.Queue[bytes | None](WAITING_PIECES)
    terminal = await sandbox.open_terminal(pieces.put)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    told = frames(services, owned, terminal, pieces)
    return StreamingResponse(told, media_type="text/event-stream", headers=headers)


@router.post("/{pid}", status_code=204, response_class=Response)
async def type_in_terminal(
    services: Services, owned: OwnedProject, pid: Pid, body: Typed
) -> Response:
    """What is typed, control characters included."""
    sandbox = await _sandbox(services, owned)
    await sandbox.type_in(pid, body.typed.encode())
    return Response(status_code=204)


@router.put("/{pid}/size", status_code=204, response_class=Response)
async def resize_terminal(
    services: Services, owned: OwnedProject, pid: Pid, body: TerminalSize
) -> Response:
    """How many characters the person sees, for programs that fill the screen."""
    await services.projects.get(owned.user_id, owned.project_id)
    sandbox = await services.sandboxes.get(owned.user_id, owned.project_id)
    command = f"stty -F /proc/{pid}/fd/0 rows {body.rows} cols {body.columns}"
    await sandbox.run(command, cwd="/", timeout_s=RESIZE_TIMEOUT_S)
    return Response(status_code=204)


async def _sandbox(services: ApiServices, owned: Owned) -> HasTerminal:
    await services.projects.get(owned.user_id, owned.project_id)
    sandbox = await services.sandboxes.get(owned.user_id, owned.project_id)
    if not isinstance(sandbox, HasTerminal):
        raise BadInput("This sandbox has no terminal.")
    return sandbox


async def frames(
    services: ApiServices, owned: Owned, terminal: Terminal, pieces: asyncio.Queue[bytes | None]
) -> AsyncGenerator[bytes]:
    watching = spawn(
        _tell_end(terminal, pieces), name="watch a terminal", expected=(PlatformError,)
    )
    try:
        with services.sandboxes.with_open_page(owned.user_id, owned.project_id):
            yield b"event: open\ndata: %d\n\n" % terminal.pid
            while not services.stopping.is_set():
                try:
                    async with asyncio.timeout(services.server.stream_heartbeat_s):
                        piece = await pieces.get()
                except TimeoutError:
                    yield b": heartbeat\n\n"
                    continue
                if piece is None:
                    yield b"event: closed\ndata: \n\n"
                    return
                yield b"data: %s\n\n" % base64.b64encode(piece)
    finally:
        watching.cancel()
        spawn(_close(terminal), name="close a terminal")


async def _tell_end(terminal: Terminal, pieces: asyncio.Queue[bytes | None]) -> None:
    try:
        await terminal.wait()
    finally:
        await pieces.put(None)


async def _close(terminal: Terminal) -> None:
    with suppress(PlatformError):  # it has ended by itself, or its sandbox has
        await terminal.close()
