"""The runs of a project: look, stop, answer, read what the gate saw."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from stackwright.api.deps import OwnedProject, Services
from stackwright.api.schemas.messages import AnswerRequest
from stackwright.api.schemas.runs import RunAccepted, RunList, RunOut, run_out
from stackwright.api.wire import EventPage
from stackwright.core.errors import PlatformError, RunNotFound
from stackwright.core.events import VerificationReport
from stackwright.core.ids import RunId, is_sane_id

router = APIRouter(prefix="/api/projects/{project_id}/runs", tags=["runs"])

PNG: dict[int | str, dict[str, Any]] = {200: {"content": {"image/png": {}}}}
JPEG: dict[int | str, dict[str, Any]] = {200: {"content": {"image/jpeg": {}}}}
GZIP: dict[int | str, dict[str, Any]] = {200: {"content": {"application/gzip": {}}}}
REPLAY: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {}}}}

RunPath = Annotated[str, Path(description="The run's id.")]
Limit = Annotated[int, Query(ge=1, le=200)]
Before = Annotated[int | None, Query(ge=1, le=2_000_000_000)]


class NoReport(PlatformError):
    status = 404
    code = "no_report"

    def __init__(self, run_id: str) -> None:
        super().__init__(f"The gate has not reported on run {run_id!r}.")


class NoScreenshot(PlatformError):
    status = 404
    code = "screenshot_not_found"

    def __init__(self) -> None:
        super().__init__("This run has no such screenshot; its report lists those it has.")


def checked_run_id(run_id: str) -> RunId:
    if not is_sane_id(run_id):
        raise RunNotFound(run_id[:120])
    return RunId(run_id)


@router.get("")
async def list_runs(
    services: Services, owned: OwnedProject, limit: Limit = 50, before: Before = None
) -> RunList:
    """Runs of the project, newest first."""
    runs = await services.runs.list_of(owned.user_id, owned.project_id, limit=limit, before=before)
    more = runs[-1].number if len(runs) == limit else None
    return RunList(runs=[run_out(run) for run in runs], next=more)


@router.get("/{run_id}")
async def get_run(services: Services, owned: OwnedProject, run_id: RunPath) -> RunOut:
    return run_out(await services.runs.get(owned.user_id, owned.project_id, checked_run_id(run_id)))


@router.get("/{run_id}/events", responses={200: {"model": EventPage}}, response_class=Response)
async def list_events(
    services: Services,
    owned: OwnedProject,
    run_id: RunPath,
    after: Annotated[int, Query(ge=0, le=2_000_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 500,
) -> Response:
    """The run's event log, a page at a time."""
    run = await services.runs.get(owned.user_id, owned.project_id, checked_run_id(run_id))
    events = await services.events.read(
        owned.user_id, owned.project_id, run.id, after_seq=after, limit=limit
    )
    following = str(events[-1].seq) if len(events) == limit else "null"
    page = b",".join(event.as_json() for event in events)
    return Response(
        b'{"events":[%b],"next":%b}' % (page, following.encode()), media_type="application/json"
    )


@router.post("/{run_id}/cancel")
async def cancel_run(services: Services, owned: OwnedProject, run_id: RunPath) -> RunOut:
    """Stop a run; one that has ended stays as it is. A running one ends within about two seconds."""
    return run_out(
        await services.runs.cancel(owned.user_id, owned.project_id, checked_run_id(run_id))
    )


@router.post("/{run_id}/answer", status_code=202)
async def answer_run(
    services: Services, owned: OwnedProject, run_id: RunPath, body: AnswerRequest
) -> RunAccepted:
    """Answer the question of a waiting run; attach to it with `GET …/chat`."""
    accepted = await services.runs.answer(
        owned.user_id, owned.project_id, checked_run_id(run_id), dict(body.answers)
    )
    return RunAccepted(run_id=accepted.run_id, project_id=accepted.project_id)


@router.get("/{run_id}/report")
async def get_report(
    services: Services, owned: OwnedProject, run_id: RunPath
) -> VerificationReport:
    """What the gate saw in this run."""
    run = await services.runs.get(owned.user_id, owned.project_id, checked_run_id(run_id))
    if run.report is None:
        raise NoReport(run_id)
    return VerificationReport.model_validate(run.report)


@router.get("/{run_id}/cassette", responses=GZIP, response_class=Response)
async def get_cassette(services: Services, owned: OwnedProject, run_id: RunPath) -> Response:
    """The ended run as a file without secrets, which `stackwright replay` plays offline."""
    content = await services.cassettes.of_run(
        owned.user_id, owned.project_id, checked_run_id(run_id)
    )
    return Response(content, media_type="application/gzip")


Digest = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]


@router.get("/{run_id}/screenshots/{sha256}.png", responses=PNG, response_class=Response)
async def get_screenshot(
    services: Services, owned: OwnedProject, run_id: RunPath, sha256: Digest
) -> Response:
    """A page as the gate saw it."""
    return await _evidence(services, owned, run_id, sha256, "image/png")


@router.get("/{run_id}/screenshots/{sha256}.jpg", responses=JPEG, response_class=Response)
async def get_step_picture(
    services: Services, owned: OwnedProject, run_id: RunPath, sha256: Digest
) -> Response:
    """A step of a witness."""
    return await _evidence(services, owned, run_id, sha256, "image/jpeg")


@router.get("/{run_id}/replays/{sha256}.json", responses=REPLAY, response_class=Response)
async def get_replay(
    services: Services, owned: OwnedProject, run_id: RunPath, sha256: Digest
) -> Response:
    """The recording of a witness: a list of frames, `{"at": seconds, "jpeg": base64}`."""
    return await _evidence(services, owned, run_id, sha256, "application/json")


_BEGINNINGS = {"image/png": b"\x89PNG", "image/jpeg": b"\xff\xd8", "application/json": b"["}


async def _evidence(
    services: Services, owned: OwnedProject, run_id: RunPath, sha256: str, kind: str
) -> Response:
    content = await services.evidence.find(
        owned.user_id, owned.project_id, checked_run_id(run_id), sha256
    )
    if content is None or not content.startswith(_BEGINNINGS[kind]):
        raise NoScreenshot
    return Response(
        content,
        media_type=kind,
        headers={
            "Cache-Control": "private, max-age=31536000, immutable",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )
