"""One local port for everything: control API, agents, and every port inside every sandbox.

A request names a sandbox and a port by header (`E2b-Sandbox-Id`, `E2b-Sandbox-Port`) or by host
(`<port>-<id>.…`); a signed address of a file names its sandbox by its signature. Connections are reused by clients across sandboxes, so each request is framed
and routed on its own; an upgrade (WebSocket) that the program agrees to turns the connection into a pipe.
"""

import asyncio
import contextlib
import hmac
import logging
import re
import ssl
from typing import Any

from stackwright.core.tasks import spawn
from stackwright.engine.agent.http1 import (
    Body,
    Headers,
    HttpError,
    Request,
    Responder,
    linger,
    read_head,
    read_request,
    splice_both,
)
from stackwright.engine.agent.signatures import is_signed_with
from stackwright.engine.control import ControlApi
from stackwright.engine.errors import ApiError
from stackwright.engine.lifecycle import Sandboxes
from stackwright.engine.machine import AGENT_PORT, Connection

FILES_PATH = "/files"
TLS_TIMEOUT_S = 10.0
MAX_ANNOUNCEMENTS = 8
"""Of heads with a status below 200 before an answer."""
SWITCHING = "101"
TRAFFIC_HEADER = "e2b-traffic-access-token"
_HOST = re.compile(r"(\d+)-([a-z0-9]+)\.")
_STATUS_LINE = re.compile(r"HTTP/1\.[01] ([1-5]\d\d)(?: [^\r\n\0]*)?")
_OWN_HEADERS = {"connection", "keep-alive", "proxy-connection"}

log = logging.getLogger(__name__)


class Router:
    """Serves client connections until they end."""

    def __init__(self, control: ControlApi, sandboxes: Sandboxes) -> None:
        self._control = control
        self._sandboxes = sandboxes

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        spawn(self._serve(reader, writer), name="client connection")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        prefix: bytes | None = b""
        request, is_refused = None, False
        try:
            while prefix is not None:
                request = await read_request(reader, prefix=prefix)
                if request is None:
                    break
                prefix = await self._answer(request, writer)
        except HttpError as error:
            is_refused = True
            with contextlib.suppress(OSError):
                await _tell(Responder(writer), error.status, error.message)
        except OSError:
            pass
        except Exception:
            log.exception("request_failed")
        finally:
            if is_refused or (request is not None and not request.body.finished):
                await linger(reader, writer)
            writer.close()

    async def _answer(self, request: Request, writer: asyncio.StreamWriter) -> bytes | None:
        """What was read of the next request, or None when the connection is used up."""
        target = _target(request) or self._target_of_signature(request)
        if target is not None:
            return await self._forward(request, writer, *target)
        responder = Responder(writer, keep_alive=request.keeps_connection)
        await self._control.answer(request, responder)
        return b"" if responder.keep_alive else None

    async def _forward(
        self, request: Request, writer: asyncio.StreamWriter, sandbox_id: str, port: int
    ) -> bytes | None:
        upstream = await self._open(request, writer, sandbox_id, port)
        if upstream is None:
            return None
        try:
            upstream[1].write(_head_for_upstream(request, self._host_shown(sandbox_id, port)))
            return await _exchange(request, writer, upstream)
        finally:
            upstream[1].close()

    def _target_of_signature(self, request: Request) -> tuple[str, int] | None:
        if request.path != FILES_PATH or "signature" not in request.query:
            return None
        for sandbox in self._sandboxes.all():
            if is_signed_with(sandbox.record.token, request.method, request.query):
                return sandbox.record.id, AGENT_PORT
        return None

    def _host_shown(self, sandbox_id: str, port: int) -> str | None:
        """The Host header its creator wants programs inside to see."""
        try:
            mask: object = self._sandboxes.get(sandbox_id).record.network.get("maskRequestHost")
        except ApiError:  # it was ended just now; the exchange will say so
            return None
        if port == AGENT_PORT or not isinstance(mask, str):
            return None
        return mask.replace("${PORT}", str(port))

    async def _open(
        self, request: Request, writer: asyncio.StreamWriter, sandbox_id: str, port: int
    ) -> Connection | None:
        """The connection; or None, after the answer that says why there is none."""
        responder = Responder(writer)
        about: dict[str, Any] = {"sandboxId": sandbox_id, "code": 502}
        try:
            sandbox = self._sandboxes.get(sandbox_id)
            token = sandbox.record.traffic_token
            if port != AGENT_PORT and token is not None and not _may_pass(request, token):
                text = f'Sandbox is secured with traffic access token. Token header "{TRAFFIC_HEADER}" is missing or wrong'
                await responder.send_json(403, about | {"code": 403, "message": text})
                return None
            upstream = await self._sandboxes.open_port(sandbox_id, port)
        except ApiError:
            await responder.send_json(502, about | {"message": "The sandbox was not found"})
            return None
        if upstream is not None and port in sandbox.record.network.get("httpsPorts", ()):
            return await _encrypted(upstream)
        if upstream is None:
            text = "The sandbox is running but port is not open"
            await responder.send_json(502, about | {"message": text, "port": port})
        return upstream


