"""The Connect protocol, JSON codec: unary calls and streams of enveloped messages."""

import json
import struct
from collections.abc import AsyncGenerator
from typing import Any, cast

from stackwright.engine.envd.errors import RpcError
from stackwright.engine.http1 import Body, Responder

STREAM_TYPE = "application/connect+json"
MAX_MESSAGE_BYTES = 64 * 1024 * 1024
_ENVELOPE = struct.Struct(">BI")
_COMPRESSED, _LAST = 1, 2


async def messages(body: Body) -> AsyncGenerator[dict[str, Any], None]:
    """The client's messages, in order."""
    buffer = bytearray()
    async for block in body.blocks():
        buffer += block
        while len(buffer) >= _ENVELOPE.size:
            flags, size = _ENVELOPE.unpack_from(buffer)
            if flags & _COMPRESSED or size > MAX_MESSAGE_BYTES:
                raise RpcError("invalid_argument", "compressed or oversized message")
            end = _ENVELOPE.size + size
            if len(buffer) < end:
                break
            payload = bytes(buffer[_ENVELOPE.size : end])
            del buffer[:end]
            if flags & _LAST:
                return
            yield _object(payload)


async def only_message(body: Body) -> dict[str, Any]:
    """The single message of a server stream. The body is read to its end before anything is
    answered: clients over HTTP/1.1 drop the rest of a body whose answer came early."""
    received = [message async for message in messages(body)]
    if len(received) != 1:
        raise RpcError("invalid_argument", f"expected one message, got {len(received)}")
    return received[0]


def _object(payload: bytes) -> dict[str, Any]:
    try:
        value: object = json.loads(payload or b"{}")
    except (ValueError, RecursionError) as error:
        raise RpcError("invalid_argument", "the message is not JSON") from error
    if not isinstance(value, dict):
        raise RpcError("invalid_argument", "the message is not a JSON object")
    return cast(dict[str, Any], value)


class StreamWriter:
    """The answer of a stream: any number of messages, then exactly one end."""

    def __init__(self, responder: Responder) -> None:
        self._responder = responder

    async def start(self) -> None:
        await self._responder.start_chunks(200, {"Content-Type": STREAM_TYPE})

    async def send(self, message: dict[str, Any]) -> None:
        await self._responder.chunk(_enveloped(message, flags=0))

    async def end(self, error: RpcError | None = None) -> None:
        trailer = {} if error is None else {"error": {"code": error.code, "message": error.message}}
        await self._responder.chunk(_enveloped(trailer, flags=_LAST))
        await self._responder.end_chunks()


def _enveloped(message: dict[str, Any], *, flags: int) -> bytes:
    payload = json.dumps(message, separators=(",", ":")).encode()
    return _ENVELOPE.pack(flags, len(payload)) + payload
