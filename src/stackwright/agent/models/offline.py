"""The offline builder: a chat model that needs no key and no network.

It drives the same loop through the same tools as any model: wishes, plan, `scaffold_app`,
`check_app`, summary. It keeps no state: what to do next follows from the conversation alone. What
kind of request it is, is decided here; how it is carried out, in the files beside this one.
"""

import re
from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import orjson

from stackwright.agent.contract import FEEDBACK_PREFIX
from stackwright.agent.models.base import (
    ChatModel,
    ContentBlock,
    Message,
    ModelEvent,
    ModelTurn,
    RawToolCall,
    TextDelta,
    TokenUsage,
    ToolCallDelta,
)
from stackwright.agent.models.offline_builds import approved, follow_up, new_app, undone
from stackwright.agent.models.offline_modes import answered, approved_plan, planned
from stackwright.agent.models.offline_returns import (
    CHECK_AGAIN,
    TRY_AGAIN,
    UNDO,
    Version,
    asked_before,
    checked_again,
    unchanged_before,
    undone_steps,
    versions,
)
from stackwright.agent.models.offline_samples import TOOL, is_removal, removed
from stackwright.agent.models.offline_talk import NEEDS_KEY, Reply, Step, last_request, steps_of
from stackwright.core.bounded import MAX_SECONDS, TookTooLong, bounded
from stackwright.core.plans import is_approved_plan

_JSON_PIECE = 2000
TOO_LONG = "This message takes too long to read; say it in shorter sentences."


class OfflineModel:
    """Reads the request by rules and answers at once. Uses no tokens and costs nothing."""

    def __init__(self, max_seconds: float = MAX_SECONDS) -> None:
        self._max_seconds = max_seconds

    @property
    def name(self) -> str:
        return "offline"

    @property
    def takes_images(self) -> bool:
        return False

    async def stream(
        self, messages: Sequence[Message], *, system: str, tools: Sequence[Mapping[str, Any]]
    ) -> AsyncGenerator[ModelEvent]:
        offered = frozenset(tool["name"] for tool in tools)
        try:
            reply = await bounded(reply_to, messages, system, offered, seconds=self._max_seconds)
        except TookTooLong:
            reply = Reply(TOO_LONG)
        content: list[ContentBlock] = []
        calls: list[RawToolCall] = []
        if reply.text:
            for piece in re.findall(r"\S+\s*", reply.text):
                yield TextDelta(piece)
            content.append({"type": "text", "text": reply.text})
        for index, call in enumerate(reply.calls):
            tool_id = f"toolu_offline_{len(messages):04d}_{index}"
            arguments = orjson.dumps(call.arguments).decode()
            for start in range(0, len(arguments), _JSON_PIECE):
                yield ToolCallDelta(tool_id, call.name, arguments[start : start + _JSON_PIECE])
            content.append({"type": "tool_use", "id": tool_id, "name": call.name, "input": {}})
            calls.append(RawToolCall(tool_id, call.name, arguments))
        stop = "tool_use" if calls else "end_turn"
        yield ModelTurn(tuple(content), tuple(calls), stop, TokenUsage(), self.name)


def reply_to(messages: Sequence[Message], system: str, tools: frozenset[str]) -> Reply:
    start, request = last_request(messages)
    steps = steps_of(messages[start:])
    if "propose_plan" in tools:
        earlier = messages[:start]
        return planned(request, steps, earlier, has_app=_has_app(earlier))
    if "read_project" in tools:
        return answered(request, steps)
    if request.startswith(FEEDBACK_PREFIX):
        return Reply(
            "The checks did not pass, and repairing code is beyond the offline builder. "
            "What failed is in the report. " + NEEDS_KEY
        )
    if is_approved_plan(request) and (plan := approved_plan(system)) is not None:
        return approved(request, plan, steps)
    can_fill = TOOL in tools
    if not _has_app(messages[:start]):
        before = asked_before(messages[:start]) if TRY_AGAIN.match(request) else ""
        return new_app(before or request, steps, can_fill=can_fill)
    built = versions(messages[:start])
    if UNDO.match(request):
        return _undone(request, messages[:start], built, steps)
    if CHECK_AGAIN.match(request):
        return checked_again(steps)
    if can_fill and is_removal(request):
        return removed(messages[:start], steps)
    asks = "ask_user_tool" in tools
    if TRY_AGAIN.match(request):
        return follow_up(asked_before(messages[:start]), steps, asks=asks, is_repeated=True)
    return follow_up(request, steps, asks=asks, can_fill=can_fill, built=built)


def _undone(
    request: str, earlier: Sequence[Message], built: Sequence[Version], steps: Sequence[Step]
) -> Reply:
    """What the last message changed; if it changed nothing, 'undo' means nothing of before."""
    if before := unchanged_before(earlier, built, request):
        return Reply(
            f"“{before}” changed nothing, so that there is nothing of it to undo. The last change was "
            f"“{built[-1].request}”: “undo the last change” takes that back."
        )
    return undone(built, steps, back=undone_steps(request))


def _has_app(earlier: Sequence[Message]) -> bool:
    return any(step.name == "scaffold_app" and not step.failed for step in steps_of(earlier))


if TYPE_CHECKING:

    def _proof(model: OfflineModel) -> ChatModel:
        return model
