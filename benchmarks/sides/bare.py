"""The floor: ask, call the tools, ask again. No graph, nothing stored."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, asynccontextmanager

import orjson

from benchmarks.conversation import Conversation
from benchmarks.sides.base import SYSTEM, TOOLS, BareTools, Conditions, Heard, bare_tools
from stackwright.agent.models.anthropic import AnthropicModel
from stackwright.agent.models.base import Message, ModelTurn, TextDelta

SCHEMAS = tuple(tool.schema() for tool in TOOLS)


class BareLoop:
    """Implements a side of the comparison."""

    def __init__(self, model: AnthropicModel, tools: BareTools) -> None:
        self._model = model
        self._tools = tools

    async def converse(
        self, seat: int, conversation: Conversation, heard: Heard = lambda: None
    ) -> None:
        history = [first_message(conversation)]
        for _ in range(conversation.steps + 1):
            history.append(await ask(self._model, history, heard))
            if not history[-1].tool_calls:
                return
            history.append(await answered(self._tools, seat, history[-1]))


def first_message(conversation: Conversation) -> Message:
    return Message("user", ({"type": "text", "text": conversation.message},))


async def ask(model: AnthropicModel, history: Sequence[Message], heard: Heard) -> Message:
    """The model's next message, streamed and put together."""
    async with aclosing(model.stream(history, system=SYSTEM, tools=SCHEMAS)) as events:
        async for event in events:
            if isinstance(event, TextDelta):
                heard()
            elif isinstance(event, ModelTurn):
                return _with_arguments(event)
    raise AssertionError("the stream ended without a message")


def _with_arguments(turn: ModelTurn) -> Message:
    arguments = {call.tool_id: orjson.loads(call.arguments_json) for call in turn.calls}
    blocks = (
        {**block, "input": arguments[block["id"]]} if block["type"] == "tool_use" else block
        for block in turn.content
    )
    return Message("assistant", tuple(blocks))


async def answered(tools: BareTools, seat: int, message: Message) -> Message:
    """The results of the message's calls."""
    return Message(
        "user",
        tuple(
            [
                {
                    "type": "tool_result",
                    "tool_use_id": call["id"],
                    "content": await tools.call(seat, call["name"], call["input"]),
                }
                for call in message.tool_calls
            ]
        ),
    )


@asynccontextmanager
async def bare_loop(conditions: Conditions) -> AsyncGenerator[BareLoop]:
    model = conditions.model()
    async with bare_tools(conditions) as tools:
        yield BareLoop(model, tools)
    await model.aclose()
