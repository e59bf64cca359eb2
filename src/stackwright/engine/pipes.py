"""Passing bytes from one connection to another, and letting one end in peace. Standard library only."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

BLOCK_BYTES = 256 * 1024
"""Size of the blocks that are read, and roughly the memory of one connection."""
LINGER_S = 5.0

Throttle = Callable[[int], Awaitable[None]]
"""Called with the size of each block that was passed on; returns when the next one may be."""


async def linger(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """After an answer that came before everything was read: let the peer finish. Closing at once
    would reset the connection and could destroy the answer on its way."""
    with contextlib.suppress(OSError, TimeoutError):
        if writer.can_write_eof():
            writer.write_eof()
        async with asyncio.timeout(LINGER_S):
            while await reader.read(BLOCK_BYTES):
                pass


async def unthrottled(size: int) -> None:
    """A throttle that never waits."""


async def pipe(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, throttle: Throttle = unthrottled
) -> None:
    """Copy until the end or until either side breaks, then half-close the writer."""
    try:
        while block := await reader.read(BLOCK_BYTES):
            writer.write(block)
            await writer.drain()
            await throttle(len(block))
        if writer.can_write_eof():
            writer.write_eof()
    except OSError:
        writer.close()


async def pipe_both_ways(
    left: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    right: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    throttle: Throttle = unthrottled,
) -> None:
    """Join two connections until both directions are done; closes neither."""
    async with asyncio.TaskGroup() as group:
        group.create_task(pipe(left[0], right[1], throttle))
        group.create_task(pipe(right[0], left[1], throttle))
