"""What the API takes and gives, as closed models. Records of the services become these here only."""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    FiniteFloat,
    Strict,
    StringConstraints,
    model_validator,
)

from stackwright.api.preview_host import preview_url
from stackwright.core.attachments import Attachment
from stackwright.core.errors import BadInput
from stackwright.core.events import Phase, VerificationReport
from stackwright.core.ids import ProjectId
from stackwright.core.plans import PlannedPage, PlannedRecord, PlannedWish, PlanText
from stackwright.core.setting_groups import ServerSettings
from stackwright.core.text import is_plain
from stackwright.core.wishes import MAX_TEXT_CHARS, MAX_WISHES, Wish, WishKind
from stackwright.db.last_proofs import LastProof
from stackwright.db.messages import MessageRecord
from stackwright.db.projects import ProjectRecord, SandboxState
from stackwright.db.restore_points import RestorePointRecord
from stackwright.db.run_records import RunKind, RunRecord, RunStatus
from stackwright.runs.progress import AgentProgress
from stackwright.runs.service import ProjectState
from stackwright.tools.memory import MAX_NOTES_CHARS

PREVIEW_PORT = 3000
"""The application's front door."""


def _sendable(value: str) -> str:
    if not is_plain(value):
        raise ValueError("a NUL or half a character (a lone surrogate) is no text")
    return value


PlainText = Annotated[str, AfterValidator(_sendable)]
PlainLine = Annotated[
    PlainText,
    StringConstraints(
        min_length=1, max_length=200, strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f]+$"
    ),
]


