"""What clients may do before they have asked anything, on a real socket."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from urllib.parse import urlsplit

import pytest

from fixtures.api_twins import Running
from stackwright.api import http_protocol

pytestmark = pytest.mark.integration

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]
WHOLE = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"


@contextlib.asynccontextmanager
async def connected(api: Running) -> AsyncGenerator[Connection]:
    address = urlsplit(api.url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    try:
        async with asyncio.timeout(10):
            yield reader, writer
    finally:
        writer.close()


async def _answer_to(writer: asyncio.StreamWriter, reader: asyncio.StreamReader) -> bytes:
    writer.write(WHOLE)
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(line for line in head.lower().split(b"\r\n") if b"content-length" in line)
    await reader.readexactly(int(length.split()[1]))
    return head.split(b"\r\n")[0]


@pytest.mark.parametrize("line", [b"X: y\r\n", b"x" * 1000], ids=["lines", "one line"])
async def test_a_head_without_end_is_refused(api: Running, line: bytes) -> None:
    async with connected(api) as (reader, writer):
        writer.write(b"GET /health HTTP/1.1\r\nHost: localhost\r\nX: ")
        with contextlib.suppress(OSError):
            for _ in range(2_000_000 // len(line)):
                writer.write(line)
                await writer.drain()
        with contextlib.suppress(ConnectionError):
            assert (await reader.read()).startswith(b"HTTP/1.1 431 ")
    async with connected(api) as (reader, writer):
        assert await _answer_to(writer, reader) == b"HTTP/1.1 200 OK"


async def test_half_a_head_holds_no_connection(
    api: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_protocol, "HEAD_S", 0.3)
    async with connected(api) as (reader, writer):
        assert await _answer_to(writer, reader) == b"HTTP/1.1 200 OK"
        writer.write(b"GET /health HTTP/1.1\r\nX: ")
        assert (await reader.read()).startswith(b"HTTP/1.1 408 ")
    async with connected(api) as (reader, _):
        assert await reader.read() == b""


POST = (
    b"POST /api/projects/todo/chat HTTP/1.1\r\nHost: localhost\r\n"
    b"Content-Type: application/json\r\nContent-Length: 200000\r\n\r\n"
)


async def test_a_body_that_does_not_come_holds_no_connection(
    api: Running, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(http_protocol, "BODY_WINDOW_S", 0.3)
    async with connected(api) as (reader, writer):
        writer.write(POST + b" " * 2 * http_protocol.BODY_WINDOW_BYTES)
        assert (await reader.read()).startswith(b"HTTP/1.1 408 ")
    async with connected(api) as (reader, writer):
        writer.write(POST)
        with contextlib.suppress(OSError):  # how the server's closing is felt by who still sends
            while not reader.at_eof():
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0.01)
    async with connected(api) as (reader, writer):
        assert await _answer_to(writer, reader) == b"HTTP/1.1 200 OK"
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


@pytest.mark.parametrize("second", [b"localhost", b"evil.example"])
async def test_two_hosts_are_refused(api: Running, second: bytes) -> None:
    api.twin.add_project("ann", "todo", "Todo")
    for first in (b"localhost", api.preview("todo").encode()):
        async with connected(api) as (reader, writer):
            writer.write(
                b"GET /health HTTP/1.1\r\nHost: " + first + b"\r\nHost: " + second + b"\r\n\r\n"
            )
            assert await reader.readline() == b"HTTP/1.1 400 Bad Request\r\n"


async def test_a_long_body_and_many_requests_are_no_long_head(
    api: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_protocol, "HEAD_S", 0.3)
    async with connected(api) as (reader, writer):
        for _ in range(2 * http_protocol.MAX_HEAD_BYTES // len(WHOLE)):
            assert await _answer_to(writer, reader) == b"HTTP/1.1 200 OK"
        writer.write(
            b"POST /api/projects/todo/chat HTTP/1.1\r\nHost: localhost\r\n"
            b"Content-Type: application/json\r\nContent-Length: 200000\r\n\r\n"
        )
        for _ in range(4):
            writer.write(b" " * 50_000)
            await asyncio.sleep(0.2)
        assert (await reader.readline()).startswith(b"HTTP/1.1 422 ")
