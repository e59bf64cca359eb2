"""What a tool is, and the ports through which tools act on the world.

A tool returns text for the model or raises `ToolFailed` when the model can do better next time.
It never reaches storage: the ports below are implemented elsewhere and handed in by the run.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, Protocol, TypeVar, cast

from pydantic import BaseModel, ConfigDict, model_validator

from stackwright.core.attachments import Attachment
from stackwright.core.events import Event, FormField, PlanStep, Screenshot, VerificationReport
from stackwright.core.ids import ProjectId, RunId
from stackwright.core.plans import Plan
from stackwright.core.text import is_plain
from stackwright.core.wishes import Wish, WishList, WitnessBelief
from stackwright.sandbox.base import Sandbox, ServiceStatus
from stackwright.tools.browser_actions import BrowserAction
from stackwright.tools.schemas import compact
from stackwright.tools.seen import SeenFiles

if TYPE_CHECKING:
    from aiohttp import CookieJar  # a process that only serves does without it

    from stackwright.tools.findings import Findings

Emit = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that the run keeps. `instead` is what a model reads that takes no pictures."""

    sha256: str
    media_type: str
    width: int
    height: int
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Illustrated:
    """A tool's answer with pictures."""

    text: str
    pictures: tuple[Picture, ...] = ()


class ToolFailed(Exception):
    """The call failed in a way the model can act on. The text says what to do instead."""

    def __init__(self, text: str, pictures: Sequence[Picture] = ()) -> None:
        super().__init__(text)
        self.pictures = tuple(pictures)


class AskUser(Exception):
    """The run must wait for the person. Raised by `ask_user_tool`, caught by the agent."""

    def __init__(self, question: str, fields: Sequence[FormField]) -> None:
        super().__init__(question)
        self.question = question
        self.fields = tuple(fields)


class Arguments(BaseModel):
    """Base of every tool's arguments: closed, strict, described for the model."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    left_out_of_schema: ClassVar[frozenset[str]] = frozenset()
    """Keys that the model is not told; calls are checked by them all the same."""

    @model_validator(mode="before")
    @classmethod
    def _is_unicode(cls, data: Any) -> Any:
        if not is_unicode(data):
            raise ValueError("the text holds a lone surrogate or NUL; write valid Unicode")
        return data


def is_unicode(value: Any) -> bool:
    """Whether every text in a JSON value can be stored and sent: no lone surrogate, no NUL."""
    match value:
        case str():
            return is_plain(value)
        case Mapping():
            items = cast("Mapping[Any, Any]", value)
            return all(is_unicode(key) and is_unicode(each) for key, each in items.items())
        case list() | tuple():
            return all(is_unicode(each) for each in cast("Sequence[Any]", value))
        case _:
            return True


@dataclass(frozen=True, slots=True)
class WorkspaceFile:
    """A file as the platform keeps it. `path` is relative to the workspace root."""

    path: str
    sha256: str
    size_bytes: int
    version: int = 0
    """The workspace's version that wrote it last."""


class WorkspaceFiles(Protocol):
    """The project's files: the durable copy first, the sandbox's copy after it.

    Paths are relative to the workspace root; an unsafe one raises core.errors.InvalidPath.
    """

    async def read(self, path: str) -> bytes:
        """The durable bytes; raises core.errors.FileNotInWorkspace."""
        ...

    async def apply(self, changes: Mapping[str, bytes | None]) -> Sequence[str]:
        """Write (bytes) or delete (None) all or nothing. When this returns, every change is
        recorded durably and lies in the sandbox; `file_changed` was emitted for each. Returns the
        paths that really changed."""
        ...

    async def list(self) -> Sequence[WorkspaceFile]: ...

    async def capture(self) -> Sequence[str]:
        """Record what commands changed inside the sandbox; returns the changed paths."""
        ...

    def before_run(self) -> Mapping[str, bytes | None]:
        """What the files that this run changed held before, None: they were not there. It knows of
        changes by this worker, and of very many bytes only the first."""
        ...


class ServiceControl(Protocol):
    """The app's services (`mongo`, `backend`, `frontend`, and ones the agent adds)."""

    async def start(
        self, name: str, *, command: str | None = None, port: int | None = None
    ) -> ServiceStatus:
        """Start (or restart when its code changed) and wait until it answers. Raises ServiceFailed
        with the log's end when it does not. Starting the frontend emits `preview_ready`."""
        ...

    async def stop(self, name: str) -> None: ...

    async def ensure_all(self) -> Sequence[ServiceStatus]:
        """Every service of the template runs with the current code, or its state says why not."""
        ...

    async def status(self) -> Sequence[ServiceStatus]: ...

    async def logs(self, name: str, *, lines: int = 100) -> str: ...


class Notes(Protocol):
    """What the agent keeps on the project for later runs."""

    async def write(self, text: str) -> None:
        """Replace the notes; an empty text forgets them."""
        ...


class Verifier(Protocol):
    """The gate, as tools and the run see it."""

    async def verify(self, *, full: bool) -> VerificationReport:
        """Run the checks, emitting check_started/check_result for each and the report at the end."""
        ...

    async def look(self, route: str) -> Screenshot:
        """Load one route of the app in the browser and keep a picture. Raises ToolFailed."""
        ...

    async def try_witness(self, name: str) -> str:
        """Run the witnesses of one wish (its id) or of one file of `acceptance/` (its path), and tell
        how each went, step by step. Raises ToolFailed when one does not prove its wish."""
        ...


class BrowserSessions(Protocol):
    """Browser windows on the person's preview, by name. They end with the run."""

    async def act(
        self,
        session: str,
        actions: Sequence[BrowserAction],
        *,
        uploads: Mapping[str, bytes],
        accepts_dialogs: bool,
    ) -> Illustrated:
        """Do the actions in order and tell what changed. Raises ToolFailed with all that is known when
        one cannot be done. `uploads`: the files that actions name, by path."""
        ...


