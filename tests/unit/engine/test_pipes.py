import asyncio
import socket

import pytest

from stackwright.engine import pipes
from stackwright.engine.pipes import BLOCK_BYTES, linger, pipe_both_ways

End = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def connection() -> tuple[End, End]:
    """The two ends of one."""
    near, far = socket.socketpair()
    return await asyncio.open_connection(sock=near), await asyncio.open_connection(sock=far)


async def closed(*ends: End) -> None:
    for _, writer in ends:
        writer.close()
        await writer.wait_closed()


async def test_both_directions_are_copied_until_each_has_ended() -> None:
    (client, left), (right, server) = await connection(), await connection()
    sizes: list[int] = []

    async def throttle(size: int) -> None:
        sizes.append(size)

    joined = asyncio.create_task(pipe_both_ways(left, right, throttle))
    question = b"q" * (BLOCK_BYTES + 1)
    client[1].write(question)
    client[1].write_eof()
    assert await server[0].read(-1) == question
    assert not joined.done()  # the answer is still to come
    server[1].write(b"answer")
    server[1].write_eof()
    assert await client[0].read(-1) == b"answer"
    await joined
    assert sum(sizes) == len(question) + len(b"answer")
    assert max(sizes) <= BLOCK_BYTES
    await closed(client, left, right, server)


async def test_a_side_that_breaks_ends_its_direction_and_no_more() -> None:
    (client, left), (right, server) = await connection(), await connection()
    joined = asyncio.create_task(pipe_both_ways(left, right))
    server[1].transport.abort()
    client[1].write(b"unheard")
    assert await client[0].read(-1) == b""
    client[1].close()
    async with asyncio.timeout(5):
        await joined
    for _, writer in (client, left, right):
        writer.transport.abort()


async def test_a_peer_that_does_not_finish_is_waited_for_so_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pipes, "LINGER_S", 0.05)
    near, far = await connection()
    far[1].write(b"the rest of what it sends")
    async with asyncio.timeout(5):
        await linger(*near)
    assert await far[0].read(-1) == b""
    await closed(near, far)
