"""Reads a stored conversation."""

from typing import Any

from stackwright.agent.graph import build_graph
from stackwright.agent.models.base import Message
from stackwright.agent.state import FullStackAgentState, messages_of


async def stored_messages(saver: Any, thread_id: str) -> list[Message]:
    """All messages of a thread, oldest first."""
    graph = build_graph().copy(update={"checkpointer": saver})
    snapshot = await graph.aget_state({"configurable": {"thread_id": thread_id}})
    values: FullStackAgentState = snapshot.values  # pyright: ignore[reportAssignmentType]
    return messages_of(values)
