"""Runs the tool calls of one message: in parallel where they do not conflict, results in call order.

Around each effect stands the ledger: a finished call returns its stored result, an unfinished one
that must not happen twice is looked up where the tool knows how, else reported as unknown.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from stackwright.agent.cancellation import RunCancelled, or_cancelled
from stackwright.agent.contract import AgentWork
from stackwright.agent.models.base import ContentBlock
from stackwright.agent.pictures import picture_block
from stackwright.agent.stream_gate import SoundCall
from stackwright.core.errors import PlatformError
from stackwright.core.events import ToolComplete, ToolStart
from stackwright.core.killpoints import reached
from stackwright.core.text import well_formed
from stackwright.tools.base import (
    AskUser,
    Illustrated,
    LedgerEntry,
    Picture,
    Tool,
    ToolContext,
    ToolFailed,
)

log = logging.getLogger(__name__)

PREVIEW_CHARS = 2000
ARGUMENT_PREVIEW_CHARS = 4000
CANCELLED = "Cancelled by the person before it finished."
ASKED = "The person was asked; the answer follows."
UNKNOWN = (
    "The platform was interrupted while this call ran. Whether it took effect is unknown: "
    "look at the present state before you repeat it."
)

Act = Callable[[Any, ToolContext], Awaitable[str | Illustrated]]
"""What is done for a call: run the tool, or look up how an earlier worker's run of it ended."""


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What the model reads. `question` is set when the run must wait for the person."""

    tool_id: str
    text: str
    failed: bool = False
    pictures: tuple[Picture, ...] = ()
    cancelled: bool = False
    question: AskUser | None = None

    def asked(self) -> dict[str, Any]:
        """The question as the checkpoint stores it."""
        assert self.question is not None
        fields = [field.model_dump(mode="json") for field in self.question.fields]
        return {"question": self.question.question, "fields": fields}

    def block(self) -> ContentBlock:
        text = self.text or "(no output)"
        seen = [] if self.failed else self.picture_blocks()
        return {
            "type": "tool_result",
            "tool_use_id": self.tool_id,
            "content": [{"type": "text", "text": text}, *seen] if seen else text,
            **({"is_error": True} if self.failed else {}),
        }

    def picture_blocks(self) -> list[ContentBlock]:
        """Those of a failed call follow all results: the API takes only text in an error."""
        return [picture_block(one) for one in self.pictures]


async def run_calls(calls: Sequence[SoundCall], work: AgentWork) -> list[ToolResult]:
    """Every call gets exactly one result, in call order, whatever happens."""
    done: dict[str, asyncio.Event] = {call.tool_id: asyncio.Event() for call in calls}
    results: dict[str, ToolResult] = {}

    async def run_in_turn(index: int, call: SoundCall) -> None:
        for earlier in calls[:index]:
            if _conflict(earlier, call):
                await done[earlier.tool_id].wait()
        try:
            results[call.tool_id] = await _run_one(call, work, is_only_one=len(calls) == 1)
        finally:
            done[call.tool_id].set()

    try:
        async with asyncio.TaskGroup() as group:
            for index, call in enumerate(calls):
                group.create_task(run_in_turn(index, call), name=f"tool {call.tool.name}")
    except ExceptionGroup as errors:
        # Tools themselves never raise here: the ledger or the lease is lost, one cause for all.
        raise errors.exceptions[0] from errors
    return [results[call.tool_id] for call in calls]


def _conflict(one: SoundCall, other: SoundCall) -> bool:
    mine, theirs = one.tool.touches(one.arguments), other.tool.touches(other.arguments)
    if "*" in mine | theirs:
        return not (_is_apart(one, mine) or _is_apart(other, theirs))
    return bool(mine & theirs)


def _is_apart(call: SoundCall, touches: frozenset[str]) -> bool:
    """Whether it has nothing to do with the sandbox and its files, as the plan has not."""
    return not call.tool.needs_sandbox and "*" not in touches


async def _run_one(call: SoundCall, work: AgentWork, *, is_only_one: bool) -> ToolResult:
    if work.control.is_cancelled:
        return ToolResult(call.tool_id, CANCELLED, failed=True, cancelled=True)
    # One that may be repeated needs no memory, unless another call of the message came after it.
    has_ledger = call.tool.effect == "once" or (
        call.tool.effect == "repeatable" and not is_only_one
    )
    act = call.tool.run
    if has_ledger:
        entry = await work.ledger.begin(call.tool_id, call.tool.name)
        if entry.state == "finished":
            return _told(call, work, entry.result or "", failed=entry.failed)
        if entry.state == "unfinished" and call.tool.effect == "once":
            if call.tool.look_up is None:
                return _told(call, work, UNKNOWN, failed=True)
            act = _looking_up(call.tool, entry)
    reached("tool.before")
    result = await _observed(call, work, act)
    if result.question is None:
        notes = (work.take_news(), work.notice(call.tool.name, call.raw, result.text))
        added = "".join(f"\n\n[{note}]" for note in notes if note)
        result = replace(result, text=result.text + added) if added else result
    reached("tool.after")
    if has_ledger and not result.cancelled and result.question is None:
        await work.ledger.finish(call.tool_id, call.tool.name, result.text, failed=result.failed)
    return result


def _looking_up(tool: Tool[Any], entry: LedgerEntry) -> Act:
    async def look_up(arguments: Any, context: ToolContext) -> str | Illustrated:
        assert tool.look_up is not None
        return await tool.look_up(
            arguments, replace(context, files_version_before=entry.files_version)
        )

    return look_up


def _told(call: SoundCall, work: AgentWork, text: str, *, failed: bool) -> ToolResult:
    """The result of a call that an earlier worker began; its events may be lost."""
    work.emit(tool_start(call.tool.name, call.tool_id, call.raw))
    work.emit(tool_complete(call.tool.name, call.tool_id, text, failed=failed))
    return ToolResult(call.tool_id, text, failed=failed)


def tool_start(name: str, tool_id: str, arguments: Mapping[str, Any]) -> ToolStart:
    return ToolStart(tool_name=name, tool_id=tool_id, tool_args=_shortened(arguments))


def tool_complete(name: str, tool_id: str, text: str, *, failed: bool) -> ToolComplete:
    """The event for a call whose duration nobody measured."""
    return ToolComplete(
        tool_name=name,
        tool_id=tool_id,
        output_preview=text[:PREVIEW_CHARS],
        outcome="failed" if failed else "ok",
    )


async def _observed(call: SoundCall, work: AgentWork, act: Act) -> ToolResult:
    work.emit(tool_start(call.tool.name, call.tool_id, call.raw))
    began = time.monotonic()
    result = await _attempt(call, work, act)
    outcome = "cancelled" if result.cancelled else "failed" if result.failed else "ok"
    duration_ms = int((time.monotonic() - began) * 1000)
    work.emit(
        ToolComplete(
            tool_name=call.tool.name,
            tool_id=call.tool_id,
            output_preview=result.text[:PREVIEW_CHARS],
            outcome=outcome,
            duration_ms=duration_ms,
        )
    )
    log.info(
        "tool_call", extra={"tool": call.tool.name, "outcome": outcome, "duration_ms": duration_ms}
    )
    return result


async def _attempt(call: SoundCall, work: AgentWork, act: Act) -> ToolResult:
    try:
        answer = await or_cancelled(_in_context(call, work, act), work.control)
    except RunCancelled:
        return ToolResult(call.tool_id, CANCELLED, failed=True, cancelled=True)
    except AskUser as question:
        return ToolResult(call.tool_id, ASKED, question=question)
    except ToolFailed as error:
        text = well_formed(str(error))
        return ToolResult(call.tool_id, text, failed=True, pictures=error.pictures)
    except PlatformError as error:
        return ToolResult(call.tool_id, well_formed(str(error)), failed=True)
    except Exception:
        log.exception("tool_bug", extra={"tool": call.tool.name})
        text = f"Internal error in {call.tool.name}; it was logged. Try another way."
        return ToolResult(call.tool_id, text, failed=True)
    if isinstance(answer, Illustrated):
        return ToolResult(call.tool_id, well_formed(answer.text), pictures=answer.pictures)
    return ToolResult(call.tool_id, well_formed(answer))


async def _in_context(call: SoundCall, work: AgentWork, act: Act) -> str | Illustrated:
    context = await work.context(call.tool_id, call.tool)
    return await act(call.arguments, context)


def _shortened(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments as shown to clients: long texts are cut, the file itself comes as file_changed."""
    return {key: _cut(value) for key, value in raw.items()}


def _cut(value: Any) -> Any:
    if isinstance(value, str) and len(value) > ARGUMENT_PREVIEW_CHARS:
        return f"{value[:ARGUMENT_PREVIEW_CHARS]}… ({len(value)} characters)"
    return value
