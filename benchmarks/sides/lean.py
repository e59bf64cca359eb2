"""LangGraph and PostgreSQL with nothing around them: a graph of two nodes, a checkpoint a node."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Annotated, Any, TypedDict

from langgraph.channels.delta import DeltaChannel
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

from benchmarks.conversation import Conversation
from benchmarks.sides.bare import answered, ask, first_message
from benchmarks.sides.base import BareTools, Conditions, Heard, bare_tools
from stackwright.agent.models.anthropic import AnthropicModel
from stackwright.agent.models.base import Message
from stackwright.agent.state import FullStackAgentState, messages_of, packed

Pool = AsyncConnectionPool[AsyncConnection[DictRow]]


def _append(state: list[str] | None, writes: list[list[str]]) -> list[str]:
    return [*(state or ()), *(message for batch in writes for message in batch)]


class _State(TypedDict):
    messages: Annotated[list[str], DeltaChannel(_append)]


class _Parts(TypedDict):
    model: AnthropicModel
    tools: BareTools
    seat: int
    heard: Heard


class LeanGraph:
    """Implements a side of the comparison; every conversation has a saver of its own."""

    def __init__(self, model: AnthropicModel, tools: BareTools, pool: Pool) -> None:
        self._model = model
        self._tools = tools
        self._pool = pool
        self._graph = _graph()

    async def converse(
        self, seat: int, conversation: Conversation, heard: Heard = lambda: None
    ) -> None:
        graph = self._graph.copy(update={"checkpointer": AsyncPostgresSaver(self._pool)})
        stream = graph.astream(
            {"messages": [packed(first_message(conversation))]},
            {
                "configurable": {"thread_id": conversation.run},
                "recursion_limit": 2 * conversation.steps + 10,
            },
            context=_Parts(model=self._model, tools=self._tools, seat=seat, heard=heard),
            stream_mode=[],
            durability="sync",
        )
        async for _ in stream:
            pass


def _graph() -> CompiledStateGraph[Any, Any, Any, Any]:
    graph = StateGraph(_State, context_schema=_Parts)
    graph.add_node("model", _call_model)
    graph.add_node("tools", _run_tools)
    graph.add_edge(START, "model")
    graph.add_conditional_edges(
        "model", lambda state: "tools" if _newest(state).tool_calls else END, ["tools", END]
    )
    graph.add_edge("tools", "model")
    return graph.compile()


async def _call_model(state: _State, runtime: Runtime[_Parts]) -> dict[str, Any]:
    message = await ask(runtime.context["model"], _history(state), runtime.context["heard"])
    return {"messages": [packed(message)]}


async def _run_tools(state: _State, runtime: Runtime[_Parts]) -> dict[str, Any]:
    parts = runtime.context
    return {"messages": [packed(await answered(parts["tools"], parts["seat"], _newest(state)))]}


def _history(state: _State) -> list[Message]:
    return messages_of(FullStackAgentState(messages=state["messages"]))


def _newest(state: _State) -> Message:
    return messages_of(FullStackAgentState(messages=state["messages"][-1:]))[0]


@asynccontextmanager
async def checkpoint_pool(database_url: str) -> AsyncGenerator[Pool]:
    """Connections as the library's own example makes them, with the tables set up."""
    async with Pool(
        database_url,
        min_size=2,
        max_size=20,
        open=False,
        kwargs={"autocommit": True, "prepare_threshold": 0, "row_factory": dict_row},
    ) as pool:
        await AsyncPostgresSaver(pool).setup()
        yield pool


@asynccontextmanager
async def lean_graph(conditions: Conditions) -> AsyncGenerator[LeanGraph]:
    async with AsyncExitStack() as stack:
        model = conditions.model()
        stack.push_async_callback(model.aclose)
        tools = await stack.enter_async_context(bare_tools(conditions))
        pool = await stack.enter_async_context(checkpoint_pool(conditions.database_url))
        yield LeanGraph(model, tools, pool)
