import asyncio
import os
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from fixtures.connections import Streams, joined
from stackwright.engine.http.zero_copy import (
    PIPE_BYTES,
    TakesNoMore,
    is_worth_splicing,
    splice_body,
)
from stackwright.engine.http1 import Body, Headers, free


@asynccontextmanager
async def three() -> AsyncGenerator[tuple[Streams, Streams, Streams, Streams]]:
    """Client, its connection as the engine has it, the engine's connection to a program, program."""
    async with (
        joined(socket.AF_INET) as (client, source),
        joined(socket.AF_UNIX) as (target, inside),
    ):
        yield client, source, target, inside


def body_of(source: Streams, length: int) -> Body:
    return Body(source[0], Headers({"content-length": str(length)}), empty=False)


def open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.parametrize("length", [1, 300_000, PIPE_BYTES, 5 * PIPE_BYTES + 7])
@pytest.mark.parametrize("pause_s", [0.0, 0.05])
async def test_a_body_arrives_whole_and_what_follows_it_stays(length: int, pause_s: float) -> None:
    content = os.urandom(length)
    async with three() as (client, source, target, inside):
        before = open_descriptors()
        body = body_of(source, length)
        client[1].write(content[: length // 2])
        await asyncio.sleep(pause_s)
        splicing = asyncio.create_task(splice_body(body, source[1], target[1], free))
        await asyncio.sleep(pause_s)
        client[1].write(content[length // 2 :] + b"next")
        assert await inside[0].readexactly(length) == content
        await splicing
        assert body.finished
        assert await source[0].readexactly(4) == b"next"
        assert open_descriptors() == before


async def test_a_program_that_does_not_read_holds_its_client_up_and_can_be_left() -> None:
    async with three() as (client, source, target, inside):
        before = open_descriptors()
        body = body_of(source, 64 << 20)
        client[1].write(b"x" * (64 << 20))
        splicing = asyncio.create_task(splice_body(body, source[1], target[1], free))
        await asyncio.sleep(0.3)
        assert not splicing.done()
        assert client[1].transport.get_write_buffer_size() > 16 << 20
        splicing.cancel()
        await asyncio.wait({splicing})
        assert open_descriptors() == before
        assert await inside[0].read(4) == b"xxxx"


@pytest.mark.parametrize("sent", [0, 1000, 3 << 20])
async def test_a_client_that_leaves_ends_it(sent: int) -> None:
    async with three() as (client, source, target, inside):
        splicing = asyncio.create_task(
            splice_body(body_of(source, 4 << 20), source[1], target[1], free)
        )
        client[1].write(b"x" * sent)
        client[1].write_eof()
        assert len(await inside[0].readexactly(sent)) == sent
        with pytest.raises(ConnectionError, match="inside a body"):
            await splicing


@pytest.mark.parametrize("read_first", [0, 2 << 20])
async def test_a_program_that_leaves_is_told_apart(read_first: int) -> None:
    async with three() as (client, source, target, inside):
        splicing = asyncio.create_task(
            splice_body(body_of(source, 64 << 20), source[1], target[1], free)
        )
        client[1].write(b"x" * (8 << 20))
        await inside[0].readexactly(read_first)
        inside[1].transport.abort()
        with pytest.raises(TakesNoMore):
            await splicing


async def test_short_bodies_and_those_without_a_length_are_not_worth_it() -> None:
    async with joined(socket.AF_UNIX) as (one, other):
        assert is_worth_splicing(body_of(one, PIPE_BYTES), one[1], other[1])
        assert not is_worth_splicing(body_of(one, 1000), one[1], other[1])
        chunked = Body(one[0], Headers({"transfer-encoding": "chunked"}), empty=False)
        assert not is_worth_splicing(chunked, one[1], other[1])
