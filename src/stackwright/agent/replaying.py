"""Plays a cassette: the agent's loop runs again, its model and its tools answer from the recording.

No network, no key, no sandbox. What the loop emits must be what it emitted then.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

import orjson
from langgraph.checkpoint.memory import InMemorySaver

from stackwright.agent.cassettes import Cassette, Event, of_agent
from stackwright.agent.contract import FEEDBACK_PREFIX, AgentWork, Feedback, TurnStart
from stackwright.agent.models.base import (
    ContentBlock,
    Message,
    ModelEvent,
    ModelTurn,
    RawToolCall,
    TextDelta,
    TokenUsage,
    ToolCallDelta,
    result_text,
)
from stackwright.agent.policies.keeping import ANSWERED
from stackwright.agent.pricing import PriceList
from stackwright.agent.prompting import system_prompt
from stackwright.agent.stream import Agent
from stackwright.agent.tool_runner import ASKED
from stackwright.core.events import Event as RunEvent
from stackwright.core.events import FormField
from stackwright.core.ids import ProjectId, RunId
from stackwright.tools.base import Arguments, AskUser, LedgerEntry, Tool, ToolContext, ToolFailed

MAX_CALLS = 2000
NO_WORDS = "(no words)"


@dataclass(frozen=True, slots=True)
class Replay:
    """`difference` is empty when the loop emitted what it did then."""

    events: tuple[Event, ...]
    difference: str = ""


async def replay(cassette: Cassette, tools: Sequence[Tool[Any]]) -> Replay:
    """Play it with these tools, of which only the schemas are used."""
    prices = PriceList()
    await asyncio.to_thread(prices.load)
    await asyncio.to_thread(system_prompt, "")  # it is read from a file once
    player = _Player(cassette)
    agent = Agent(compact_above_tokens=None, prices=prices)
    answers = [e["text"] for e in cassette.events if e["type"] == "user_message"][1:]
    work = player.work([replace(tool, run=player.run, look_up=None) for tool in tools])
    outcome = await agent.run(work)
    while outcome.ending == "waiting_input" and answers:
        answer = _answer(answers.pop(0))
        outcome = await agent.run(replace(work, message=None, answer=answer))
    events = tuple(of_agent([event.model_dump(mode="json") for event in player.emitted]))
    return Replay(events, _difference(of_agent(cassette.events), events))


@dataclass(slots=True)
class _Player:
    """Model, tools, ledger and control of one replay."""

    cassette: Cassette
    emitted: list[RunEvent] = field(default_factory=list[RunEvent])
    calls: int = 0
    turns: list[Message] = field(default_factory=list[Message])
    said: list[list[str]] = field(default_factory=list[list[str]])
    """What was said before each turn, and after the last."""
    results: dict[str, ContentBlock] = field(default_factory=dict[str, ContentBlock])
    order: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    moved: asyncio.Event = field(default_factory=asyncio.Event)
    is_cancelled: bool = False
    name: str = "cassette"
    takes_images: bool = True

    def __post_init__(self) -> None:
        self.said.append([])
        for raw in self.cassette.messages:
            message = Message(raw["role"], tuple(raw["content"]))
            if message.role == "assistant":
                self.turns.append(message)
                self.said.append([])
            else:
                self.said[-1] += [message.text] if message.text else []
            self.results |= {
                block["tool_use_id"]: block
                for block in message.content
                if block["type"] == "tool_result"
            }
        self.order = [
            (e["type"], e["tool_id"])
            for e in self.cassette.events
            if e["type"] in ("tool_start", "tool_complete")
        ]

    def work(self, tools: Sequence[Tool[Any]]) -> AgentWork:
        return AgentWork(
            project_id=ProjectId("replay"),
            run_id=RunId("replay"),
            thread_id="replay",
            message=self.cassette.message,
            answer=None,
            answered="",
            saver=InMemorySaver(),
            model=self,
            tools=tools,
            context=self._context,
            ledger=self,
            control=self,
            emit=self._emit,
            system_notes="",
            max_iterations=MAX_CALLS,
            max_repair_calls=MAX_CALLS,
            before_finish=self._before_finish,
        )

    def _emit(self, event: RunEvent) -> None:
        self.emitted.append(event)
        if event.type in ("tool_start", "tool_complete") and self.order:
            self.order.pop(0)
            self.moved.set()
            self.moved = asyncio.Event()

    async def _context(self, tool_call_id: str, _tool: Tool[Any]) -> ToolContext:
        return cast("ToolContext", tool_call_id)

    async def run(self, _arguments: Arguments, context: ToolContext) -> str:
        """What the call answered then, when it is its turn to answer."""
        tool_id = cast("str", context)
        await self._until("tool_complete", tool_id)
        block = self.results.get(tool_id)
        if block is None:
            raise ToolFailed("(the recording ends here)")
        text = result_text(block)
        if text == ASKED or block.get("asked"):
            raise AskUser("(as recorded)", [FormField(name="answer", label="Answer")])
        if block.get("is_error"):
            raise ToolFailed(text)
        return text

    async def _until(self, kind: str, tool_id: str) -> None:
        while self.order and self.order[0] != (kind, tool_id) and (kind, tool_id) in self.order:
            try:
                async with asyncio.timeout(5.0):
                    await self.moved.wait()
            except TimeoutError:
                return  # another order than then: the difference is told at the end

    async def begin(self, tool_call_id: str, tool_name: str) -> LedgerEntry:
        del tool_name
        await self._until("tool_start", tool_call_id)
        return LedgerEntry("new")

    async def finish(self, tool_call_id: str, tool_name: str, result: str, *, failed: bool) -> None:
        del tool_call_id, tool_name, result, failed

    async def wait_cancelled(self) -> None:
        await asyncio.Event().wait()

    async def begin_turn(self, known_steering: Sequence[int]) -> TurnStart:
        self.calls += 1
        return TurnStart(self.calls, self._steering(known_steering))

    async def is_steered(self, known_steering: Sequence[int]) -> bool:
        return bool(self._steering(known_steering, ahead=1))

    def _steering(self, known: Sequence[int], *, ahead: int = 0) -> list[tuple[int, str]]:
        """What the person said meanwhile, up to this turn."""
        told = [
            (index * 100 + number, text)
            for index, texts in enumerate(self.said[: self.calls + ahead])
            for number, text in enumerate(texts)
            if index > 0 and not text.startswith((FEEDBACK_PREFIX, ANSWERED))
        ]
        return [(number, text) for number, text in told if number not in known]

    async def _before_finish(self) -> Feedback | None:
        texts = self.said[self.calls] if self.calls < len(self.said) else []
        heard = next((text for text in texts if text.startswith(FEEDBACK_PREFIX)), None)
        if heard is None or self.calls >= len(self.turns):
            return None
        usages = [e for e in of_agent(self.cassette.events) if e["type"] == "usage"]
        is_repair = self.calls < len(usages) and usages[self.calls]["purpose"] == "repair"
        return Feedback(heard, is_repair=is_repair)

    async def stream(
        self, messages: Sequence[Message], *, system: str, tools: Sequence[Mapping[str, Any]]
    ) -> AsyncGenerator[ModelEvent]:
        del system, tools
        index = sum(message.role == "assistant" for message in messages)
        turn = self.turns[index] if index < len(self.turns) else None
        content = turn.content if turn is not None else ({"type": "text", "text": NO_WORDS},)
        calls: list[RawToolCall] = []
        for block in content:
            if block["type"] == "tool_use":
                calls.append(self._raw_call(block))
                yield ToolCallDelta(block["id"], block["name"], calls[-1].arguments_json)
            elif block["type"] == "text" and block["text"] != NO_WORDS:
                yield TextDelta(block["text"])
            elif block["type"] == "thinking":
                yield TextDelta(block["thinking"], "thinking")
        usages = [e for e in of_agent(self.cassette.events) if e["type"] == "usage"]
        used = usages[index] if index < len(usages) else {}
        names = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens")
        usage = TokenUsage(*(int(used.get(name, 0)) for name in names))
        model = str(used.get("model", self.name))
        yield ModelTurn(content, tuple(calls), "tool_use" if calls else "end_turn", usage, model)

    def _raw_call(self, block: ContentBlock) -> RawToolCall:
        """A sound call's input; of a refused one, what was streamed."""
        refused = {e["tool_id"] for e in self.cassette.events if e["type"] == "tool_refused"}
        streamed = [
            e["delta"]
            for e in self.cassette.events
            if e["type"] == "tool_args_delta" and e["tool_id"] == block["id"]
        ]
        is_refused = block["id"] in refused and streamed
        raw = streamed[-1] if is_refused else orjson.dumps(block["input"]).decode()
        return RawToolCall(block["id"], block["name"], raw)


def _answer(text: str) -> dict[str, Any]:
    """An answer as it was posted: "name: value" lines, else words."""
    pairs = [line.partition(": ") for line in text.splitlines()]
    if pairs and all(separator for _, separator, _ in pairs):
        return {name: value for name, _, value in pairs}
    return {"text": text}


def _difference(expected: Sequence[Event], got: Sequence[Event]) -> str:
    for number, (then, now) in enumerate(zip(expected, got, strict=False), 1):
        if orjson.dumps(then, option=orjson.OPT_SORT_KEYS) != orjson.dumps(
            now, option=orjson.OPT_SORT_KEYS
        ):
            return f"Event {number} of the loop was {_short(then)} and is {_short(now)}."
    if len(expected) != len(got):
        return f"The loop emitted {len(expected)} events then and {len(got)} now."
    return ""


def _short(event: Event) -> str:
    return orjson.dumps(event, option=orjson.OPT_SORT_KEYS).decode()[:400]
