"""The agent's graph: model ⇄ tools. Compiled once per process; each run brings its own saver.

A question to the person waits in a small node of its own, so that an answer repeats no tool.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from langgraph.checkpoint.base import Checkpoint
from langgraph.graph import START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langgraph.types import Command, interrupt

from stackwright.agent.attachments import answer_text, spoken
from stackwright.agent.billing import Billing
from stackwright.agent.cancellation import RunCancelled, or_cancelled
from stackwright.agent.cards import budget_card, chosen, readable
from stackwright.agent.contract import FEEDBACK_PREFIX, AgentWork, BudgetReached
from stackwright.agent.models.base import CONTEXT_OVERFLOW, ContentBlock, Message, ModelFailed
from stackwright.agent.models.factory import ModelChoice
from stackwright.agent.phases import open_steps, phase_of
from stackwright.agent.pictures import Album
from stackwright.agent.policies.base import Policy, TurnRequest
from stackwright.agent.policies.keeping import ANSWERED
from stackwright.agent.policies.limits import wrap_up_note
from stackwright.agent.policies.summary import Compactor, Conversation
from stackwright.agent.state import (
    FullStackAgentState,
    Reading,
    RunMode,
    last_message,
    packed,
    user_text,
)
from stackwright.agent.stream_gate import SoundCall, check_call
from stackwright.agent.tool_runner import ToolResult, run_calls
from stackwright.agent.turn import FinishedTurn, RetryRule, TurnTaker
from stackwright.core.events import PhaseChanged
from stackwright.tools.base import Tool

GO_ON = f"{FEEDBACK_PREFIX}Your message reached the length limit. Go on where it stopped."


@dataclass(frozen=True, slots=True)
class Scope:
    """What the nodes of one run share. Never stored."""

    work: AgentWork
    system: str
    fingerprint: str
    """Digest of the prompt and the tools."""
    policies: tuple[Policy, ...]
    compactor: Compactor
    retry: RetryRule
    choice: ModelChoice
    reading: Reading
    billing: Billing
    album: Album


Graph = CompiledStateGraph[FullStackAgentState, Scope, FullStackAgentState, FullStackAgentState]


def build_graph() -> Graph:
    """The nodes. Stop conditions are in the state, so that a checkpoint knows them."""
    graph = StateGraph(FullStackAgentState, context_schema=Scope)
    graph.add_node("model", call_model)
    graph.add_node("tools", run_tools)
    graph.add_node("person", ask_person)
    graph.add_edge(START, "model")
    return graph.compile()


Next = Literal["model", "tools", "person", "__end__"]
"""Node that follows. The nodes name it themselves: an edge with a condition would read the whole
state again, in another thread."""


def _then(following: Next, update: Mapping[str, Any]) -> Command[Next]:
    return Command(update=update, goto=following)


_TOWARDS_MODEL = frozenset({START, "branch:to:model"})
"""Channels that LangGraph writes when this node is next."""


def may_wait(checkpoint: Checkpoint) -> bool:
    """Whether the model is next: then nothing has an effect before the next checkpoint, and what led
    to this one can be repeated (the person's message is stored, the ledger knows the tools)."""
    return not _TOWARDS_MODEL.isdisjoint(checkpoint.get("updated_channels") or ())


async def call_model(state: FullStackAgentState, runtime: Runtime[Scope]) -> Command[Next]:
    """One model turn. Steering messages that arrived are read first and stored with it."""
    scope = runtime.context
    work = scope.work
    if work.control.is_cancelled:
        return _then("__end__", {"stopped": "cancelled"})
    if state.get("questions"):
        return _then("person", {})
    known_steering = state.get("steering") or []
    begun = await work.control.begin_turn(known_steering)
    mode = state.get("mode") or {}
    built = begun.model_calls - mode.get("repair_calls", 0)
    is_repair = mode.get("is_repairing", False)
    if not is_repair and built > work.max_iterations:
        return _then("__end__", {"stopped": "iterations"})
    most_repairs = mode.get("repair_limit", work.max_repair_calls)
    if is_repair and mode.get("repair_calls", 0) >= most_repairs:
        return _then("__end__", {"stopped": "repairs"})
    if mode.get("uses_fallback"):
        scope.choice.fall_back()
    steering = [m for _, text in begun.steering for m in await spoken(text, work)]
    steered = {"steering": [*known_steering, *(n for n, _ in begun.steering)]} if steering else {}
    noted = () if is_repair else wrap_up_note(built, work.max_iterations)
    step = _Step(state, scope, (*steering, *noted), steered, is_repair=is_repair)
    try:
        return await or_cancelled(step.take(), work.control)
    except BudgetReached as reached:
        return _then("person", {**step.left(), "questions": [budget_card(reached)]})
    except RunCancelled:
        return _then("__end__", {**step.left(), "stopped": "cancelled"})


class _Step:
    """One turn of the model in the conversation of `state`, which hears `heard` first."""

    def __init__(
        self,
        state: FullStackAgentState,
        scope: Scope,
        heard: Sequence[Message],
        steered: Mapping[str, Any],
        *,
        is_repair: bool,
    ) -> None:
        """`steered` is what the state keeps of the steering messages among `heard`."""
        self._mode: RunMode = state.get("mode") or {}
        self._scope = scope
        self._heard = heard
        self._steered = steered
        self._is_repair = is_repair
        messages = scope.reading.messages_of(state)
        used_ids = {call["id"] for message in messages for call in message.tool_calls}
        billing = scope.billing.of("repair" if is_repair else "build")
        self._taker = TurnTaker(scope.choice, scope.work.emit, scope.retry, used_ids, billing)
        summarised = state.get("summary_until") or 0
        start = max(summarised, self._mode.get("fresh_from", 0))
        history = (*messages[start:], *heard)
        summary = state.get("summary") or "" if start == summarised else ""
        self._known = Conversation(history, summary, start)

    async def take(self) -> Command[Next]:
        talk, taken = await _taken(self._known, self._scope, self._taker)
        self._scope.work.emit(taken.usage)
        added = [*self._heard, taken.message, *([user_text(GO_ON)] if taken.was_cut else ())]
        made: dict[str, Any] = {
            "messages": [packed(m) for m in added],
            "tokens_used": taken.usage.input_tokens + taken.usage.output_tokens,
            **self._steered,
        }
        if (mode := self._mode_now()) != self._mode:
            made["mode"] = mode
        if talk is not self._known:
            made |= {"summary": talk.summary, "summary_until": talk.start}
        if taken.verdict.refused:
            made["refused_calls"] = dict(taken.verdict.refused)
        if taken.message.text:
            made["recent_thinking"] = [taken.message.text[:500]]
        if taken.was_cut:
            return _then("model", made)
        return _then("tools" if taken.message.tool_calls else "__end__", made)

    def _mode_now(self) -> RunMode:
        """The mode after this turn. Whoever goes on with the run asks the same model."""
        mode: RunMode = {**self._mode}
        if self._is_repair:
            mode["repair_calls"] = mode.get("repair_calls", 0) + 1
        if self._scope.choice.has_fallen_back:
            mode["uses_fallback"] = True
        return mode

    def left(self) -> dict[str, Any]:
        """What the conversation keeps of a turn that was not finished."""
        said = "".join(self._taker.progress.text)
        kept = [
            *self._heard,
            *([Message("assistant", ({"type": "text", "text": said},))] * bool(said)),
        ]
        return {"messages": [packed(m) for m in kept], **self._steered}


async def _taken(
    talk: Conversation, scope: Scope, taker: TurnTaker
) -> tuple[Conversation, FinishedTurn]:
    """The model's message, and the conversation that it answers: shortened until it fits."""
    tools = by_name(scope.work.tools)
    talk = await scope.compactor.compacted(talk, taker)
    is_shortest = False
    while True:
        await scope.album.load(talk.sent())
        request_for = partial(_request, talk, scope)
        try:
            return talk, await taker.take(request_for, tools)
        except ModelFailed as error:
            if error.code != CONTEXT_OVERFLOW or is_shortest:
                raise
        taker.too_long()
        longer, talk = talk, await scope.compactor.shortened(talk, taker)
        is_shortest = talk is longer


def _request(talk: Conversation, scope: Scope, model: str) -> TurnRequest:
    request = TurnRequest(
        messages=talk.sent(),
        system=scope.system,
        tools=tuple(tool.schema() for tool in scope.work.tools),
        origin=f"{model}-{scope.fingerprint}-{talk.start}",
    )
    for policy in scope.policies:
        request = policy.apply(request)
    return scope.album.shown(request, takes_images=scope.choice.model.takes_images)


async def run_tools(state: FullStackAgentState, runtime: Runtime[Scope]) -> Command[Next]:
    """The calls of the last message, results in call order. Questions are left for `person`."""
    work = runtime.context.work
    message = last_message(state)
    refused = dict(state.get("refused_calls") or {})
    sound = _sound_calls(message, refused, work)
    phase = phase_of(sound, state.get("current_phase") or "planning")
    if phase != state.get("current_phase"):
        work.emit(PhaseChanged(phase=phase))
    results = {result.tool_id: result for result in await run_calls(sound, work)}
    blocks = [_result_block(call["id"], results, refused) for call in message.tool_calls]
    blocks += [b for r in results.values() if r.failed for b in r.picture_blocks()]
    failures = sum(result.failed for result in results.values()) + len(refused)
    touched = {p for call in sound for p in call.tool.touches(call.arguments) if p != "*"}
    update: dict[str, Any] = {
        "refused_calls": {},
        "questions": [r.asked() for r in results.values() if r.question is not None],
        "current_phase": phase,
        "stopped": "cancelled" if work.control.is_cancelled else "",
        "active_files": sorted(touched.union(state.get("active_files") or ())),
        "service_pids": dict(work.service_pids()),
        "next_steps": open_steps(sound),
    }
    made = {"messages": [packed(Message("user", tuple(blocks)))], **_news(state, update)}
    if failures:
        made["error_count"] = failures
    if update["stopped"]:
        return _then("__end__", made)
    return _then("person" if update["questions"] else "model", made)


def _news(state: FullStackAgentState, update: Mapping[str, Any]) -> dict[str, Any]:
    """What differs from the state: each value that is written costs a row in the checkpoint."""
    return {
        key: value
        for key, value in update.items()
        if value is not None and value != (state.get(key) or type(value)())
    }


def _sound_calls(message: Message, refused: Mapping[str, str], work: AgentWork) -> list[SoundCall]:
    tools = by_name(work.tools)
    calls = [
        check_call(block["id"], block["name"], block["input"], tools)
        for block in message.tool_calls
        if block["id"] not in refused
    ]
    return [call for call in calls if isinstance(call, SoundCall)]


def _result_block(
    tool_id: str, results: Mapping[str, ToolResult], refused: Mapping[str, str]
) -> ContentBlock:
    if tool_id in results:
        return results[tool_id].block()
    text = refused.get(tool_id, "This call was not executed.")
    return ToolResult(tool_id, text, failed=True).block()


async def ask_person(state: FullStackAgentState, runtime: Runtime[Scope]) -> Command[Next]:
    """Wait for the person; each answer becomes a message, in the order of the questions. What is
    chosen on a card of the harness is done by the harness, and the model does not hear of it."""
    work = runtime.context.work
    questions = state.get("questions") or ()
    answers = [(question, interrupt(question)) for question in questions]
    if len(answers) == 1 and "card" in answers[0][0]:
        card, answer = answers[0]
        following, update = await chosen(card, answer, state.get("mode") or {}, work)
        return _then(following, {**update, "questions": []})
    told = [f"{question['question']}\n{readable(answer)}" for question, answer in answers]
    text = ANSWERED + "\n\n".join(told)
    said = [m for _, answer in answers for m in (await spoken(answer_text(answer), work))[1:]]
    messages = [packed(message) for message in (user_text(text), *said)]
    return _then("model", {"messages": messages, "questions": []})


def by_name(tools: Sequence[Tool[Any]]) -> dict[str, Tool[Any]]:
    return {tool.name: tool for tool in tools}
