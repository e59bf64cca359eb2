"""Everything a run can say to a client: one closed union, nothing else goes over the wire.

Start reading here. Order within a run (`seq` is dense, from 1):
`user_message`, `run_queued`, `agent_start` (or `agent_resumed` after a crash), then work events,
then exactly one of the terminal events `agent_complete`, `error`, `agent_cancelled`.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from stackwright.core.attachments import Attachment
from stackwright.core.plans import Plan
from stackwright.core.wishes import Wish, WishKind, WishState

Phase = Literal["planning", "backend", "frontend", "integration"]
UsagePurpose = Literal["build", "repair", "summary"]
BudgetScope = Literal["run", "project", "user", "day", "repair"]
CheckStatus = Literal["verified", "partly", "unverified"]


class _Event(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class UserMessage(_Event):
    """The accepted message. First event of its run; again, with the same `message_id`, when it was
    changed in the queue."""

    type: Literal["user_message"] = "user_message"
    message_id: str
    text: str
    attachments: tuple[Attachment, ...] = ()


class RunQueued(_Event):
    """The run is committed and waits for a worker. Follows `user_message`."""

    type: Literal["run_queued"] = "run_queued"
    position: int = Field(description="Runs of this project that come first.")


class AgentStart(_Event):
    """A worker took the run up. Exactly one per run; precedes all work events."""

    type: Literal["agent_start"] = "agent_start"
    timestamp: str
    project_id: str


class AgentResumed(_Event):
    """Another worker goes on with the run after a crash or a hand-over."""

    type: Literal["agent_resumed"] = "agent_resumed"
    attempt: int


class AgentThinking(_Event):
    """A batch of streamed text from the model. `kind` tells visible text from reasoning."""

    type: Literal["agent_thinking"] = "agent_thinking"
    token: str
    node: str = "model"
    kind: Literal["text", "thinking"] = "text"


class MessageReset(_Event):
    """Text streamed since the last complete message is void: the model call is repeated."""

    type: Literal["message_reset"] = "message_reset"
    reason: str


class ToolArgsDelta(_Event):
    """A piece of a tool call's JSON while the model writes it. `tool_start` follows if it is sound,
    else `tool_refused` or `message_reset`."""

    type: Literal["tool_args_delta"] = "tool_args_delta"
    tool_id: str
    tool_name: str
    delta: str


class ToolRefused(_Event):
    """The call is not executed: it is incomplete or does not fit the tool. The model reads why."""

    type: Literal["tool_refused"] = "tool_refused"
    tool_name: str
    tool_id: str
    reason: str


class ToolStart(_Event):
    """A tool call is about to run. Exactly one `tool_complete` with the same tool_id follows."""

    type: Literal["tool_start"] = "tool_start"
    tool_name: str
    tool_id: str
    tool_args: dict[str, Any]


class ToolOutput(_Event):
    """A piece of output of a running tool."""

    type: Literal["tool_output"] = "tool_output"
    tool_id: str
    stream: Literal["stdout", "stderr"]
    text: str


class ToolComplete(_Event):
    """The call ended: normally, with an error the model can read, or by cancellation."""

    type: Literal["tool_complete"] = "tool_complete"
    tool_name: str
    tool_id: str
    output_preview: str
    outcome: Literal["ok", "failed", "cancelled"] = "ok"
    duration_ms: int = 0


class FileChanged(_Event):
    """A file of the workspace was recorded durably (before the tool call is acknowledged)."""

    type: Literal["file_changed"] = "file_changed"
    path: str
    change: Literal["created", "modified", "deleted"]
    sha256: str | None = None
    size_bytes: int = 0
    added: int = Field(default=0, description="Lines added.")
    removed: int = Field(default=0, description="Lines removed.")


class PlanStep(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    status: Literal["pending", "active", "done"] = "pending"


class PlanUpdated(_Event):
    """The whole plan, each time it changes."""

    type: Literal["plan_updated"] = "plan_updated"
    steps: tuple[PlanStep, ...]


class PlanProposed(_Event):
    """What a run in plan mode would build. It is kept with the project, to be edited and approved."""

    type: Literal["plan_proposed"] = "plan_proposed"
    plan: Plan


class PhaseChanged(_Event):
    """The run entered a phase, on evidence. Phases come in this order; a run goes back to none."""

    type: Literal["phase_changed"] = "phase_changed"
    phase: Phase


class StateChanged(_Event):
    """A plain sentence on what happens around the agent: preparing the sandbox, retrying, waiting."""

    type: Literal["state"] = "state"
    state: str
    detail: str = ""
    code: str = Field(default="", description="Stable code of the cause, when it is an error.")


class Usage(_Event):
    """Tokens and cost of one model call, also of one that broke off; totals are in the run. `repair`: it followed a failing proof."""

    type: Literal["usage"] = "usage"
    model: str
    input_tokens: int
    output_tokens: int
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    cost_usd: float | None = Field(
        default=None, description="US dollars; none if nobody knows the model's price."
    )
    purpose: UsagePurpose = "build"
    tools: tuple[str, ...] = Field(
        default=(), description="Tools that the message called: its cost is theirs."
    )

    @property
    def tokens(self) -> int:
        """All of them, as token limits count."""
        read = self.input_tokens + self.cache_read_tokens + self.cache_write_tokens
        return read + self.output_tokens


class PreviewReady(_Event):
    """The app answers at `url`. Repeated when the address changes."""

    type: Literal["preview_ready"] = "preview_ready"
    url: str
    port: int


class ServiceLog(_Event):
    """A line that a service of the app wrote and that somebody should see."""

    type: Literal["service_log"] = "service_log"
    service: str
    text: str


class PreviewError(_Event):
    """The app failed in a way its visitor sees."""

    type: Literal["preview_error"] = "preview_error"
    message: str
    source: str = ""


class CheckStarted(_Event):
    """A check of the gate began. One `check_result` with this name follows."""

    type: Literal["check_started"] = "check_started"
    name: str


class CheckResult(_Event):
    """A check of the gate ended."""

    type: Literal["check_result"] = "check_result"
    name: str
    ok: bool
    seconds: float
    detail: str = ""


class CheckSummary(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    ok: bool
    seconds: float
    detail: str = ""


class Screenshot(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    route: str
    url: str = Field(description="Where the PNG can be fetched, relative to the platform.")
    sha256: str
    width: int
    height: int


class WishProof(BaseModel):
    """What the proof saw of one wish."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    text: str
    kind: WishKind
    quotes: tuple[str, ...] = ()
    state: WishState
    reason: str = Field(default="", description="Why it is not proven, for people.")
    details: str = Field(default="", description="What the programs said that tried it.")
    seconds: float = 0.0
    witnesses: tuple[str, ...] = Field(default=(), description="Tests that tried it.")
    pictures: tuple[Screenshot, ...] = Field(default=(), description="One per step, in order.")
    replay: str | None = Field(default=None, description="Where the recording can be fetched.")


