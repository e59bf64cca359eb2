"""What a run hands to the agent, and what the agent hands back."""

from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from stackwright.agent.models.base import ChatModel
from stackwright.core.attachments import Attachment
from stackwright.core.events import FormField
from stackwright.core.ids import ProjectId, RunId
from stackwright.tools.base import Emit, Picture, Tool, ToolContext, ToolLedger


@dataclass(frozen=True, slots=True)
class TurnStart:
    """`steering`: number and text of each message that is not in the conversation yet."""

    model_calls: int
    steering: Sequence[tuple[int, str]] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What the readers of a run know of it: ids of the tool calls whose start, or whose refusal, they
    saw."""

    started: Collection[str]
    refused: Collection[str] = ()
    is_just_answered: bool = False
    """Whether the last that they saw was the person's answer: what led to its question they know."""


class RunControl(Protocol):
    """The person's hands on a run in progress; asked before each turn and each tool."""

    @property
    def is_cancelled(self) -> bool: ...

    async def wait_cancelled(self) -> None: ...

    async def begin_turn(self, known_steering: Sequence[int]) -> TurnStart:
        """Count one more model call of the run, and look for messages that steer it other than
        the known ones."""
        ...

    async def is_steered(self, known_steering: Sequence[int]) -> bool:
        """Whether there are such messages, before the run ends."""
        ...


@dataclass(frozen=True, slots=True)
class Feedback:
    """Why a run does not end yet. `text` goes to the model; a `card` goes to the person instead."""

    text: str
    is_repair: bool = False
    """A proof failed: from now on the model's calls are repairs."""
    failure: str = ""
    """The signature of what failed; kept with the conversation (`AgentWork.remember_failures`)."""
    is_fresh: bool = False
    """The model is sent this text and nothing of the conversation before it."""
    card: Mapping[str, Any] | None = None
    """See `agent.cards`."""
    pictures: tuple[Picture, ...] = ()
    """Pictures of what failed; they go to the model with the text."""


def _nothing_to_notice(name: str, arguments: Mapping[str, Any], answer: str) -> str:
    del name, arguments, answer
    return ""


def _nothing_to_remember(signatures: Sequence[str]) -> None:
    del signatures


async def _no_card() -> Feedback | None:
    return None


async def _no_way_back(version: int) -> None:
    del version


@dataclass(frozen=True, slots=True)
class WorstCase:
    """What one model call may use at most. `usd` None: nobody knows the model's price."""

    model: str
    tokens: int
    usd: float | None
    is_repair: bool = False


class BudgetReached(Exception):
    """A limit has no room for the next model call: the person decides how the run goes on."""

    def __init__(
        self, question: str, *, key: str, times: int, more: str = "", smaller: str = ""
    ) -> None:
        """`more` tells by how much the limit `key` may be raised for the time number `times`, `smaller`
        names a cheaper model; empty: neither is on offer."""
        super().__init__(question)
        self.question = question
        self.key = key
        self.times = times
        self.more = more
        self.smaller = smaller


class Purse(Protocol):
    """Keeps a run within its limits."""

    @property
    def is_open(self) -> bool:
        """Whether there is no limit at all: then nothing needs to be estimated."""
        ...

    async def reserve(self, call: WorstCase) -> None:
        """Return when there is room for the call. Raises BudgetReached."""
        ...

    async def raise_limit(self, key: str, times: int) -> None:
        """Let a limit be `times` as much again. May be repeated."""
        ...


class OpenPurse:
    """The purse of a run without limits."""

    is_open = True

    async def reserve(self, call: WorstCase) -> None:
        pass

    async def raise_limit(self, key: str, times: int) -> None:
        pass


ReadPicture = Callable[[str], Awaitable[bytes | None]]
"""Reads a picture by its digest; None when it is not kept any more."""


async def no_picture(sha256: str) -> None:
    """Reads nothing: for conversations without pictures."""
    del sha256


async def nothing_attached(text: str) -> Sequence[Attachment]:
    """Finds nothing: for runs whose messages are words only."""
    del text
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentWork:
    """One run of the agent. `message` None and `answer` None: resume where a crash left it."""

    project_id: ProjectId
    run_id: RunId
    thread_id: str
    message: str | None
    answer: Mapping[str, Any] | None
    answered: str
    """The `question_id` that the answer is to; empty: the one that waits."""
    saver: Any
    """A LangGraph checkpoint saver of this run's own (`checkpoint.service`)."""
    model: ChatModel
    fallback: ChatModel | None = None
    """Goes on when `model` does not answer, until the run ends."""
    tools: Sequence[Tool[Any]]
    context: Callable[[str, Tool[Any]], Awaitable[ToolContext]]
    """Makes the context of one tool call from its id; waits for the sandbox if the tool needs it."""
    ledger: ToolLedger
    control: RunControl
    emit: Emit
    system_notes: str
    """What this project and its template are like, appended to the system prompt."""
    max_iterations: int
    max_repair_calls: int = 10
    """Model calls after a failing proof; they do not count as iterations."""
    purse: Purse = field(default_factory=OpenPurse)
    service_pids: Callable[[], Mapping[str, int]] = dict
    """Process ids of the app's running services by name, as last seen."""
    picture: ReadPicture = no_picture
    """Reads a picture that the conversation names."""
    attached: Callable[[str], Awaitable[Sequence[Attachment]]] = nothing_attached
    """What the person sent with a message of this run, by the message's text."""
    take_news: Callable[[], str] = str
    """What the model must know about its sandbox besides a tool's result, told once; mostly empty."""
    notice: Callable[[str, Mapping[str, Any], str], str] = _nothing_to_notice
    """What the model must know about a call (its name, arguments and answer) besides its result."""
    told: Told | None = None
    """None: nobody worked on the run before."""
    before_finish: Callable[[], Coroutine[Any, Any, Feedback | None]]
    """Called when the model wants to end. None lets it end."""
    remember_failures: Callable[[Sequence[str]], None] = _nothing_to_remember
    """Called before `before_finish` with the proofs of this run that failed so far, also under earlier workers."""
    give_up: Callable[[], Coroutine[Any, Any, Feedback | None]] = _no_card
    """Called when the calls for repairs are used up. None ends the run."""
    bring_back: Callable[[int], Awaitable[None]] = _no_way_back
    """Brings the files of a version back."""


@dataclass(frozen=True, slots=True)
class AgentOutcome:
    """How the agent's part ended. The run's status is decided by the harness from the gate."""

    ending: Literal["finished", "iterations", "waiting_input", "cancelled", "stopped", "repairs"]
    """`stopped`: the person chose so on a card; `text` says what was reached."""
    text: str = ""
    question: str = ""
    question_id: str = ""
    fields: tuple[FormField, ...] = ()
    steering: tuple[int, ...] = ()
    """Numbers of the steering messages that the agent read."""


FEEDBACK_PREFIX = "[The harness] "
"""Starts every text that `before_finish` gives back, so that it is never taken for the person's."""
