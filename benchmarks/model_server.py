"""A model server that costs next to nothing: prepared bytes, no scripts, no checks.

It measures the other side too: the time between the end of an answer and the next request of the
same run is what an agent's step took. `python -m benchmarks.model_server` prints its address.
"""

import asyncio
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache
from typing import Any, cast

import httpx
import orjson
import uvloop

from benchmarks.conversation import FILE_BYTES, Conversation, Tool
from stackwright.testing.script import Call, Say, Turn
from stackwright.testing.wire import anthropic_stream

_ID = "benchturn"
_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
_BODY = {"model": "bench", "messages": []}
_UNSENT = "0000000.000000"
TOKEN = f"t={_UNSENT} a word\n"
"""A piece of text. When pieces are paced, it says on this machine's monotonic clock when it was sent."""


class Record:
    """Per run: milliseconds that its client took between two turns, bytes that the model wrote."""

    def __init__(self) -> None:
        self.gaps: dict[str, list[float]] = defaultdict(list)
        self.said_bytes: dict[str, int] = defaultdict(int)
        self._ended: dict[str, float] = {}

    def asked(self, run: str) -> None:
        ended = self._ended.pop(run, None)
        if ended is not None:
            self.gaps[run].append((time.monotonic() - ended) * 1000)

    def answered(self, run: str, said_bytes: int) -> None:
        self.said_bytes[run] += said_bytes
        self._ended[run] = time.monotonic()


@cache
def _call_events(tool: Tool) -> tuple[bytes, int]:
    """A turn with one call, `_ID` standing where each call differs; and how long its arguments are."""
    line = "x" * 63 + "\n"
    if tool == "write":
        name, arguments = (
            "write_file",
            {
                "path": f"notes/{_ID}.txt",
                "content": line * (FILE_BYTES // len(line)),
            },
        )
    else:
        name, arguments = "update_plan", {"steps": [{"title": _ID, "status": "active"}]}
    written = orjson.dumps(arguments).decode()
    events = anthropic_stream(Turn((Call(name, written),)), _BODY, 1000)
    return b"".join(events), len(written)


@cache
def _text_events(tokens: int) -> tuple[bytes, list[bytes], bytes]:
    """What comes before the pieces of the text, the pieces, and what comes after them."""
    events = anthropic_stream(Turn((Say(TOKEN * tokens),)), _BODY, 1000)
    pieces = [event for event in events if b"text_delta" in event]
    first = events.index(pieces[0])
    return b"".join(events[:first]), pieces, b"".join(events[first + len(pieces) :])


class ModelProtocol(asyncio.Protocol):
    """One connection of a client; a request is answered when its last byte is here."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._received = bytearray()
        self._pacing: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports do not inherit from asyncio's.
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        for task in self._pacing:
            task.cancel()

    def data_received(self, data: bytes) -> None:
        self._received += data
        end = self._received.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self._received[:end]).lower()
        _, _, rest = head.partition(b"content-length:")
        length = int(rest.split(b"\r\n", 1)[0]) if rest else 0
        if len(self._received) < end + 4 + length:
            return
        body = bytes(self._received[end + 4 : end + 4 + length])
        self._received.clear()
        if head.startswith(b"get"):
            self._whole(
                orjson.dumps({"gaps": self._record.gaps, "said_bytes": self._record.said_bytes})
            )
        else:
            self._answer(body)

    def _answer(self, body: bytes) -> None:
        conversation, spoken = Conversation.found_in(body)
        self._record.asked(conversation.run)
        asyncio.get_running_loop().call_later(
            conversation.thinks_s, self._speak, conversation, spoken
        )

    def _speak(self, conversation: Conversation, spoken: int) -> None:
        if spoken < conversation.steps:
            turn_id = f"{conversation.run}-{spoken}".encode()
            events, said_bytes = _call_events(conversation.tool)
            events = events.replace(_ID.encode(), turn_id)
            events = events.replace(b"toolu_", b"toolu_%b_" % turn_id)
            self._stream(conversation, events, said_bytes)
        elif conversation.rate:
            task = asyncio.get_running_loop().create_task(self._paced(conversation))
            self._pacing.add(task)
            task.add_done_callback(self._pacing.discard)
        else:
            before, pieces, after = _text_events(conversation.tokens)
            text = before + b"".join(pieces) + after
            self._stream(conversation, text, conversation.tokens * len(TOKEN))

    def _whole(self, body: bytes) -> None:
        self._transport.write(
            b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
            % len(body)
            + body
        )

    def _stream(self, conversation: Conversation, events: bytes, said_bytes: int) -> None:
        self._transport.write(_HEAD + _chunk(events) + b"0\r\n\r\n")
        self._record.answered(conversation.run, said_bytes)

    async def _paced(self, conversation: Conversation) -> None:
        """The pieces at their rate; each is due at a moment of its own, so that delays do not add up."""
        before, pieces, after = _text_events(conversation.tokens)
        self._transport.write(_HEAD + _chunk(before))
        loop = asyncio.get_running_loop()
        began = loop.time()
        for number, piece in enumerate(pieces):
            await asyncio.sleep(began + number / conversation.rate - loop.time())
            sent_at = b"%014.6f" % time.monotonic()
            self._transport.write(_chunk(piece.replace(_UNSENT.encode(), sent_at)))
        self._transport.write(_chunk(after) + b"0\r\n\r\n")
        self._record.answered(conversation.run, conversation.tokens * len(TOKEN))


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


class ModelServer:
    """The server as its own process."""

    def __init__(self, process: subprocess.Popen[bytes], url: str) -> None:
        self.pid = process.pid
        self.url = url

    def gaps(self, prefix: str) -> list[list[float]]:
        """Per run whose name begins with `prefix`: milliseconds between its turns."""
        found: dict[str, list[float]] = self._record()["gaps"]
        return [gaps for run, gaps in found.items() if run.startswith(prefix)]

    def said_bytes(self, run: str) -> int:
        """How much the model wrote in the run: text and arguments."""
        return self._record()["said_bytes"][run]

    def _record(self) -> dict[str, Any]:
        return httpx.get(f"{self.url}/record", timeout=30).json()


@contextmanager
def model_server() -> Generator[ModelServer]:
    """Start the server; stop it at the end of the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.model_server"], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        yield ModelServer(process, process.stdout.readline().decode().strip())
    finally:
        process.terminate()
        process.wait(timeout=10)
        process.stdout.close()


async def _serve() -> None:
    record = Record()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: ModelProtocol(record), "127.0.0.1", 0, backlog=2048)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve())
