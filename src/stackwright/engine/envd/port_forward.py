"""The two ways through the sandbox's network: to its ports, and out to the egress proxy."""

import asyncio
import contextlib

from stackwright.engine.pipes import pipe_both_ways

PROXY_PORT = 3128
OPEN, CLOSED = b"+", b"-"

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def serve_port(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """The engine sends a port number on a line; `+` or `-` is answered, then the port's bytes."""
    with contextlib.suppress(OSError, ValueError, asyncio.IncompleteReadError):
        port = int(await reader.readline())
        connection = await _dial(port)
        if connection is None:
            writer.write(CLOSED)
            await writer.drain()
        else:
            writer.write(OPEN)
            await _join((reader, writer), connection)
    writer.close()


async def _dial(port: int) -> Connection | None:
    for host in ("127.0.0.1", "::1"):
        try:
            return await asyncio.open_connection(host, port)
        except OSError:
            continue
    return None


async def _join(left: Connection, right: Connection) -> None:
    try:
        await pipe_both_ways(left, right)
    finally:
        right[1].close()


async def start_proxy(socket_path: str) -> asyncio.Server:
    """Listen where HTTP_PROXY points and hand each connection to the engine's proxy."""

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            upstream = await asyncio.open_unix_connection(socket_path)
            await _join((reader, writer), upstream)
        writer.close()

    return await asyncio.start_server(forward, "127.0.0.1", PROXY_PORT)
