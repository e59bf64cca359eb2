"""Long bodies, read from the socket itself: a stream reader would copy each byte three times."""

import asyncio
import socket
from collections.abc import AsyncGenerator

from stackwright.engine.http1 import CUT_OFF, Body

LONG_BYTES = 1 << 20
"""Least length of a body that is read so, and length of its blocks."""


async def long_blocks(
    body: Body, connection: asyncio.Transport
) -> AsyncGenerator[bytes | bytearray, None]:
    """The payload of a body of known length that comes over the connection, in blocks of which each
    may be used until the next one is asked for. Raises ConnectionError."""
    try:
        async for block in body.blocks_at_hand(connection):
            yield block
        room = bytearray(LONG_BYTES)
        with connection.get_extra_info("socket").dup() as own:
            while body.left:
                if body.left < len(room):
                    room = bytearray(body.left)
                await _fill(room, own)
                body.left -= len(room)
                yield room
    finally:
        connection.resume_reading()
    body.finished = True


async def _fill(room: bytearray, connection: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    with memoryview(room) as view:
        at = 0
        while at < len(view):
            came = await loop.sock_recv_into(connection, view[at:])
            if not came:
                raise ConnectionError(CUT_OFF)
            at += came
