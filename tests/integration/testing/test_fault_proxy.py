import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from stackwright.testing.fault_proxy import GOOD, FaultProxy, Target, Wire

BLOCK = bytes(range(256)) * 40


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()
    writer.close()


@pytest.fixture
async def target() -> AsyncIterator[Target]:
    server = await asyncio.start_server(_echo, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()
    server.close()


@pytest.fixture
async def proxy(target: Target) -> AsyncIterator[FaultProxy]:
    async with FaultProxy(target) as proxy:
        yield proxy


@asynccontextmanager
async def connected(proxy: FaultProxy):
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    try:
        yield reader, writer
    finally:
        writer.close()


async def _answer_to(proxy: FaultProxy, data: bytes) -> bytes:
    async with connected(proxy) as (reader, writer):
        writer.write(data)
        writer.write_eof()
        return await reader.read(-1)


async def test_a_good_wire_carries_every_byte(proxy: FaultProxy) -> None:
    assert await _answer_to(proxy, BLOCK * 20) == BLOCK * 20
    assert proxy.accepted == 1


async def test_a_unix_socket_can_be_the_target(tmp_path: Path) -> None:
    server = await asyncio.start_unix_server(_echo, tmp_path / "echo")
    async with FaultProxy(tmp_path / "echo") as proxy:
        assert await _answer_to(proxy, b"hello") == b"hello"
    server.close()


async def test_a_cut_wire_ends_the_answer_after_so_many_bytes(proxy: FaultProxy) -> None:
    proxy.wire = Wire(cut_after_bytes=1000)
    assert await _answer_to(proxy, BLOCK) == BLOCK[:1000]


async def test_a_resetting_wire_is_seen_as_a_reset(proxy: FaultProxy) -> None:
    proxy.wire = Wire(cut_after_bytes=10, resets=True)
    with pytest.raises(ConnectionResetError):
        await _answer_to(proxy, BLOCK)


async def test_latency_delays_question_and_answer(proxy: FaultProxy) -> None:
    proxy.wire = Wire(latency_s=0.1)
    began = time.monotonic()
    assert await _answer_to(proxy, b"x") == b"x"
    assert time.monotonic() - began >= 0.2


async def test_a_throttled_wire_takes_its_time(proxy: FaultProxy) -> None:
    proxy.wire = Wire(bytes_per_s=10_000)
    began = time.monotonic()
    assert await _answer_to(proxy, bytes(3000)) == bytes(3000)
    assert time.monotonic() - began >= 0.25


async def test_a_silent_wire_swallows_until_it_is_good_again(proxy: FaultProxy) -> None:
    async with connected(proxy) as (reader, writer):
        proxy.wire = Wire(is_silent=True)
        writer.write(b"lost")
        await writer.drain()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(1), 0.2)
        proxy.wire = GOOD
        writer.write(b"heard")
        assert await reader.readexactly(5) == b"heard"


async def test_refusing_resets_what_is_open_and_accepting_uses_the_same_port(
    proxy: FaultProxy,
) -> None:
    port = proxy.port
    async with connected(proxy) as (reader, writer):
        writer.write(b"x")
        await reader.readexactly(1)
        await proxy.refuse()
        with pytest.raises(ConnectionResetError):
            await reader.readexactly(1)
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)
    await proxy.accept()
    assert proxy.port == port
    assert await _answer_to(proxy, b"again") == b"again"


async def test_without_a_target_the_connection_is_reset() -> None:
    async with FaultProxy(("127.0.0.1", 1)) as proxy:
        with pytest.raises(ConnectionResetError):
            await _answer_to(proxy, b"x")
