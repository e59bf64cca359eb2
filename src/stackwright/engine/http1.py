"""The little of HTTP/1.1 the engine and its in-sandbox agent need. Standard library only.

Requests are read head first; their bodies are pulled. Used on both sides of the sandbox wall.
"""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Mapping
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

from stackwright.engine.pipes import BLOCK_BYTES

MAX_HEAD_BYTES = 64 * 1024
MAX_TRAILERS = 64
LONGEST_NUMBER = 15
"""Digits of the longest number that is read: Python refuses numbers of thousands of digits."""
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_LINE_BREAKS = re.compile(r"[\r\n\0]")
_CHUNK_SIZE = re.compile(rb"\s*([0-9A-Fa-f]{1,15})\s*(;.*)?\r?\n", re.DOTALL)
REASONS = {
    200: "OK",
    201: "Created",
    204: "No Content",
    206: "Partial Content",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    406: "Not Acceptable",
    408: "Request Timeout",
    409: "Conflict",
    413: "Content Too Large",
    416: "Range Not Satisfiable",
    429: "Too Many Requests",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
    501: "Not Implemented",
    502: "Bad Gateway",
    503: "Service Unavailable",
    507: "Insufficient Storage",
}


class HttpError(Exception):
    """The request cannot be served; becomes a JSON answer with this status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class Headers(dict[str, str]):
    """Header values by lower-case name; a repeated header is joined with commas."""

    @classmethod
    def parsed(cls, lines: list[str]) -> "Headers":
        """Strict, because the lines are passed on unchanged: a lenient peer would read other headers from
        malformed ones."""
        headers = cls()
        for line in lines:
            name, colon, value = line.partition(":")
            if not colon or not _TOKEN.fullmatch(name) or _LINE_BREAKS.search(value):
                raise HttpError(400, "malformed header line")
            key, value = name.lower(), value.strip()
            if key == "host" and key in headers:
                raise HttpError(400, "two Host headers")
            headers[key] = f"{headers[key]}, {value}" if key in headers else value
        return headers


class Body:
    """A message body, read once. `finished` is true when its last byte was read."""

    def __init__(self, reader: asyncio.StreamReader, headers: Headers, *, empty: bool) -> None:
        self._reader = reader
        coding = headers.get("transfer-encoding")
        if coding is not None and (coding.lower() != "chunked" or "content-length" in headers):
            raise HttpError(400, "the body's length can be understood in two ways")
        self.chunked = coding is not None and not empty
        self.left = 0 if empty or self.chunked else content_length(headers)
        """Bytes that have not been taken, if that is known."""
        self.until_close = False
        self.silence_s: float | None = None
        """How long the sender may send nothing; then a read raises ConnectionError."""
        self.finished = not self.chunked and self.left == 0

    async def blocks(self) -> AsyncGenerator[bytes, None]:
        """The payload without framing."""
        if self.until_close:
            while block := await self._read(BLOCK_BYTES):
                yield block
        elif self.chunked:
            while size := await self._chunk_size():
                async for block in self._exactly(size):
                    yield block
                await self._line()
            await self._trailers()
        else:
            async for block in self._exactly(self.left):
                self.left -= len(block)
                yield block
        self.finished = True

    async def read(self, *, limit: int = 64 * 1024 * 1024) -> bytes:
        whole = bytearray()
        async for block in self.blocks():
            whole += block
            if len(whole) > limit:
                raise HttpError(413, f"the body is larger than {limit} bytes")
        return bytes(whole)

    async def json(self) -> dict[str, Any]:
        """The body as a JSON object; an empty body is an empty object."""
        raw = await self.read()
        try:
            value: object = json.loads(raw) if raw else {}
        except (ValueError, RecursionError) as error:
            raise HttpError(400, "the body is not JSON") from error
        if not isinstance(value, dict):
            raise HttpError(400, "the body is not a JSON object")
        return cast(dict[str, Any], value)

    async def _exactly(self, count: int) -> AsyncGenerator[bytes, None]:
        while count:
            block = await self._read(min(count, BLOCK_BYTES))
            if not block:
                raise ConnectionError("the connection ended inside a body")
            count -= len(block)
            yield block

    async def _read(self, count: int) -> bytes:
        try:
            async with asyncio.timeout(self.silence_s):
                return await self._reader.read(count)
        except TimeoutError as error:
            raise ConnectionError("the rest of a body did not come") from error

    async def _chunk_size(self) -> int:
        found = _CHUNK_SIZE.fullmatch(await self._line())
        if found is None:
            raise ConnectionError("malformed chunk")
        return int(found[1], 16)

    async def _trailers(self) -> None:
        for _ in range(MAX_TRAILERS):
            if not (await self._line()).strip():
                return
        raise ConnectionError("too many lines after a chunked body")

    async def _line(self) -> bytes:
        try:
            async with asyncio.timeout(self.silence_s):
                return await self._reader.readline()
        except TimeoutError as error:
            raise ConnectionError("the rest of a body did not come") from error
        except ValueError as error:
            raise ConnectionError("a line of a chunked body is too long") from error


class Request:
    """One request: head parsed, body not yet read."""

    def __init__(self, raw_head: bytes, reader: asyncio.StreamReader) -> None:
        lines = raw_head[:-4].decode("latin-1").split("\r\n")
        parts = lines[0].split(" ")
        is_line = not _LINE_BREAKS.search(lines[0])
        if len(parts) != 3 or not is_line or parts[2] not in ("HTTP/1.0", "HTTP/1.1"):
            raise HttpError(400, "malformed request line")
        self.method, self.target, self.version = parts
        try:
            url = urlsplit(self.target)
        except ValueError as error:
            raise HttpError(400, "malformed request target") from error
        self.path = url.path
        self.query = {k: v[-1] for k, v in parse_qs(url.query, keep_blank_values=True).items()}
        self.header_lines = lines[1:]
        self.headers = Headers.parsed(self.header_lines)
        self.reader = reader
        self.body = Body(reader, self.headers, empty=False)

    @property
    def wants_upgrade(self) -> bool:
        return "upgrade" in self.headers.get("connection", "").lower()

    @property
    def keeps_connection(self) -> bool:
        connection = self.headers.get("connection", "").lower()
        return self.version == "HTTP/1.1" and "close" not in connection


async def read_request(reader: asyncio.StreamReader, *, prefix: bytes = b"") -> Request | None:
    """The next request, or None when the peer is done. `prefix` was read ahead of it."""
    raw = await read_head(reader, prefix=prefix)
    return None if raw is None else Request(raw, reader)


async def read_head(reader: asyncio.StreamReader, *, prefix: bytes = b"") -> bytes | None:
    try:
        head = prefix + await reader.readuntil(b"\r\n\r\n")
    except asyncio.LimitOverrunError as error:
        raise HttpError(431, "the request head is too large") from error
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    if len(head) > MAX_HEAD_BYTES:
        raise HttpError(431, "the request head is too large")
    return head


def content_length(headers: Headers) -> int:
    value = headers.get("content-length", "0")
    if not value.isdecimal() or len(value) > LONGEST_NUMBER:
        raise HttpError(400, f"malformed content-length {value[:100]!r}")
    return int(value)


def head_bytes(status: int, headers: Mapping[str, str | int]) -> bytes:
    lines = [f"HTTP/1.1 {status} {REASONS.get(status, 'Status')}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


class Responder:
    """Writes one response. After `started`, an error can only end the connection."""

    def __init__(
        self, writer: asyncio.StreamWriter, *, keep_alive: bool = False, with_body: bool = True
    ) -> None:
        self.writer = writer
        self.keep_alive = keep_alive
        self.with_body = with_body
        self.headers: Mapping[str, str] = {}
        """Headers of every answer."""
        self.started = False

    async def send_json(
        self, status: int, value: object, headers: Mapping[str, str | int] | None = None
    ) -> None:
        payload = json.dumps(value, separators=(",", ":")).encode()
        await self.send_bytes(
            status, payload, {"Content-Type": "application/json", **(headers or {})}
        )

    async def send_bytes(
        self, status: int, payload: bytes, headers: Mapping[str, str | int] | None = None
    ) -> None:
        await self.head(status, {"Content-Length": len(payload), **(headers or {})}, payload)

    async def empty(self, status: int = 204) -> None:
        await self.head(status, {})

    async def head(
        self, status: int, headers: Mapping[str, str | int], payload: bytes = b""
    ) -> None:
        """The head, and with it the first bytes of a body the caller goes on writing."""
        self.started = True
        every = {**headers, **self.headers, **self._connection()}
        self.writer.write(head_bytes(status, every) + (payload if self.with_body else b""))
        await self.writer.drain()

    async def start_chunks(self, status: int, headers: Mapping[str, str | int]) -> None:
        await self.head(status, {**headers, "Transfer-Encoding": "chunked"})

    async def chunk(self, payload: bytes) -> None:
        self.writer.write(b"%x\r\n%b\r\n" % (len(payload), payload))
        await self.writer.drain()

    async def end_chunks(self) -> None:
        self.writer.write(b"0\r\n\r\n")
        await self.writer.drain()

    def _connection(self) -> dict[str, str]:
        return {} if self.keep_alive else {"Connection": "close"}
