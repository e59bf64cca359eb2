"""Drives the graph for one run, until the model has ended and the harness agrees."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from langchain_core.callbacks import BaseCallbackHandler
from langgraph.types import Command, Interrupt

from stackwright.agent.attachments import spoken
from stackwright.agent.billing import Billing
from stackwright.agent.cancellation import RunCancelled, or_cancelled
from stackwright.agent.contract import AgentOutcome, AgentWork, Feedback
from stackwright.agent.graph import Graph, Scope, build_graph
from stackwright.agent.models.base import Message
from stackwright.agent.models.factory import ModelChoice
from stackwright.agent.pictures import Album, ClearOldPictures, picture_block
from stackwright.agent.policies.base import Policy
from stackwright.agent.policies.caching import CacheMarks
from stackwright.agent.policies.compaction import ClearOldResults
from stackwright.agent.policies.repair import RepairHistory
from stackwright.agent.policies.summary import Compactor
from stackwright.agent.policies.thinking import OwnThinking
from stackwright.agent.pricing import PriceList
from stackwright.agent.prompting import fingerprint, system_prompt
from stackwright.agent.replay import retell
from stackwright.agent.state import (
    FullStackAgentState,
    Reading,
    RunMode,
    messages_of,
    packed,
)
from stackwright.agent.turn import RetryRule
from stackwright.core.events import FormField, PhaseChanged
from stackwright.core.ids import RunId

RECURSION_LIMIT = 5000
INTERRUPT = "__interrupt__"
"""Where LangGraph puts the questions among the values."""


@dataclass(frozen=True, slots=True)
class _State:
    """What the graph holds when it stands still, and what it asks the person."""

    values: FullStackAgentState
    interrupts: tuple[Interrupt, ...] = ()


@dataclass(frozen=True, slots=True)
class _Position:
    """Where a thread stands: which round of which run wrote its last checkpoint. `state` is that
    of the whole thread, if this run has written any."""

    round: int | None
    has_more: bool
    state: _State

    @property
    def is_waiting(self) -> bool:
        return bool(self.state.interrupts)


_NOWHERE = _Position(round=None, has_more=False, state=_State({}))


class Agent:
    """The compiled graph, reused for all runs of the process."""

    def __init__(
        self,
        *,
        compact_above_tokens: int | None,
        retry: RetryRule | None = None,
        prices: PriceList | None = None,
        output_tokens: int = 32_000,
        callbacks: Sequence[BaseCallbackHandler] = (),
    ) -> None:
        """`compact_above_tokens` None: conversations are sent whole while the model takes them.
        `output_tokens` is what a model call may write at most. `callbacks` are told of each step, by
        LangChain."""
        self._callbacks = list(callbacks)
        self._graph = build_graph()
        self._retry = retry or RetryRule()
        self._billing = Billing(prices or PriceList(), output_tokens=output_tokens)
        self._compactor = Compactor(compact_above_tokens)
        clear = () if compact_above_tokens is None else (ClearOldResults(compact_above_tokens),)
        self._policies: tuple[Policy, ...] = (
            *clear,
            ClearOldPictures(),
            OwnThinking(),
            RepairHistory(),
            CacheMarks(),
        )

    async def run(self, work: AgentWork) -> AgentOutcome:
        """Start the run, or go on where its last checkpoint left it. Re-delivery is harmless."""
        graph = self._graph.copy(update={"checkpointer": work.saver})
        if self._callbacks:
            graph = graph.with_config(callbacks=self._callbacks)
        system = system_prompt(work.system_notes)
        scope = Scope(
            work=work,
            system=system,
            fingerprint=fingerprint(system, work.tools),
            policies=self._policies,
            compactor=self._compactor,
            retry=self._retry,
            choice=ModelChoice(work.model, work.fallback),
            reading=Reading(),
            billing=replace(self._billing, purse=work.purse),
            album=Album(work.picture),
        )
        # Of a run that nobody worked on before, the thread holds nothing: three queries less.
        position = _NOWHERE
        if work.told is not None:
            position = await _position(graph, work.thread_id, work.run_id)
        if work.told is not None and not (position.is_waiting and work.told.is_just_answered):
            retell(messages_of(position.state.values), work.message, work.told, work.emit)
        round_number = position.round or 0
        given, state = await _first_input(work, position), position.state
        while True:
            if given is not None or position.has_more:
                state = await _drive(graph, scope, work, round_number, given)
            outcome = _outcome(state)
            if outcome.ending not in ("finished", "repairs"):
                return outcome
            is_steered = await work.control.is_steered(outcome.steering)
            work.remember_failures(_mode(state).get("failures", ()))
            ask = work.give_up if outcome.ending == "repairs" else work.before_finish
            try:
                feedback = None if is_steered else await or_cancelled(ask(), work.control)
            except RunCancelled:
                return replace(outcome, ending="cancelled")
            if feedback is None and not is_steered:
                return replace(outcome, ending="finished")
            round_number += 1
            given = _given(feedback, state.values)

    async def closed(self, saver: Any, thread_id: str, run_id: RunId) -> AgentOutcome:
        """The outcome of a run that is not to go on: cancelled where it stands."""
        graph = self._graph.copy(update={"checkpointer": saver})
        position = await _position(graph, thread_id, run_id)
        steering = position.state.values.get("steering") or ()
        return AgentOutcome("cancelled", steering=tuple(steering))


async def _first_input(work: AgentWork, position: _Position) -> Any:
    if position.is_waiting and work.answer is not None and _is_answered(position.state, work):
        # by its id: a map of answers is what LangGraph may take the answer itself for
        return Command(resume={position.state.interrupts[0].id: dict(work.answer)})
    if position.round is not None or work.message is None:
        return None
    work.emit(PhaseChanged(phase="planning"))
    return {
        "messages": [packed(message) for message in await spoken(work.message, work)],
        "stopped": "",
        "refused_calls": {},
        "questions": [],
        "steering": [],
        "mode": {},
        "current_phase": "planning",
    }


def _given(feedback: Feedback | None, state: FullStackAgentState) -> dict[str, Any]:
    """What the graph goes on with after the model wanted to end."""
    mode: RunMode = {**(state.get("mode") or {})}
    if feedback is None:
        # The person said something: what follows is no repair.
        return {"messages": [], "stopped": "", **_building(mode)}
    if feedback.card is not None:
        return {"messages": [], "stopped": "", "questions": [dict(feedback.card)]}
    blocks = [{"type": "text", "text": feedback.text}, *map(picture_block, feedback.pictures)]
    given: dict[str, Any] = {"messages": [packed(Message("user", tuple(blocks)))], "stopped": ""}
    if feedback.is_fresh:
        mode["fresh_from"] = len(state.get("messages") or ())
        mode["uses_fallback"] = True
    if feedback.is_repair:
        failures = [*mode.get("failures", ()), *([feedback.failure] if feedback.failure else ())]
        given["mode"] = {**mode, "is_repairing": True, "failures": failures}
    return given


def _mode(state: _State) -> RunMode:
    return state.values.get("mode") or {}


def _building(mode: RunMode) -> dict[str, Any]:
    return {"mode": {**mode, "is_repairing": False}} if mode else {}


def _is_answered(state: _State, work: AgentWork) -> bool:
    """Whether the answer is to the question that waits. A worker may have died after the next question
    was stored and before the run waited for its answer."""
    return work.answered in {"", state.interrupts[0].id}


def _config(thread_id: str) -> Any:
    return {"configurable": {"thread_id": thread_id}, "recursion_limit": RECURSION_LIMIT}


async def _drive(
    graph: Graph, scope: Scope, work: AgentWork, round_number: int, given: Any
) -> _State:
    # Tokens go from the node straight to the event log; of the graph's own stream only the end counts.
    values: dict[str, Any] = {}
    interrupts: tuple[Interrupt, ...] = ()
    async for chunk in graph.astream(
        given,
        _config(work.thread_id) | {"metadata": {"run_id": f"{work.run_id}:{round_number}"}},
        context=scope,
        stream_mode="values",
        durability="sync",
    ):
        values = dict(chunk)
        interrupts += values.pop(INTERRUPT, ())
    return _State(cast("FullStackAgentState", values), interrupts)


async def _position(graph: Graph, thread_id: str, run_id: RunId) -> _Position:
    snapshot = await graph.aget_state(_config(thread_id))
    written_by = str((snapshot.metadata or {}).get("run_id", ""))
    writer, _, number = written_by.rpartition(":")
    if writer != run_id or not number.isdigit():
        return _NOWHERE
    values = cast("FullStackAgentState", snapshot.values)
    # Not `next`: it is empty when a step's results are stored and its checkpoint is not.
    has_more = bool(snapshot.tasks)
    return _Position(int(number), has_more, _State(values, snapshot.interrupts))


def _outcome(state: _State) -> AgentOutcome:
    read = tuple(state.values.get("steering") or ())
    if state.interrupts:
        asked = state.interrupts[0].value
        fields = tuple(FormField.model_validate(field) for field in asked["fields"])
        return AgentOutcome(
            "waiting_input",
            question=asked["question"],
            question_id=state.interrupts[0].id,
            fields=fields,
            steering=read,
        )
    messages = messages_of(state.values, -1)
    text = messages[-1].text if messages and messages[-1].role == "assistant" else ""
    match state.values.get("stopped"):
        case "cancelled":
            return AgentOutcome("cancelled", text=text, steering=read)
        case "iterations":
            return AgentOutcome("iterations", text=text, steering=read)
        case "repairs":
            return AgentOutcome("repairs", text=text, steering=read)
        case "chosen":
            return AgentOutcome("stopped", text=text, steering=read)
        case _:
            return AgentOutcome("finished", text=text, steering=read)
