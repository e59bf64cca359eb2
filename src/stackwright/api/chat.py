"""Talk to a project: post a message and watch, or only watch."""

from collections.abc import AsyncGenerator, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response

from stackwright.api.attachments import attachments_of
from stackwright.api.deps import (
    LOCAL_USER,
    Owned,
    OwnedProject,
    ProjectPath,
    Services,
    checked_project_id,
    checked_user_id,
)
from stackwright.api.ports import ApiServices
from stackwright.api.problems import MessageTooLong
from stackwright.api.schemas.messages import ChatRequest
from stackwright.api.sse import EventStream, read_event_id
from stackwright.api.wire import SentEvent
from stackwright.core.errors import BadInput
from stackwright.core.ids import ProjectId, RunId, UserId
from stackwright.core.killpoints import reached
from stackwright.db.run_records import RunRecord
from stackwright.runs.events.records import StoredEvent

router = APIRouter(prefix="/api/projects/{project_id}", tags=["chat"])

MAX_SEQ = 10**12

Named = Annotated[bool, Query(description="Add an `event:` line to each frame.")]
IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="Sent again with the same body, the request starts nothing and streams the same run.",
    ),
]
STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Server-sent events; each `data` is one of these, and the last is terminal.",
        "model": SentEvent,
    }
}


@router.post("/chat", status_code=200, responses=STREAM, response_class=EventStream)
async def post_message(
    services: Services,
    project_id: ProjectPath,
    body: ChatRequest,
    named: Named = False,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Start a run, or queue it behind the one under way, and stream it to its end.

    A project or a user not seen before is created. Leaving does not stop the run."""
    project = checked_project_id(project_id)
    if body.project_id is not None and body.project_id != project:
        raise BadInput(f"The body names project {body.project_id!r}, the path {project!r}.")
    if len(body.message.encode()) > services.server.max_message_bytes:
        raise MessageTooLong(services.server.max_message_bytes)
    if body.model is not None:
        services.models.check(body.model)
    user = await _user_of(services, project, body.user_id)
    attachments = await attachments_of(body.attachments)
    accepted = await services.runs.accept(
        user_id=user,
        project_id=project,
        message=body.message,
        email=body.email_id,
        idempotency_key=idempotency_key,
        on_busy=body.on_busy,
        attachments=attachments,
        mode=body.mode,
        model=body.model,
    )
    reached("http.accepted")
    owned = Owned(user, project)
    pages = services.events.follow(
        user,
        project,
        accepted.run_id,
        after_seq=accepted.first_seq - 1,
        known=accepted.begins_with,
    )
    return _stream(services, owned, accepted.run_id, pages, named=named)


@router.get(
    "/chat",
    status_code=200,
    responses={**STREAM, 204: {"description": "No run is under way and nothing is left to read."}},
    response_class=EventStream,
)
async def attach(
    services: Services,
    owned: OwnedProject,
    request: Request,
    after: Annotated[
        str | None,
        Query(description="Like `Last-Event-ID`; a bare number counts in the run under way."),
    ] = None,
    named: Named = False,
) -> Response:
    """Watch the run under way: replay it, or what comes after `Last-Event-ID`, then follow.

    Never starts a run. This is what `EventSource` asks when it reconnects."""
    place = request.headers.get("last-event-id") or after
    current = await services.runs.find_current(owned.user_id, owned.project_id)
    run, after_seq = await _place(services, owned, place, current)
    if run is None:
        return Response(status_code=204)
    pages = services.events.follow(owned.user_id, owned.project_id, run.id, after_seq=after_seq)
    return _stream(services, owned, run.id, pages, named=named)


async def _user_of(services: ApiServices, project: ProjectId, named: str | None) -> UserId:
    if named is not None:
        return checked_user_id(named)
    return await services.projects.find_owner(project) or LOCAL_USER


async def _place(
    services: ApiServices, owned: Owned, place: str | None, current: RunRecord | None
) -> tuple[RunRecord | None, int]:
    """The run to stream, and after which seq. After a run that was read to its end comes the next one."""
    if place is None:
        return current, 0
    if place.isascii() and place.isdigit():
        return current, min(int(place[:13]), MAX_SEQ)
    run_id, seq = read_event_id(place)
    run = await services.runs.get(owned.user_id, owned.project_id, run_id)
    if not run.is_ended or seq < run.last_seq:
        return run, seq
    return await services.runs.find_next(owned.user_id, owned.project_id, run.number), 0


def _stream(
    services: ApiServices,
    owned: Owned,
    run_id: RunId,
    pages: AsyncGenerator[Sequence[StoredEvent], None],
    *,
    named: bool,
) -> EventStream:
    return EventStream(
        pages,
        stopping=services.stopping,
        named=named,
        heartbeat_s=services.server.stream_heartbeat_s,
        max_age_s=services.server.stream_max_age_s,
        headers={"X-Run-Id": run_id, "X-Project-Id": owned.project_id},
    )