class Regression(BaseModel):
    """A wish that an earlier run proved and that fails now."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    wish_id: str
    text: str
    broken_by: str = Field(description="The run after which it failed first.")
    reason: str = ""


class MachineState(BaseModel):
    """How busy the machine was during a proof, and what was tried again because of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pressure: float = Field(description="Percent of the time in which work waited for a processor.")
    repeated: tuple[str, ...] = Field(
        default=(), description="Checks and witnesses that were tried again, with more time."
    )
    too_slow: tuple[str, ...] = Field(
        default=(), description="Checks that timed out again: the machine's fault, not the app's."
    )


class VerificationReport(_Event):
    """What the gate saw. The last one before the terminal event is the run's report."""

    type: Literal["verification_report"] = "verification_report"
    status: CheckStatus
    sentence: str = Field(default="", description="The ending in words, composed by the harness.")
    checks: tuple[CheckSummary, ...]
    wishes: tuple[WishProof, ...] = ()
    not_understood: tuple[str, ...] = Field(
        default=(), description="Words of the message that are in no wish."
    )
    regressions: tuple[Regression, ...] = ()
    weakened: tuple[str, ...] = Field(
        default=(), description="Tests that this run deleted, skipped or made assert less."
    )
    machine: MachineState | None = None
    screenshots: tuple[Screenshot, ...] = ()
    seconds: float = 0.0


class WishesSet(_Event):
    """The wishes that the agent read out of the message, and the words that are in none of them.

    Comes before the first change of a run that changes something; again when the list is corrected."""

    type: Literal["wishes_set"] = "wishes_set"
    wishes: tuple[Wish, ...]
    not_understood: tuple[str, ...] = ()


class WishChanged(_Event):
    """A wish got another state or another wording, with the reason in it."""

    type: Literal["wish_changed"] = "wish_changed"
    wish: Wish


class VersionCreated(_Event):
    """A restore point was made."""

    type: Literal["version_created"] = "version_created"
    version: int
    title: str


class FormField(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    label: str
    kind: Literal["text", "choice", "multi_choice"] = "text"
    choices: tuple[str, ...] = ()


class UserInputRequired(_Event):
    """The agent asks. The run waits until an answer is posted."""

    type: Literal["user_input_required"] = "user_input_required"
    question: str
    fields: tuple[FormField, ...] = ()


class BudgetWarning(_Event):
    """Four fifths of a limit are spent, or it is reached: then `user_input_required` follows, unless it
    may not be raised."""

    type: Literal["budget_warning"] = "budget_warning"
    message: str
    scope: BudgetScope = "run"
    unit: Literal["usd", "tokens"] = "usd"
    spent: float = 0.0
    limit: float = 0.0
    is_reached: bool = False


class AgentComplete(_Event):
    """Terminal: the run ended by itself. `status` repeats the gate's word, never the model's."""

    type: Literal["agent_complete"] = "agent_complete"
    timestamp: str
    project_id: str
    status: CheckStatus | Literal["answered"]
    preview_url: str | None = None


class AgentCancelled(_Event):
    """Terminal: the person stopped the run."""

    type: Literal["agent_cancelled"] = "agent_cancelled"
    timestamp: str
    project_id: str
    cause: str = "user"


class RunError(_Event):
    """Terminal: the run could not go on. `error_type` is a stable code; with `?named=1` it is `type` too."""

    type: Literal["error"] = "error"
    message: str
    error_type: str
    timestamp: str


Event = Annotated[
    UserMessage
    | RunQueued
    | AgentStart
    | AgentResumed
    | AgentThinking
    | MessageReset
    | ToolArgsDelta
    | ToolRefused
    | ToolStart
    | ToolOutput
    | ToolComplete
    | FileChanged
    | PlanUpdated
    | PlanProposed
    | PhaseChanged
    | StateChanged
    | Usage
    | PreviewReady
    | ServiceLog
    | PreviewError
    | CheckStarted
    | CheckResult
    | VerificationReport
    | WishesSet
    | WishChanged
    | VersionCreated
    | UserInputRequired
    | BudgetWarning
    | AgentComplete
    | AgentCancelled
    | RunError,
    Field(discriminator="type"),
]
EVENTS: TypeAdapter[Event] = TypeAdapter(Event)

TERMINAL_TYPES = frozenset({"agent_complete", "agent_cancelled", "error"})
