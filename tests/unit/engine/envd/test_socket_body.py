import asyncio
import os
import socket
from contextlib import aclosing

import pytest

from fixtures.connections import joined
from stackwright.engine.envd.socket_body import LONG_BYTES, long_blocks
from stackwright.engine.http1 import Body, Headers, connection_of

LENGTH = 3 * LONG_BYTES + 5


def body_of(reader: asyncio.StreamReader) -> Body:
    return Body(reader, Headers({"content-length": str(LENGTH)}), empty=False)


@pytest.mark.parametrize("pause_s", [0.0, 0.02])
async def test_blocks_are_the_body_and_leave_what_follows(pause_s: float) -> None:
    async with joined(socket.AF_UNIX) as ((_, sending), (reader, writer)):
        content = os.urandom(LENGTH)
        body = body_of(reader)

        async def send() -> None:
            for at in range(0, LENGTH, 700_000):
                sending.write(content[at : at + 700_000])
                await asyncio.sleep(pause_s)
            sending.write(b"next")

        task = asyncio.create_task(send())
        got = b"".join([bytes(block) async for block in long_blocks(body, connection_of(writer))])
        await task
        assert got == content
        assert body.finished
        assert await reader.readexactly(4) == b"next"


async def test_a_body_cut_short_is_an_error() -> None:
    async with joined(socket.AF_UNIX) as ((_, sending), (reader, writer)):
        sending.write(b"x" * 2_000_000)
        sending.write_eof()
        with pytest.raises(ConnectionError):
            async for _ in long_blocks(body_of(reader), connection_of(writer)):
                pass


async def test_who_stops_half_way_may_read_the_rest() -> None:
    """An answer before the body's end counts on it: the rest is read, so that the answer arrives."""
    async with joined(socket.AF_UNIX) as ((_, sending), (reader, writer)):
        sending.write(b"x" * LENGTH)
        async with aclosing(long_blocks(body_of(reader), connection_of(writer))) as blocks:
            taken = sum([len(await anext(blocks)) for _ in range(2)])
        rest = await reader.readexactly(LENGTH - taken)
        assert len(rest) == LENGTH - taken
