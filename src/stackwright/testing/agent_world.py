"""Everything that one run of the agent needs, in memory: files, ledger, control, recorded events."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from langgraph.checkpoint.memory import InMemorySaver
from pydantic import Field

from stackwright.agent.contract import AgentWork, Feedback, RunControl, Told, TurnStart
from stackwright.agent.models.base import ChatModel
from stackwright.core.events import Event, FormField
from stackwright.core.ids import ProjectId, RunId, new_id
from stackwright.tools.base import (
    Arguments,
    AskUser,
    LedgerEntry,
    Tool,
    ToolContext,
    ToolFailed,
    ToolLedger,
)


@dataclass(slots=True)
class HandControl:
    """A run's control, worked by hand."""

    steering: list[str] = field(default_factory=list[str])
    model_calls: int = 0
    _cancelled: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def is_cancelled(self) -> bool:
        return self._cancelled.is_set()

    def cancel(self) -> None:
        self._cancelled.set()

    async def wait_cancelled(self) -> None:
        await self._cancelled.wait()

    async def begin_turn(self, known_steering: Sequence[int]) -> TurnStart:
        self.model_calls += 1
        return TurnStart(self.model_calls, self._unread(known_steering))

    async def is_steered(self, known_steering: Sequence[int]) -> bool:
        return bool(self._unread(known_steering))

    def _unread(self, known: Sequence[int]) -> list[tuple[int, str]]:
        return [(number, text) for number, text in enumerate(self.steering) if number not in known]


@dataclass(slots=True)
class MemoryLedger:
    """Results by tool call id; None while a call has begun and not finished."""

    entries: dict[str, tuple[str, bool] | None] = field(
        default_factory=dict[str, tuple[str, bool] | None]
    )

    async def begin(self, tool_call_id: str, tool_name: str) -> LedgerEntry:
        del tool_name
        if tool_call_id not in self.entries:
            self.entries[tool_call_id] = None
            return LedgerEntry("new")
        known = self.entries[tool_call_id]
        if known is None:
            return LedgerEntry("unfinished")
        return LedgerEntry("finished", known[0], known[1])

    async def finish(self, tool_call_id: str, tool_name: str, result: str, *, failed: bool) -> None:
        del tool_name
        self.entries[tool_call_id] = (result, failed)


class WriteFile(Arguments):
    path: str = Field(description="Path of the file.")
    content: str = Field(description="The whole file.")


class ReadFile(Arguments):
    path: str = Field(description="Path of the file.")


class Ask(Arguments):
    question: str = Field(description="What to ask.")


class NoArguments(Arguments):
    pass


@dataclass(slots=True)
class AgentWorld:
    """Makes `AgentWork`s of one conversation. `files` is what its tools write."""

    model: ChatModel
    fallback: ChatModel | None = None
    notes: str = "A small world for tests."
    saver: Any = field(default_factory=InMemorySaver)
    control: HandControl = field(default_factory=HandControl)
    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    files: dict[str, str] = field(default_factory=dict[str, str])
    events: list[Event] = field(default_factory=list[Event])
    executed: list[str] = field(default_factory=list[str])
    feedback: list[str] = field(default_factory=list[str])
    """Texts that `before_finish` gives back, one each time; then None."""
    before_finish: Callable[[], Coroutine[Any, Any, Feedback | None]] | None = None
    """Instead."""
    extra_tools: list[Tool[Any]] = field(default_factory=list[Tool[Any]])
    service_pids: dict[str, int] = field(default_factory=dict[str, int])
    on_event: Callable[[Event], None] | None = None

    def work(
        self,
        message: str | None,
        *,
        run_id: str | None = None,
        answer: Mapping[str, Any] | None = None,
        answered: str = "",
        max_iterations: int = 25,
    ) -> AgentWork:
        """A `run_id` names a run that an earlier work began."""
        return AgentWork(
            project_id=ProjectId("p1"),
            run_id=RunId(run_id or new_id()),
            thread_id="p1",
            message=message,
            answer=answer,
            answered=answered,
            saver=self.saver,
            model=self.model,
            fallback=self.fallback,
            tools=self.tools(),
            context=self._context,
            ledger=self.ledger,
            control=self.control,
            emit=self._emit,
            system_notes=self.notes,
            max_iterations=max_iterations,
            service_pids=lambda: self.service_pids,
            told=None if run_id is None else self._told(is_just_answered=answer is not None),
            before_finish=self.before_finish or self._before_finish,
        )

    def _told(self, *, is_just_answered: bool) -> Told:
        started, refused = (
            [event.tool_id for event in self.of(kind)] for kind in ("tool_start", "tool_refused")
        )
        return Told(started, refused, is_just_answered)

    def kinds(self) -> list[str]:
        return [event.type for event in self.events]

    def of(self, kind: str) -> list[Any]:
        return [event for event in self.events if event.type == kind]

    def tools(self) -> list[Tool[Any]]:
        return [
            Tool(
                "write_file",
                "Writes a file.",
                WriteFile,
                self._write,
                effect="repeatable",
                touches=lambda a: frozenset({a.path}),
            ),
            Tool("read_file", "Reads a file.", ReadFile, self._read),
            Tool("ask_user_tool", "Asks the person.", Ask, _ask),
            Tool("break_down", "Has a bug.", NoArguments, _break_down),
            *self.extra_tools,
        ]

    def _emit(self, event: Event) -> None:
        self.events.append(event)
        if self.on_event is not None:
            self.on_event(event)

    async def _context(self, tool_call_id: str, _: Tool[Any]) -> ToolContext:
        self.executed.append(tool_call_id)
        # These tools act on this object alone; they use no port of the context.
        return cast("ToolContext", None)

    async def _before_finish(self) -> Feedback | None:
        return Feedback(self.feedback.pop(0)) if self.feedback else None

    async def _write(self, given: WriteFile, _: ToolContext) -> str:
        self.files[given.path] = given.content
        return f"Wrote {given.path}."

    async def _read(self, given: ReadFile, _: ToolContext) -> str:
        if given.path not in self.files:
            raise ToolFailed(f"There is no file {given.path!r}; try list_files.")
        return self.files[given.path]


async def _ask(given: Ask, _: ToolContext) -> str:
    raise AskUser(given.question, [FormField(name="answer", label=given.question)])


async def _break_down(_: NoArguments, __: ToolContext) -> str:
    raise RuntimeError("a bug in a tool")


def tool_of(
    name: str,
    run: Callable[[], Awaitable[str]],
    *,
    touches: frozenset[str] = frozenset(),
    effect: Any = "none",
) -> Tool[NoArguments]:
    """A tool without arguments, for one test."""

    async def run_it(_: NoArguments, __: ToolContext) -> str:
        return await run()

    return Tool(name, "A tool of a test.", NoArguments, run_it, effect, lambda _: touches)


if TYPE_CHECKING:

    def _proof(control: HandControl, ledger: MemoryLedger) -> tuple[RunControl, ToolLedger]:
        return control, ledger
