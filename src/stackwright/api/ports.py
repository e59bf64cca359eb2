"""The ports through which the API uses the rest.

`main.py` fills `ApiServices`; tests fill it with in-memory twins.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol

from stackwright.core.ids import ProjectId, RunId, UserId
from stackwright.core.model_offers import ModelOffers
from stackwright.core.plans import StoredPlan
from stackwright.core.setting_groups import ServerSettings
from stackwright.core.wishes import Wish, WishKind, WishList
from stackwright.db.last_proofs import LastProof
from stackwright.db.messages import MessageRecord
from stackwright.db.projects import ProjectRecord
from stackwright.db.restore_points import RestorePointRecord
from stackwright.db.run_records import RunRecord
from stackwright.db.statistics import LiveRuns
from stackwright.projects.comparisons import Comparisons
from stackwright.projects.notes import NoteService
from stackwright.projects.restore_points import RestorePoints
from stackwright.projects.search import FileSearch
from stackwright.projects.service import ProjectPage, ProjectService
from stackwright.projects.version_previews import VersionPreviews
from stackwright.projects.wishes import WishService
from stackwright.runs.app_logs import AppLogs
from stackwright.runs.attachments import CheckedAttachment
from stackwright.runs.cassettes import CassetteService
from stackwright.runs.costs import Costs, CostService, Estimate
from stackwright.runs.diagnosis import PlatformDiagnosis
from stackwright.runs.events.log import EventLog
from stackwright.runs.events.records import StoredEvent
from stackwright.runs.hand_edits import HandEdits
from stackwright.runs.incoming_message import Mode, OnBusy
from stackwright.runs.pending_messages import PendingMessages
from stackwright.runs.plans import PlanService
from stackwright.runs.preview_actors import PreviewActors
from stackwright.runs.progress import AgentProgress, ProgressReader
from stackwright.runs.service import ProjectState, RunService
from stackwright.runs.submission import AcceptedRun
from stackwright.sandbox.base import SandboxProvider
from stackwright.tools.base import WorkspaceFile


class Runs(Protocol):
    """Accept messages, look at runs, stop them."""

    async def accept(
        self,
        *,
        user_id: str,
        project_id: str,
        message: str,
        email: str | None = None,
        idempotency_key: str | None = None,
        on_busy: OnBusy = "queue",
        attachments: Sequence[CheckedAttachment] = (),
        mode: Mode = "build",
        model: str | None = None,
    ) -> AcceptedRun: ...

    async def answer(
        self, user_id: UserId, project_id: ProjectId, run_id: RunId, answers: dict[str, Any]
    ) -> AcceptedRun: ...

    async def prove(self, user_id: UserId, project_id: ProjectId) -> AcceptedRun: ...

    async def cancel(self, user_id: UserId, project_id: ProjectId, run_id: RunId) -> RunRecord: ...

    async def get(self, user_id: UserId, project_id: ProjectId, run_id: RunId) -> RunRecord: ...

    async def list_of(
        self, user_id: UserId, project_id: ProjectId, *, limit: int = 50, before: int | None = None
    ) -> list[RunRecord]: ...

    async def find_current(self, user_id: UserId, project_id: ProjectId) -> RunRecord | None: ...

    async def find_next(
        self, user_id: UserId, project_id: ProjectId, number: int
    ) -> RunRecord | None: ...

    async def live(self) -> LiveRuns: ...

    async def history(
        self, user_id: UserId, project_id: ProjectId, *, limit: int = 50, before: int | None = None
    ) -> Sequence[MessageRecord]: ...

    async def state(self, user_id: UserId, project_id: ProjectId) -> ProjectState: ...


class Events(Protocol):
    """Read the event log of a run."""

    def follow(
        self,
        user_id: UserId,
        project_id: ProjectId,
        run_id: RunId,
        *,
        after_seq: int = 0,
        known: Sequence[StoredEvent] = (),
    ) -> AsyncGenerator[Sequence[StoredEvent], None]: ...

    async def read(
        self,
        user_id: UserId,
        project_id: ProjectId,
        run_id: RunId,
        *,
        after_seq: int = 0,
        limit: int = 500,
    ) -> list[StoredEvent]: ...


class Projects(Protocol):
    """Projects and their files."""

    async def find_owner(self, project_id: ProjectId) -> UserId | None: ...

    async def list_of(
        self,
        user_id: UserId,
        *,
        limit: int = 50,
        before: tuple[datetime, ProjectId] | None = None,
        search: str = "",
    ) -> ProjectPage: ...

    async def get(self, user_id: UserId, project_id: ProjectId) -> ProjectRecord: ...

    async def create(
        self, user_id: UserId, project_id: ProjectId, *, name: str
    ) -> ProjectRecord: ...

    async def change(
        self, user_id: UserId, project_id: ProjectId, changes: Mapping[str, Any]
    ) -> ProjectRecord: ...

    async def delete(self, user_id: UserId, project_id: ProjectId) -> ProjectRecord: ...

    async def undelete(self, user_id: UserId, project_id: ProjectId) -> ProjectRecord: ...

    async def duplicate(
        self, user_id: UserId, project_id: ProjectId, *, name: str
    ) -> ProjectRecord: ...

    async def find_by_preview_label(self, label: str) -> ProjectRecord | None: ...

    async def list_files(
        self, user_id: UserId, project_id: ProjectId
    ) -> Sequence[WorkspaceFile]: ...

    async def read_file(self, user_id: UserId, project_id: ProjectId, path: str) -> bytes: ...

    async def download(
        self, user_id: UserId, project_id: ProjectId
    ) -> AsyncGenerator[bytes, None]: ...


class Queue(Protocol):
    """Messages that no worker has begun with; afterwards `edit` and `withdraw` raise Conflict."""

    async def list_of(self, user_id: UserId, project_id: ProjectId) -> Sequence[RunRecord]: ...

    async def edit(
        self, user_id: UserId, project_id: ProjectId, run_id: RunId, message: str
    ) -> RunRecord: ...

    async def withdraw(
        self, user_id: UserId, project_id: ProjectId, run_id: RunId
    ) -> RunRecord: ...

    async def reorder(
        self, user_id: UserId, project_id: ProjectId, run_ids: Sequence[RunId]
    ) -> Sequence[RunRecord]: ...


class Versions(Protocol):
    """Restore points of a project."""

    async def list_of(
        self, user_id: UserId, project_id: ProjectId, *, limit: int = 50, before: int | None = None
    ) -> Sequence[RestorePointRecord]: ...

    async def restore(
        self, user_id: UserId, project_id: ProjectId, version: int
    ) -> RestorePointRecord: ...

    async def star(
        self, user_id: UserId, project_id: ProjectId, version: int, *, is_starred: bool
    ) -> RestorePointRecord: ...

    async def proofs(
        self, user_id: UserId, points: Sequence[RestorePointRecord]
    ) -> Mapping[str, LastProof]: ...

    async def manifest(
        self, user_id: UserId, project_id: ProjectId, version: int
    ) -> Mapping[str, str]: ...

    async def read_file(
        self, user_id: UserId, project_id: ProjectId, version: int, path: str
    ) -> bytes: ...


class Wishes(Protocol):
    """The wishes of projects."""

    async def list_of(self, user_id: UserId, project_id: ProjectId) -> WishList: ...

    async def add(
        self, user_id: UserId, project_id: ProjectId, *, text: str, kind: WishKind
    ) -> Wish: ...

    async def edit(
        self,
        user_id: UserId,
        project_id: ProjectId,
        wish_id: str,
        *,
        text: str | None = None,
        kind: WishKind | None = None,
    ) -> Wish: ...

    async def agree(self, user_id: UserId, project_id: ProjectId, wish_id: str) -> Wish: ...

    async def strike(self, user_id: UserId, project_id: ProjectId, wish_id: str) -> None: ...


class Plans(Protocol):
    """The newest plan of each project."""

    async def get(self, user_id: UserId, project_id: ProjectId) -> StoredPlan: ...

    async def edit(
        self, user_id: UserId, project_id: ProjectId, changes: Mapping[str, Any]
    ) -> StoredPlan: ...

    async def approve(
        self, user_id: UserId, project_id: ProjectId, changes: Mapping[str, Any]
    ) -> AcceptedRun: ...


class Notes(Protocol):
    """What agents keep in mind of projects."""

    async def get(self, user_id: UserId, project_id: ProjectId) -> str: ...

    async def put(self, user_id: UserId, project_id: ProjectId, text: str) -> None: ...


class Cassettes(Protocol):
    """Ended runs as files."""

    async def of_run(self, user_id: UserId, project_id: ProjectId, run_id: RunId) -> bytes: ...


class CostReader(Protocol):
    """What runs cost, and what the next one may."""

    async def of_run(self, user_id: UserId, project_id: ProjectId, run_id: RunId) -> Costs: ...

    async def of_project(
        self, user_id: UserId, project_id: ProjectId, *, days: int | None = None
    ) -> Costs: ...

    async def of_user(self, user_id: UserId, *, days: int | None = None) -> Costs: ...

    async def estimate(
        self, user_id: UserId, project_id: ProjectId | None, *, model: str | None = None
    ) -> Estimate: ...


class Screenshots(Protocol):
    """The pictures the gate kept."""

    async def find(
        self, user_id: UserId, project_id: ProjectId, run_id: RunId, sha256: str
    ) -> bytes | None:
        """The PNG, as soon as its report was emitted. None: no such picture of that run."""
        ...


class Progress(Protocol):
    """What the agent knows of a project."""

    async def of(self, project: ProjectRecord) -> AgentProgress: ...


class Apps(Protocol):
    """The running applications, as far as visitors and the owner of a project need them."""

    async def wake(self, user_id: UserId, project_id: ProjectId) -> None:
        """Bring the project's sandbox to the durable workspace and start its services.

        Does nothing while a run works on the project. May take a minute."""
        ...


@dataclass(frozen=True, slots=True)
class PartHealth:
    """`off`: the part is not configured, which is fine."""

    status: Literal["ok", "failed", "off"]
    detail: Mapping[str, Any] = field(default_factory=dict[str, Any])


Probe = Callable[[], Awaitable[PartHealth]]

RenderMetrics = Callable[[], Awaitable[bytes]]
"""All metrics, in the format of core.metrics. Never raises for a part that is down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbench:
    """What a person does with a project besides talking to its agent."""

    edits: HandEdits
    search: FileSearch
    comparisons: Comparisons
    logs: AppLogs
    previews: VersionPreviews
    actors: PreviewActors
    diagnosis: PlatformDiagnosis


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiServices:
    """Everything the API talks to. `probes` are named after the parts in /health; the platform is
    ready when those in `required_probes` are ok. Setting `stopping` ends all streams at once."""

    runs: Runs
    queue: Queue
    events: Events
    projects: Projects
    versions: Versions
    wishes: Wishes
    plans: Plans
    notes: Notes
    cassettes: Cassettes
    costs: CostReader
    models: ModelOffers
    evidence: Screenshots
    apps: Apps
    progress: Progress
    sandboxes: SandboxProvider
    workbench: Workbench
    server: ServerSettings
    version: str
    probes: Mapping[str, Probe]
    required_probes: frozenset[str]
    metrics: RenderMetrics
    public_ports: frozenset[int]
    stopping: asyncio.Event
    visited: Callable[[], None] | None = None
    """Called with each request that suggests that a message may follow."""


if TYPE_CHECKING:

    def _runs_proof(service: RunService) -> Runs:
        return service

    def _queue_proof(queued: PendingMessages) -> Queue:
        return queued

    def _events_proof(log: EventLog) -> Events:
        return log

    def _projects_proof(service: ProjectService) -> Projects:
        return service

    def _progress_proof(reader: ProgressReader) -> Progress:
        return reader

    def _versions_proof(points: RestorePoints) -> Versions:
        return points

    def _costs_proof(service: CostService) -> CostReader:
        return service

    def _plans_proof(service: PlanService) -> Plans:
        return service

    def _cassettes_proof(service: CassetteService) -> Cassettes:
        return service

    def _notes_proof(service: NoteService) -> Notes:
        return service

    def _wishes_proof(service: WishService) -> Wishes:
        return service