def _target(request: Request) -> tuple[str, int] | None:
    sandbox_id = request.headers.get("e2b-sandbox-id")
    if sandbox_id is not None:
        port = request.headers.get("e2b-sandbox-port", str(AGENT_PORT))
    elif found := _HOST.match(request.headers.get("host", "")):
        port, sandbox_id = found.groups()
    else:
        return None
    if not port.isdecimal() or len(port) > 5 or not 0 < int(port) < 65536:
        raise HttpError(400, f"{port[:100]!r} is no port")
    return sandbox_id, int(port)


def _may_pass(request: Request, token: str) -> bool:
    return hmac.compare_digest(request.headers.get(TRAFFIC_HEADER, "").encode(), token.encode())


def _head_for_upstream(request: Request, host: str | None) -> bytes:
    dropped = {"connection"} if host is None else {"connection", "host"}
    kept = [line for line in request.header_lines if line.partition(":")[0].lower() not in dropped]
    kept += [] if host is None else [f"Host: {host}"]
    kept.append("Connection: Upgrade" if request.wants_upgrade else "Connection: close")
    line = f"{request.method} {request.target} HTTP/1.1"
    return "\r\n".join([line, *kept, "", ""]).encode("latin-1")


async def _encrypted(upstream: Connection) -> Connection | None:
    """TLS to a program inside. It proves nothing: the tunnel to the sandbox is the engine's own."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        await upstream[1].start_tls(context, ssl_handshake_timeout=TLS_TIMEOUT_S)
    except (OSError, TimeoutError) as error:
        upstream[1].close()
        raise HttpError(502, f"the program does not answer in TLS: {error}") from error
    return upstream


async def _exchange(
    request: Request, writer: asyncio.StreamWriter, upstream: Connection
) -> bytes | None:
    """Send the body, relay the answer, and notice a client that leaves meanwhile."""
    loop = asyncio.get_running_loop()
    reading = loop.create_task(_upload(request, upstream[1]))
    relaying = loop.create_task(_relay(request, writer, upstream[0]))
    try:
        await asyncio.wait({reading, relaying}, return_when=asyncio.FIRST_COMPLETED)
        if not relaying.done() and reading.result() == b"":
            return None  # the client left
        keeps = await relaying
        if keeps is None:
            await _join(request, writer, upstream, reading)
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
) -> None:
    """The program has agreed to another protocol: from here on the two speak it."""
    reading.cancel()
    await asyncio.wait({reading})
    if not reading.cancelled() and (ahead := reading.result()):
        upstream[1].write(ahead)
    await splice_both((request.reader, writer), upstream)


async def _upload(request: Request, writer: asyncio.StreamWriter) -> bytes | None:
    """Copy the body, then wait for what the client sends next: nothing means it is gone.
    None: the sandbox takes no more; what it answered, or that it ended, is for `_relay`."""
    try:
        async for block in request.body.blocks():
            writer.write(b"%x\r\n%b\r\n" % (len(block), block) if request.body.chunked else block)
            await writer.drain()
        if request.body.chunked:
            writer.write(b"0\r\n\r\n")
        await writer.drain()
        return await request.reader.read(1)
    except OSError:
        return None if writer.is_closing() else b""


async def _relay(
    request: Request, writer: asyncio.StreamWriter, reader: asyncio.StreamReader
) -> bool | None:
    """Relay one answer. True when the client's connection can carry another request, None when it
    carries another protocol now. Raises HttpError for what is no answer: what is not understood here
    might be understood otherwise by the client."""
    try:
        found = await _answer_head(request, writer, reader)
        if found is None:
            await _tell(Responder(writer), 502, "the program closed the connection")
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
    kept = [line for line in lines if line.partition(":")[0].lower() not in _OWN_HEADERS]
    kept += [] if keeps else ["Connection: close"]
    writer.write("\r\n".join([*kept, "", ""]).encode("latin-1"))
    await _copy_body(body, writer)
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
        writer.write(raw)
        await writer.drain()
        if found[1] == SWITCHING:
            return found[1], lines
    raise HttpError(502, "too many heads before the answer")


async def _copy_body(body: Body, writer: asyncio.StreamWriter) -> None:
    async for block in body.blocks():
        writer.write(b"%x\r\n%b\r\n" % (len(block), block) if body.chunked else block)
        await writer.drain()
    if body.chunked:
        writer.write(b"0\r\n\r\n")
    await writer.drain()


async def _tell(responder: Responder, status: int, message: str) -> None:
    await responder.send_json(status, {"code": status, "message": message})