class WishBook(Protocol):
    """The project's wishes as tools and the gate see them; kept with the project by the run."""

    async def read(self) -> WishList: ...

    async def set(self, wishes: Sequence[Wish], not_understood: Sequence[str]) -> None:
        """Replace what this run wished for; wishes of earlier runs stay. Emits `wishes_set`."""
        ...

    async def change(self, wish: Wish) -> None:
        """Store one wish anew: its state after a proof, or another wording. Emits `wish_changed`
        when something differs. One that was struck meanwhile stays struck."""
        ...

    async def beliefs(self) -> Mapping[str, WitnessBelief]:
        """What is known of witnesses, by hash."""
        ...

    async def believe(self, belief: WitnessBelief) -> None: ...


class PlanBook(Protocol):
    """The project's plan, as a run that plans sees it."""

    async def propose(self, plan: Plan) -> Plan:
        """Keep the plan with the project, in the place of an earlier one, and show it to the person.
        Returns it as it was kept: with what they corrected before."""
        ...


class ProjectRecords(Protocol):
    """What the platform knows of the project besides its files."""

    async def last_report(self) -> VerificationReport | None:
        """Report of the newest run that was checked."""
        ...


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """What the ledger knows of a tool call. `result` is set when the call had finished before."""

    state: Literal["new", "finished", "unfinished"]
    result: str | None = None
    failed: bool = False
    files_version: int = 0
    """The workspace's version when an unfinished call began."""


class ToolLedger(Protocol):
    """Intent before, result after, keyed by tool_call_id: no effect happens twice."""

    async def begin(self, tool_call_id: str, tool_name: str) -> LedgerEntry: ...

    async def finish(
        self, tool_call_id: str, tool_name: str, result: str, *, failed: bool
    ) -> None: ...


async def nothing_sent() -> Sequence[Attachment]:
    """Finds nothing: for runs whose messages are words only."""
    return ()


async def nothing_kept(sha256: str) -> bytes | None:
    """Finds nothing: for runs without attachments."""
    del sha256
    return None


async def nobody_named(title: str) -> None:
    """Does nothing: for runs outside of a project."""
    del title


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolContext:
    """What one tool call may use; what lies in the sandbox is waited for.

    Everything but `tool_call_id` is shared by the whole run."""

    project_id: ProjectId
    run_id: RunId
    tool_call_id: str
    emit: Emit
    sandbox: Callable[[], Awaitable[Sandbox]]
    files: WorkspaceFiles
    services: Callable[[], Awaitable[ServiceControl]]
    verifier: Callable[[], Awaitable[Verifier]]
    browser: Callable[[], Awaitable[BrowserSessions]]
    plan: list[PlanStep]
    notes: Notes
    wishes: WishBook
    messages: Callable[[], Awaitable[Sequence[str]]]
    """What the person said in this run so far: message, answers, steering."""
    attached: Callable[[], Awaitable[Sequence[Attachment]]] = nothing_sent
    """What the person sent with the messages of this run."""
    kept: Callable[[str], Awaitable[bytes | None]] = nothing_kept
    """The content of an attachment, by its digest."""
    plans: PlanBook | None = None
    """None: this run does not plan."""
    records: ProjectRecords | None = None
    named: Callable[[str], Awaitable[None]] = nobody_named
    """Called with the app's title, which becomes the project's name unless a person gave it one."""
    seen: SeenFiles = field(default_factory=SeenFiles)
    """What the model last saw of each file; guards edits of changed ones."""
    cookies: "dict[str, CookieJar]" = field(default_factory=dict[str, "CookieJar"])
    """Cookies of the people as whom the model sends requests to the app, by name."""
    guides: set[str] = field(default_factory=set[str])
    """Names of the kits whose guide the model has been told."""
    findings: "Findings | None" = None
    """What linters say of written files; None: nobody looks."""
    earlier_sandbox: str | None = None
    """Id of the sandbox that the run's former worker had, if it had one."""
    files_version_before: int = 0
    """The workspace's version when a call that is looked up began."""


A = TypeVar("A", bound=Arguments)


@dataclass(frozen=True, slots=True)
class Tool(Generic[A]):
    """A tool as the registry holds it.

    `effect`: "none" may run again freely, "repeatable" gives the same end state when run again,
    "once" must never be repeated blindly. `touches` names what a call writes; calls of one message
    whose sets intersect run in order, "*" intersects everything. `look_up` finds out how a call of
    effect "once" ended whose worker died; without it the model is told that nobody knows.
    """

    name: str
    description: str
    arguments: type[A]
    run: Callable[[A, ToolContext], Awaitable[str | Illustrated]]
    effect: Literal["none", "repeatable", "once"] = "none"
    touches: Callable[[A], frozenset[str]] = lambda _: frozenset()
    look_up: Callable[[A, ToolContext], Awaitable[str | Illustrated]] | None = None
    needs_sandbox: bool = True
    """Whether a call waits until the run's sandbox is ready; asking and planning need none."""
    is_reading: bool = False
    """Whether a call changes nothing of the project: runs that plan or answer have these tools only."""

    def schema(self) -> dict[str, Any]:
        """The tool in the Anthropic shape: name, description, input_schema."""
        schema = _input_schema(self.arguments)
        return {"name": self.name, "description": self.description, "input_schema": schema}


@cache
def _input_schema(arguments: type[Arguments]) -> dict[str, Any]:
    """Made once: pydantic takes longer to describe all tools than a whole step of the agent."""
    schema = compact(arguments.model_json_schema(), without=arguments.left_out_of_schema)
    return {**schema, "additionalProperties": False}
