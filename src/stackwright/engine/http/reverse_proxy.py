"""Forwards one request to a program inside a sandbox and its answer back, with framing of our own."""

import asyncio
import re
import socket
import struct

from stackwright.engine.http1 import (
    Body,
    Headers,
    HttpError,
    Request,
    Responder,
    read_head,
)
from stackwright.engine.pipes import Throttle, pipe_both_ways
from stackwright.engine.process_tree.tree import Connection

MAX_ANNOUNCEMENTS = 8
"""Interim answers (1xx) that are forwarded before the final one."""
SWITCHING = "101"
NO_HOST = "localhost"
OLD = "HTTP/1.0"
"""Clients of this version know neither chunks nor interim answers; a body ends with the connection."""
_STATUS_LINE = re.compile(r"HTTP/1\.[01] ([1-5]\d\d)(?: [^\r\n\0]*)?")
_OWN_HEADERS = {"connection", "keep-alive", "proxy-connection"}


def head_for_program(request: Request, host: str | None) -> bytes:
    """The head as the program gets it: for one exchange, and with another `host` if there is one.
    HTTP/1.1 wants one, HTTP/1.0 did not."""
    if host is None and "host" not in request.headers:
        host = NO_HOST
    dropped = {"connection"} if host is None else {"connection", "host"}
    kept = [line for line in request.header_lines if line.partition(":")[0].lower() not in dropped]
    kept += [] if host is None else [f"Host: {host}"]
    kept.append("Connection: Upgrade" if request.wants_upgrade else "Connection: close")
    line = f"{request.method} {request.target} HTTP/1.1"
    return "\r\n".join([line, *kept, "", ""]).encode("latin-1")


async def proxy_request(
    request: Request, writer: asyncio.StreamWriter, upstream: Connection, throttle: Throttle
) -> bytes | None:
    """Forward the body and the answer, and notice when the client disconnects. Returns what was read of the
    next request, None if the connection cannot be used again."""
    loop = asyncio.get_running_loop()
    reading = loop.create_task(_upload(request, upstream[1], throttle))
    relaying = loop.create_task(_relay(request, writer, upstream[0], throttle))
    try:
        await asyncio.wait({reading, relaying}, return_when=asyncio.FIRST_COMPLETED)
        if not relaying.done() and reading.result() == b"":
            return None  # the client left
        keeps = await relaying
        if keeps is None:
            await _join(request, writer, upstream, reading, throttle)
            return None
    finally:
        for task in (reading, relaying):
            task.cancel()
        await asyncio.wait({reading, relaying})
    if not keeps:
        return None
    return b"" if reading.cancelled() else reading.result() or None


async def _join(
    request: Request,
    writer: asyncio.StreamWriter,
    upstream: Connection,
    reading: asyncio.Task[bytes | None],
    throttle: Throttle,
) -> None:
    """The program accepted the upgrade: connect the two directly."""
    reading.cancel()
    await asyncio.wait({reading})
    if not reading.cancelled() and (ahead := reading.result()):
        upstream[1].write(ahead)
    await pipe_both_ways((request.reader, writer), upstream, throttle)


async def _upload(
    request: Request, program: asyncio.StreamWriter, throttle: Throttle
) -> bytes | None:
    """Forward the body, then wait for the client's next byte; empty means that the client is gone.
    None: the program stopped reading; `_relay` forwards its answer."""
    body = request.body
    try:
        await _copy_body(body, program, throttle, in_chunks=body.chunked)
        return await request.reader.read(1)
    except OSError:
        return None if program.is_closing() else b""


async def _relay(
    request: Request, writer: asyncio.StreamWriter, reader: asyncio.StreamReader, throttle: Throttle
) -> bool | None:
    """Relay one answer. True when the client's connection can carry another request, None when it
    carries another protocol now. Raises HttpError for what is no answer: what is not understood here
    might be understood otherwise by the client."""
    try:
        found = await _answer_head(request, writer, reader)
        if found is None:
            await send_problem(Responder(writer), 502, "the program closed the connection")
            return False
        status, lines = found
        if status == SWITCHING:
            return None
        headers = Headers.parsed(lines[1:])
        is_empty = request.method == "HEAD" or status in ("204", "304")
        body = Body(reader, headers, empty=is_empty)
    except HttpError as error:
        raise HttpError(502, f"the program's answer is no HTTP: {error.message}") from error
    if not is_empty and not body.chunked and "content-length" not in headers:
        body.until_close, body.finished = True, False
    keeps = request.keeps_connection and request.body.finished and not body.until_close
    keeps = keeps and not request.wants_upgrade
    in_chunks = body.chunked and request.version != OLD
    dropped = _OWN_HEADERS | {"transfer-encoding"} if request.version == OLD else _OWN_HEADERS
    kept = [line for line in lines if line.partition(":")[0].lower() not in dropped]
    kept += [] if keeps else ["Connection: close"]
    writer.write("\r\n".join([*kept, "", ""]).encode("latin-1"))
    try:
        await _copy_body(body, writer, throttle, in_chunks=in_chunks)
    except ConnectionError:
        reset(writer)
        raise
    return keeps


async def _answer_head(
    request: Request, writer: asyncio.StreamWriter, reader: asyncio.StreamReader
) -> tuple[str, list[str]] | None:
    """Status and lines of the answer's head; what announces it is passed on. None: there is none."""
    for _ in range(1 + MAX_ANNOUNCEMENTS):
        raw = await read_head(reader)
        if raw is None:
            return None
        lines = raw[:-4].decode("latin-1").split("\r\n")
        found = _STATUS_LINE.fullmatch(lines[0])
        if found is None:
            raise HttpError(502, "malformed status line")
        if not found[1].startswith("1"):
            return found[1], lines
        Headers.parsed(lines[1:])
        if found[1] == SWITCHING and not request.wants_upgrade:
            raise HttpError(502, "nobody asked for another protocol")
        if request.version != OLD or found[1] == SWITCHING:
            writer.write(raw)
            await writer.drain()
        if found[1] == SWITCHING:
            return found[1], lines
    raise HttpError(502, "too many heads before the answer")


async def _copy_body(
    body: Body, writer: asyncio.StreamWriter, throttle: Throttle, *, in_chunks: bool
) -> None:
    async for block in body.blocks():
        writer.write(b"%x\r\n%b\r\n" % (len(block), block) if in_chunks else block)
        await writer.drain()
        await throttle(len(block))
    if in_chunks:
        writer.write(b"0\r\n\r\n")
    await writer.drain()


def reset(writer: asyncio.StreamWriter) -> None:
    """End the client's connection so that it cannot take a part of an answer for the whole."""
    connection: socket.socket = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def send_problem(responder: Responder, status: int, message: str) -> None:
    await responder.send_json(status, {"code": status, "message": message})
