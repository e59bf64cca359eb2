"""What the services of the running app say: once, and as a stream."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import Annotated, Any

from fastapi import APIRouter, Header
from starlette.responses import StreamingResponse

from stackwright.api.deps import Owned, OwnedProject, Services
from stackwright.api.ports import ApiServices
from stackwright.api.schemas.logs import LogLineOut, LogsOut
from stackwright.core.errors import SandboxUnavailable
from stackwright.runs.app_logs import (
    ASLEEP_LOOK_S,
    LOOK_S,
    LogPiece,
    Places,
    read_places,
    written_places,
)

router = APIRouter(prefix="/api/projects/{project_id}/logs", tags=["logs"])

STREAM: dict[int | str, dict[str, Any]] = {200: {"content": {"text/event-stream": {}}}}
RETRY_MS = 3000


@router.get("")
async def read_logs(services: Services, owned: OwnedProject) -> LogsOut:
    """The last lines of each service. An app that is asleep is not woken."""
    await services.projects.get(owned.user_id, owned.project_id)
    piece = await services.workbench.logs.read(owned.user_id, owned.project_id, {})
    return _out(piece)


@router.get("/stream", responses=STREAM, response_class=StreamingResponse)
async def stream_logs(
    services: Services,
    owned: OwnedProject,
    last_event_id: Annotated[str, Header(max_length=2000)] = "",
) -> StreamingResponse:
    """The last lines and then each new one, as server-sent events; `Last-Event-ID` goes on where a
    stream ended."""
    await services.projects.get(owned.user_id, owned.project_id)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(
        _frames(services, owned, last_event_id), media_type="text/event-stream", headers=headers
    )


async def _frames(services: ApiServices, owned: Owned, last: str) -> AsyncGenerator[bytes]:
    """A new look each second, until the platform stops or the stream is old. The client comes back."""
    logs, loop = services.workbench.logs, asyncio.get_running_loop()
    places: Places = read_places(last, logs.services)
    was_asleep = False
    told_at = loop.time()
    ends_at = told_at + services.server.stream_max_age_s
    yield b"retry: %d\n\n" % RETRY_MS
    while loop.time() < ends_at and not services.stopping.is_set():
        try:
            piece = await logs.read(owned.user_id, owned.project_id, places)
        except SandboxUnavailable:
            return
        if piece.lines or piece.is_asleep != was_asleep:
            yield _frame(piece)
            told_at = loop.time()
        elif loop.time() - told_at > services.server.stream_heartbeat_s:
            yield b": heartbeat\n\n"
            told_at = loop.time()
        places, was_asleep = piece.places, piece.is_asleep
        with suppress(TimeoutError):
            async with asyncio.timeout(ASLEEP_LOOK_S if was_asleep else LOOK_S):
                await services.stopping.wait()


def _frame(piece: LogPiece) -> bytes:
    data = json.dumps(_out(piece).model_dump())
    return f"id: {written_places(piece.places)}\ndata: {data}\n\n".encode()


def _out(piece: LogPiece) -> LogsOut:
    return LogsOut(
        is_asleep=piece.is_asleep, lines=[LogLineOut.model_validate(line) for line in piece.lines]
    )
