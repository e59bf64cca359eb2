"""Common parts of event streams: start, keep-alives, the client's deadline, and the end when the client
leaves."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from stackwright.engine.envd.connect import StreamWriter
from stackwright.engine.envd.errors import RpcError
from stackwright.engine.http1 import LONGEST_NUMBER, Headers, Request

DEFAULT_KEEPALIVE_S = 90.0

Message = dict[str, Any]


async def relay(
    events: asyncio.Queue[Message],
    request: Request,
    out: StreamWriter,
    *,
    start: Message,
    wrap: Callable[[Message], Message],
) -> None:
    """Send `start`, then events until one of them is the end. Raises RpcError at the deadline
    and ConnectionError when the client has left."""
    gone = asyncio.get_running_loop().create_task(request.reader.read(1))
    try:
        await out.send(wrap({"start": start}))
        async with asyncio.timeout(deadline_s(request.headers)):
            await _forward(events, out, gone, _keepalive_s(request.headers), wrap)
    except TimeoutError:
        raise RpcError("deadline_exceeded", "context deadline exceeded") from None
    finally:
        gone.cancel()


async def _forward(
    events: asyncio.Queue[Message],
    out: StreamWriter,
    gone: asyncio.Task[bytes],
    keepalive_s: float,
    wrap: Callable[[Message], Message],
) -> None:
    loop = asyncio.get_running_loop()
    last_sent = time.monotonic()
    while True:
        waiting = loop.create_task(events.get())
        try:
            await asyncio.wait(
                {waiting, gone}, timeout=keepalive_s, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            if not waiting.done():
                waiting.cancel()
        if waiting.done() and not waiting.cancelled():
            event = waiting.result()
            await out.send(wrap(event))
            last_sent = time.monotonic()
            if "end" in event:
                return
        elif gone.done():
            raise ConnectionError("the client left")
        elif time.monotonic() - last_sent >= keepalive_s:
            await out.send(wrap({"keepalive": {}}))
            last_sent = time.monotonic()


def deadline_s(headers: Headers) -> float | None:
    value = headers.get("connect-timeout-ms", "")
    return milliseconds / 1000 if (milliseconds := _number(value)) else None


def _keepalive_s(headers: Headers) -> float:
    value = headers.get("keepalive-ping-interval", "")
    return float(_number(value)) or DEFAULT_KEEPALIVE_S


def _number(text: str) -> int:
    """The number in a header; 0 if it is none."""
    return int(text) if text.isdecimal() and len(text) <= LONGEST_NUMBER else 0
