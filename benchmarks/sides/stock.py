"""What the libraries offer ready-made: `create_agent`, `ChatAnthropic`, checkpoints in PostgreSQL."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from langchain.agents import create_agent
from langchain_anthropic import ChatAnthropic
from langchain_core.runnables import RunnableConfig
from langchain_core.tools import StructuredTool
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver

from benchmarks.conversation import Conversation
from benchmarks.sides.base import SYSTEM, TOOLS, BareTools, Conditions, Heard, bare_tools
from benchmarks.sides.lean import checkpoint_pool


class StockAgent:
    """Implements a side of the comparison; tokens are streamed, as a product would."""

    def __init__(self, agent: Any) -> None:
        self._agent = agent

    async def converse(
        self, seat: int, conversation: Conversation, heard: Heard = lambda: None
    ) -> None:
        stream = self._agent.astream(
            {"messages": [{"role": "user", "content": conversation.message}]},
            {
                "configurable": {"thread_id": conversation.run, "seat": seat},
                "recursion_limit": 4 * conversation.steps + 10,
            },
            stream_mode="messages",
            durability="sync",
        )
        async for chunk, _ in stream:
            if chunk.text:
                heard()


def _callable(tools: BareTools, name: str) -> Callable[..., Awaitable[str]]:
    async def run(config: RunnableConfig, **arguments: Any) -> str:
        return await tools.call(config["configurable"]["seat"], name, arguments)

    return run


@asynccontextmanager
async def stock_agent(conditions: Conditions) -> AsyncGenerator[StockAgent]:
    async with AsyncExitStack() as stack:
        tools = await stack.enter_async_context(bare_tools(conditions))
        pool = await stack.enter_async_context(checkpoint_pool(conditions.database_url))
        model = ChatAnthropic(
            model_name="claude-sonnet-4-5-20250929",
            base_url=conditions.model_url,
            api_key="bench",
            max_tokens=32000,
            max_retries=0,
            streaming=True,
        )
        offered = [
            StructuredTool(
                name=tool.name,
                description=tool.description,
                args_schema=tool.arguments,
                coroutine=_callable(tools, tool.name),
            )
            for tool in TOOLS
        ]
        agent = create_agent(
            model, offered, system_prompt=SYSTEM, checkpointer=AsyncPostgresSaver(pool)
        )
        yield StockAgent(agent)