WishText = Annotated[
    PlainText,
    StringConstraints(
        min_length=1, max_length=MAX_TEXT_CHARS, strip_whitespace=True, pattern=r"\S"
    ),
]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Answer(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class AttachmentIn(_Request):
    """A picture (PNG, JPEG, GIF, WebP) or a text file: either `data` or `url`."""

    name: PlainLine | None = Field(None, description="File name. Default: from `url`.")
    data: str | None = Field(None, description="The file in base64, or as a data: address.")
    url: PlainLine | None = Field(
        None, description="Public web address that the platform fetches it from."
    )

    @model_validator(mode="after")
    def _has_one_source(self) -> Self:
        if (self.data is None) == (self.url is None):
            raise ValueError("give either data or url")
        return self


class ChatRequest(_Request):
    message: PlainText = Field(
        description="What to build or to change, in plain words.",
        examples=["Create a todo app with FastAPI and Next.js"],
    )
    user_id: str | None = Field(
        None,
        description="Whose project it is; a new user is made. Default: the project's owner, else `local`.",
    )
    project_id: str | None = Field(None, description="If present, the same as in the path.")
    email_id: PlainLine | None = Field(None, description="The user's e-mail address.")
    on_busy: Literal["queue", "steer"] = Field(
        "queue",
        description="When a run is under way: wait for its end, or hand the message to it.",
    )
    mode: Literal["build", "plan", "ask"] = Field(
        "build",
        description="`build`: do what the message asks for. `plan`: change nothing and end with a plan to "
        "approve. `ask`: answer, and change nothing. While a run waits for an answer, the message is that.",
    )
    model: PlainLine | None = Field(
        None,
        description="One of `GET /api/models`. A message that makes a project gives it its default, too. "
        "Default: the project's. Steering and answers keep the run's.",
    )
    attachments: list[AttachmentIn] = Field(
        default=[], max_length=20, description="Pictures and text files that the model is shown."
    )


class AnswerRequest(_Request):
    answers: dict[PlainText, PlainText | list[PlainText] | bool | FiniteFloat] = Field(
        min_length=1, max_length=50, description="By the names of the question's fields."
    )


class QueuedChange(_Request):
    message: PlainText = Field(description="What the message is to say instead.")


class QueueOrder(_Request):
    run_ids: list[PlainText] = Field(
        min_length=1, max_length=1000, description="All that wait, in the order that is wanted."
    )


class NewProject(_Request):
    name: PlainLine
    project_id: str | None = Field(None, description="Default: a new id.")
    user_id: str | None = Field(None, description="Default: `local`.")


class ProjectChange(_Request):
    """What is given is changed; null takes a model or a limit away."""

    name: PlainLine | None = Field(None, description="Not null: a project has a name.")
    model: PlainLine | None = Field(
        None, description="Builds it from the next message on: one of `GET /api/models`."
    )
    max_usd: Annotated[float, Strict()] | None = Field(
        None,
        gt=0,
        le=1_000_000,
        allow_inf_nan=False,
        description="Most US dollars for all its runs together, within the platform's own limit.",
    )
    max_tokens: Annotated[int, Strict()] | None = Field(
        None,
        gt=0,
        le=10**12,
        description="Most tokens for all its runs together, within the platform's own limit.",
    )

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("give a name, a model, max_usd or max_tokens")
        if "name" in self.model_fields_set and self.name is None:
            raise ValueError("name: a project has a name")
        return self


class RestoreRequest(_Request):
    version: int | None = Field(
        None,
        ge=1,
        le=2_000_000_000,
        description="Bring back this version. Without it, the project is made ready to go on with.",
    )


class NewWish(_Request):
    text: WishText
    kind: WishKind = "behaviour"


class WishChange(_Request):
    text: WishText | None = None
    kind: WishKind | None = None


class NotesIn(_Request):
    notes: Annotated[PlainText, Field(max_length=MAX_NOTES_CHARS)]


class NotesOut(BaseModel):
    notes: str


class PlanChange(_Request):
    """What is given replaces that part of the plan; what is left out stays."""

    title: PlanText | None = None
    wishes: Annotated[list[PlannedWish], Field(min_length=1, max_length=MAX_WISHES)] | None = None
    records: Annotated[list[PlannedRecord], Field(max_length=30)] | None = None
    pages: Annotated[list[PlannedPage], Field(max_length=40)] | None = None
    decisions: Annotated[list[PlanText], Field(max_length=40)] | None = None
    questions: Annotated[list[PlanText], Field(max_length=40)] | None = None
    not_understood: Annotated[list[PlanText], Field(max_length=40)] | None = None


class PlanOut(_Answer):
    """A plan, and what became of it."""

    title: str
    wishes: tuple[PlannedWish, ...]
    records: tuple[PlannedRecord, ...]
    pages: tuple[PlannedPage, ...]
    decisions: tuple[str, ...]
    questions: tuple[str, ...]
    not_understood: tuple[str, ...]
    state: Literal["open", "approved"]
    run_id: str = Field(description="The run that made it.")
    build_run_id: str = Field(description="The run that builds it, once it is approved.")
    corrections: tuple[str, ...] = Field(description="What the person corrected in the records.")


class ProjectOut(_Answer):
    id: str
    user_id: str
    name: str
    status: Literal["active", "paused", "ended"]
    sandbox_state: SandboxState
    preview_url: str = Field(description="Where the application is visited.")
    model: str | None = Field(None, description="Builds it; null: the platform's default.")
    max_usd: float | None = Field(None, description="Its own limit; null: it has none.")
    max_tokens: int | None = Field(None, description="The same in tokens.")
    created_at: datetime
    updated_at: datetime


class ListedProject(ProjectOut):
    """With whether it is worked on, and what its last proof said."""

    is_working: bool = Field(False, description="A run is under way, in line, or waits for you.")
    last_status: str | None = Field(
        None, description="`verified`, `partly` or `unverified`; null: never proven."
    )
    last_sentence: str = Field("", description="The report of that proof in a sentence.")
    wishes: int = Field(0, description="How many wishes that proof looked at.")
    proven: int = Field(0, description="How many of them it saw working.")
    picture: str | None = Field(None, description="Address of a screenshot of that proof.")


class ProjectList(BaseModel):
    """Newest first. `next` goes into the following call's `cursor`."""

    projects: list[ListedProject]
    next: str | None


class RunOut(_Answer):
    id: str
    project_id: str
    number: int
    kind: RunKind = Field(
        description="`proof`: it proves the app as it is, without a model. `plan`, `ask`: it changes nothing."
    )
    status: RunStatus
    input: str
    model: str | None = Field(description="That its message named; null: the project's.")
    interrupt: dict[str, Any] | None
    attempts: int
    model_calls: int
    cancel_cause: str | None
    last_seq: int
    usage: dict[str, Any] | None
    cost_usd: float | None
    error: dict[str, Any] | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


class RunList(BaseModel):
    """Newest first. `next` goes into the following call's `before`."""

    runs: list[RunOut]
    next: int | None


class CostOut(_Answer):
    """A sum over model calls. `unpriced_calls` are not in `usd`: nobody knows their price."""

    name: str
    usd: float
    tokens: int
    calls: int
    cached_tokens: int
    unpriced_calls: int


class CostsOut(_Answer):
    """One sum, told in several ways. `repair` is the part that followed failing proofs."""

    total: CostOut
    repair: CostOut
    by_day: list[CostOut]
    by_tool: list[CostOut]
    by_model: list[CostOut]


class EstimateOut(_Answer):
    """What the next run may cost. Without `usd` nobody knows the model's price."""

    model: str
    usd: float | None
    tokens: int
    model_calls: int
    is_free: bool
    sentence: str


class QueuedOut(_Answer):
    """A message that waits, named by the run that will work on it."""

    run_id: str
    message: str
    created_at: datetime


class QueuedList(BaseModel):
    """In the order in which they will be worked on."""

    messages: list[QueuedOut]


class RunAccepted(BaseModel):
    run_id: str
    project_id: str


class MessageOut(_Answer):
    id: str
    number: int
    run_id: str
    role: Literal["user", "assistant"]
    content: str
    tool_calls: list[dict[str, Any]]
    status: str | None = Field(description="Of an assistant's message: how its run ended.")
    attachments: tuple[Attachment, ...] = Field(
        default=(), description="What came with a person's message."
    )
    wishes: tuple[Wish, ...] = Field(
        default=(), description="Of a person's message: what was read out of it, as it stands now."
    )
    created_at: datetime


class History(BaseModel):
    """In reading order. `next` goes into the following call's `before`, for older messages."""

    project_id: str
    messages: list[MessageOut]
    next: int | None


class WishListOut(BaseModel):
    project_id: str
    wishes: tuple[Wish, ...]
    not_understood: tuple[str, ...] = Field(
        description="Words of the last message that changed something which are in no wish."
    )


class StateOut(BaseModel):
    project_id: str
    user_id: str
    name: str
    status: Literal["active", "paused", "ended"]
    sandbox_state: SandboxState
    preview_url: str
    model: str | None
    max_usd: float | None
    max_tokens: int | None
    current_run: RunOut | None = Field(description="The run to attach to, if any is under way.")
    last_report: VerificationReport | None
    last_report_run_id: str | None
    wishes: tuple[Wish, ...]
    not_understood: tuple[str, ...]
    runs_by_status: dict[str, int]
    messages: int
    files: int
    current_phase: Phase | None = Field(description="Of the newest run; null before the first.")
    next_steps: list[str] = Field(description="Open steps of the plan.")
    recent_thinking: list[str] = Field(description="What the agent said last.")
    error_count: int = Field(description="Tool calls that failed or were refused.")
    active_files: list[str] = Field(description="Files that the agent worked on.")
    service_pids: dict[str, int] = Field(description="Of services that run in the sandbox.")
    tokens_used: int
    created_at: datetime
    updated_at: datetime


class FileOut(_Answer):
    path: str
    sha256: str
    size_bytes: int


class FileList(BaseModel):
    project_id: str
    files: list[FileOut]


class VersionOut(_Answer):
    version: int
    run_id: str | None
    restored_from: int | None
    title: str
    status: str
    created_at: datetime
    is_starred: bool = False
    picture: str | None = Field(
        None, description="Address of a screenshot of it, as the last proof saw it."
    )


class FileDigest(BaseModel):
    path: str
    sha256: str


class VersionFiles(BaseModel):
    version: int
    files: list[FileDigest]


class VersionList(BaseModel):
    """Newest first. `next` goes into the following call's `before`."""

    project_id: str
    versions: list[VersionOut]
    next: int | None


def project_out(project: ProjectRecord, server: ServerSettings) -> ProjectOut:
    return ProjectOut(
        id=project.id,
        user_id=project.user_id,
        name=project.name,
        status=project.status,
        sandbox_state=project.sandbox_state,
        preview_url=preview_url(server, project.preview_label, PREVIEW_PORT),
        model=project.model,
        max_usd=project.max_usd,
        max_tokens=project.max_tokens,
        created_at=project.created_at,
        updated_at=project.updated_at,
    )


def listed_project(
    project: ProjectRecord, server: ServerSettings, proof: LastProof | None, *, is_working: bool
) -> ListedProject:
    shown = ListedProject.model_validate(project_out(project, server).model_dump())
    update: dict[str, Any] = {"is_working": is_working}
    if proof is not None:
        update |= {"last_status": proof.status, "last_sentence": proof.sentence}
        update |= {"wishes": proof.wishes, "proven": proof.proven}
        update |= {"picture": picture_of(project.id, proof)}
    return shown.model_copy(update=update)


def queued_out(run: RunRecord) -> QueuedOut:
    return QueuedOut(run_id=run.id, message=run.input, created_at=run.created_at)


def run_out(run: RunRecord) -> RunOut:
    return RunOut.model_validate(run)


def message_out(message: MessageRecord, wishes: Sequence[Wish]) -> MessageOut:
    """With those of the project's wishes that come from this message."""
    shown = MessageOut.model_validate(message)
    if message.role != "user":
        return shown
    mine = tuple(
        wish
        for wish in wishes
        if wish.run_id == message.run_id and all(quote in message.content for quote in wish.quotes)
    )
    return shown.model_copy(update={"wishes": mine})


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


def state_out(state: ProjectState, progress: AgentProgress, server: ServerSettings) -> StateOut:
    project = project_out(state.project, server)
    report = state.last_report
    return StateOut(
        project_id=project.id,
        **project.model_dump(exclude={"id"}),
        current_run=None if state.current_run is None else run_out(state.current_run),
        last_report=None if report is None else VerificationReport.model_validate(report),
        last_report_run_id=state.last_report_run_id,
        wishes=state.wishes.wishes,
        not_understood=state.wishes.not_understood,
        runs_by_status=state.runs_by_status,
        messages=state.messages,
        files=state.files,
        current_phase=progress.current_phase,
        next_steps=list(progress.next_steps),
        recent_thinking=list(progress.recent_thinking),
        error_count=progress.error_count,
        active_files=list(progress.active_files),
        service_pids=progress.service_pids or {},
        tokens_used=progress.tokens_used,
    )


def write_cursor(place: tuple[datetime, ProjectId] | None) -> str | None:
    """A page's end, opaque to clients."""
    if place is None:
        return None
    return base64.urlsafe_b64encode(f"{place[0].isoformat()}|{place[1]}".encode()).decode()


def read_cursor(cursor: str | None) -> tuple[datetime, ProjectId] | None:
    """Raises BadInput."""
    if cursor is None:
        return None
    try:
        when, _, project = base64.urlsafe_b64decode(cursor).decode().partition("|")
        place = datetime.fromisoformat(when)
    except (binascii.Error, ValueError) as error:
        raise BadInput(
            f"{cursor[:100]!r} is no cursor; use the `next` of the page before."
        ) from error
    if place.tzinfo is None or not project.isprintable():
        raise BadInput(f"{cursor[:100]!r} is no cursor; use the `next` of the page before.")
    return place, ProjectId(project)
