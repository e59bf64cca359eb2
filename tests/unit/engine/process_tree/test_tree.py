"""The way to a port of a sandbox whose agent takes its time."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import cast

import pytest

from stackwright.engine.envd.port_forward import CLOSED, OPEN
from stackwright.engine.errors import EngineBusy
from stackwright.engine.network.egress_proxy import EgressProxy
from stackwright.engine.process_tree import tree
from stackwright.engine.process_tree.tree import ProcessTree

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def tree_with(answer: Answer, folder: Path) -> AsyncGenerator[ProcessTree]:
    """A tree of one process, whose agent answers at its socket like this."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "input()",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    server = await asyncio.start_unix_server(answer, str(folder / "x.ports"))
    made = ProcessTree(
        process, "token", folder / "x", cast(EgressProxy, None), (), AsyncExitStack()
    )
    try:
        yield made
    finally:
        server.close()
        await server.wait_closed()
        made.drop_connections()
        assert process.stdin is not None
        process.stdin.close()
        await made.exited()


async def test_an_agent_that_answers_late_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What runs beside it may take all processors, as a build does."""
    monkeypatch.setattr(tree, "AGENT_TIMEOUT_S", 0.0)
    asked = asyncio.Event()

    async def late(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readline() == b"3000\n"
        asked.set()
        writer.write(OPEN)
        writer.close()

    async with tree_with(late, tmp_path) as made:
        connection = await made.connect(3000)
        assert connection is not None
        connection[1].close()
    assert asked.is_set()


async def test_a_closed_port_is_told_from_an_agent_that_does_not_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def closed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if await reader.readline() == b"3000\n":
            writer.write(CLOSED)
        else:
            await reader.read()
        writer.close()

    async with tree_with(closed, tmp_path) as made:
        assert await made.connect(3000) is None
        monkeypatch.setattr(tree, "PORT_TIMEOUT_S", 0.05)
        with pytest.raises(EngineBusy):
            await made.connect(3001)
