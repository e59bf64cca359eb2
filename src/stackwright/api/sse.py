"""A run's event log as server-sent events. Leaving ends the stream, never the run.

A stream that ends without a terminal event ended between two frames: the client comes back with the
last frame's id, to any process, and misses nothing. `EventSource` does so by itself.
"""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import aclosing, suppress

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from stackwright.api.concurrency import until_first
from stackwright.core.errors import BadInput
from stackwright.core.ids import RunId
from stackwright.core.killpoints import reached
from stackwright.runs.events.records import StoredEvent

log = logging.getLogger(__name__)

RECONNECT_MS = 1000
STALLED_S = 60.0
"""A client that reads nothing for so long is disconnected; it can reconnect for the rest."""
LAST_WORD_S = 1.0
CHUNK_BYTES = 65_536
"""Frames are sent together up to about this size."""

_HEADERS: Mapping[str, str] = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
}


def frame(event: StoredEvent, *, named: bool = False) -> bytes:
    """One event on the wire. Without `named` every event is a plain message for `onmessage`."""
    name = f"event: {event.type}\n".encode() if named else b""
    data = event.as_named_json() if named else event.as_json()
    return b"id: %b:%d\n%bdata: %b\n\n" % (event.run_id.encode(), event.seq, name, data)


def read_event_id(value: str) -> tuple[RunId, int]:
    """The place in a run's log that a frame's `id` names. Raises BadInput."""
    run_id, _, seq = value.rpartition(":")
    if not run_id or not seq.isascii() or not seq.isdigit() or len(seq) > 12:
        raise BadInput(f"{value[:120]!r} is no event id; send the last frame's id: <run_id>:<seq>.")
    return RunId(run_id), int(seq)


class EventStream(Response):
    """Sends events until the source ends, the client leaves or stalls, the connection is old, or
    `stopping` is set. Takes events from the source when the connection has taken those before."""

    media_type = "text/event-stream"

    def __init__(
        self,
        pages: AsyncGenerator[Sequence[StoredEvent], None],
        *,
        stopping: asyncio.Event,
        heartbeat_s: float,
        max_age_s: float,
        named: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        # Response's own initialiser would announce a content length.
        self.status_code = 200
        self.background = None
        self.init_headers({**_HEADERS, **(headers or {})})
        del self.headers["content-length"]
        self._pages = pages
        self._stopping = stopping
        self._named = named
        self._heartbeat_s = heartbeat_s
        self._max_age_s = max_age_s
        self._is_sending = False
        self._sent_at = time.monotonic()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        reached("http.response.start")
        await send(
            {
                "type": "http.response.start",
                "status": self.status_code,
                "headers": self.raw_headers,
            }
        )
        await self._send(send, b"retry: %d\n\n" % RECONNECT_MS)
        await until_first(
            "event-stream",
            self._pump(send),
            self._beat(send),
            _left(receive),
        )
        try:
            async with asyncio.timeout(LAST_WORD_S):
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        except TimeoutError:
            log.info("stream_client_stalled")

    async def _pump(self, send: Send) -> None:
        async with aclosing(self._pages) as pages:
            async for page in pages:
                await self._send_page(send, page)
                del page  # a quiet stream keeps nothing of what it has sent

    async def _send_page(self, send: Send, page: Sequence[StoredEvent]) -> None:
        for chunk in _chunks(page, named=self._named):
            await self._send(send, chunk)

    async def _beat(self, send: Send) -> None:
        """Send a comment after each silent interval. Returns when the connection is old, the client has read
        nothing for long, or the process stops."""
        ends_at = time.monotonic() + self._max_age_s
        while (now := time.monotonic()) < ends_at and not self._stopping.is_set():
            silent_s = now - self._sent_at
            allowed_s = STALLED_S if self._is_sending else self._heartbeat_s
            if silent_s < allowed_s:
                with suppress(TimeoutError):
                    async with asyncio.timeout(min(allowed_s - silent_s, ends_at - now)):
                        await self._stopping.wait()
            elif self._is_sending:
                return
            else:
                try:
                    async with asyncio.timeout(STALLED_S):
                        await self._send(send, b": heartbeat\n\n")
                except TimeoutError:
                    return

    async def _send(self, send: Send, data: bytes) -> None:
        """Waits while the client does not read, so that no events pile up in memory."""
        self._sent_at = time.monotonic()
        self._is_sending = True
        await send({"type": "http.response.body", "body": data, "more_body": True})
        self._is_sending = False


def _chunks(events: Sequence[StoredEvent], *, named: bool) -> Iterator[bytes]:
    """Whole frames, joined into chunks of about CHUNK_BYTES."""
    chunk = b""
    for event in events:
        chunk += frame(event, named=named)
        if len(chunk) >= CHUNK_BYTES:
            yield chunk
            chunk = b""
    if chunk:
        yield chunk


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
