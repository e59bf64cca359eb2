"""The agent's graph: model ⇄ tools. Compiled once per process; each run brings its own saver."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langgraph.types import interrupt

from stackwright.agent.cancelling import RunCancelled, or_cancelled
from stackwright.agent.models.base import ContentBlock, Message
from stackwright.agent.phases import phase_of
from stackwright.agent.policies.base import Policy, TurnRequest
from stackwright.agent.policies.repair import repaired
from stackwright.agent.state import FullStackAgentState, messages_of, packed, user_text
from stackwright.agent.stream_gate import SoundCall, check_call
from stackwright.agent.tool_runner import ToolResult, run_calls
from stackwright.agent.turn import TurnProgress, by_name, take_turn
from stackwright.agent.work import AgentWork
from stackwright.core.events import PhaseChanged


@dataclass(frozen=True, slots=True)
class Scope:
    """What the nodes of one run share. Never stored."""

    work: AgentWork
    system: str
    policies: tuple[Policy, ...]


Graph = CompiledStateGraph[FullStackAgentState, Scope, FullStackAgentState, FullStackAgentState]


def build_graph() -> Graph:
    """The two nodes. Stop conditions are in the state, so that a checkpoint knows them."""
    graph = StateGraph(FullStackAgentState, context_schema=Scope)
    graph.add_node("model", call_model)
    graph.add_node("tools", run_tools)
    graph.add_edge(START, "model")
    graph.add_conditional_edges("model", _after_model, {"tools": "tools", "end": END})
    graph.add_conditional_edges("tools", _after_tools, {"model": "model", "end": END})
    return graph.compile()


def _after_model(state: FullStackAgentState) -> str:
    if state.get("stopped"):
        return "end"
    return "tools" if messages_of(state)[-1].tool_calls else "end"


def _after_tools(state: FullStackAgentState) -> str:
    return "end" if state.get("stopped") else "model"


async def call_model(state: FullStackAgentState, runtime: Runtime[Scope]) -> dict[str, Any]:
    """One model turn. Steering messages that arrived are read first and stored with it."""
    scope = runtime.context
    work = scope.work
    if work.control.is_cancelled:
        return {"stopped": "cancelled"}
    calls_made = await work.control.count_model_call()
    if calls_made > work.max_iterations:
        return {"stopped": "iterations"}
    steering = [user_text(text) for text in await work.control.take_steering()]
    request = _request(state, steering, scope, calls_made)
    progress = TurnProgress()
    try:
        turn = await or_cancelled(
            take_turn(work.model, request, by_name(work.tools), work.emit, progress),
            work.control,
            name="model turn",
        )
    except RunCancelled:
        said = Message("assistant", ({"type": "text", "text": "".join(progress.text)},))
        kept = [*steering, said] if progress.text else steering
        return {"messages": [packed(m) for m in kept], "stopped": "cancelled"}
    work.emit(turn.usage)
    return {
        "messages": [packed(m) for m in (*steering, turn.message)],
        "refused_calls": dict(turn.verdict.refused),
        "recent_thinking": [turn.message.text[:500]] if turn.message.text else [],
        "tokens_used": turn.usage.input_tokens + turn.usage.output_tokens,
    }


def _request(
    state: FullStackAgentState, steering: Sequence[Message], scope: Scope, calls_made: int
) -> TurnRequest:
    history = [*messages_of(state), *steering]
    request = TurnRequest(
        messages=repaired(history),
        system=scope.system,
        tools=tuple(tool.schema() for tool in scope.work.tools),
        calls_made=calls_made,
        max_calls=scope.work.max_iterations,
    )
    for policy in scope.policies:
        request = policy.apply(request)
    return request


async def run_tools(state: FullStackAgentState, runtime: Runtime[Scope]) -> dict[str, Any]:
    """The calls of the last message. A question to the person interrupts and resumes here."""
    work = runtime.context.work
    message = messages_of(state)[-1]
    refused = dict(state.get("refused_calls") or {})
    sound = _sound_calls(message, refused, work)
    phase = phase_of(sound, state.get("current_phase") or "planning")
    if phase != state.get("current_phase"):
        work.emit(PhaseChanged(phase=phase))
    results = {result.tool_id: result for result in await run_calls(sound, work)}
    blocks = [_result_block(call["id"], results, refused) for call in message.tool_calls]
    failures = sum(result.failed for result in results.values()) + len(refused)
    return {
        "messages": [packed(Message("user", tuple(blocks)))],
        "refused_calls": {},
        "current_phase": phase,
        "error_count": failures,
        "active_files": sorted(
            {p for call in sound for p in call.tool.touches(call.arguments) if p != "*"}
        ),
        "stopped": "cancelled" if work.control.is_cancelled else "",
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
    if tool_id not in results:
        text = refused.get(tool_id, "This call was not executed.")
        return ToolResult(tool_id, text, failed=True).block()
    result = results[tool_id]
    if result.question is not None:
        answer = interrupt(
            {
                "question": result.question.question,
                "fields": [field.model_dump() for field in result.question.fields],
            }
        )
        return ToolResult(tool_id, f"The person answered: {answer}").block()
    return result.block()
