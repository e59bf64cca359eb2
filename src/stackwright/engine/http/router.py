"""One local port for everything: control API, agents, and every port inside every sandbox.

A request names a sandbox and a port by header (`E2b-Sandbox-Id`, `E2b-Sandbox-Port`) or by host
(`<port>-<id>.…`); the signature of a signed file address identifies its sandbox. Clients reuse connections
across sandboxes, so each request is framed and routed on its own; an accepted upgrade (WebSocket) connects
client and program directly.
"""

import asyncio
import contextlib
import hmac
import logging
import re
import ssl
from collections import Counter
from collections.abc import Generator
from typing import Any

from stackwright.core.tasks import spawn
from stackwright.engine.api.sandboxes import ControlApi
from stackwright.engine.config import Limits
from stackwright.engine.envd.signatures import is_signed_with
from stackwright.engine.errors import ApiError, EngineBusy
from stackwright.engine.http.reverse_proxy import head_for_program, proxy_request, send_problem
from stackwright.engine.http1 import (
    HttpError,
    Request,
    Responder,
    read_request,
)
from stackwright.engine.pipes import linger
from stackwright.engine.process_tree.tree import AGENT_PORT, Connection
from stackwright.engine.sandboxes.registry import Sandboxes
from stackwright.engine.sandboxes.sandbox import Sandbox

FILES_PATH = "/files"
TLS_TIMEOUT_S = 10.0
TRAFFIC_HEADER = "e2b-traffic-access-token"
_HOST = re.compile(r"(\d+)-([a-z0-9]+)\.")

log = logging.getLogger(__name__)


class Router:
    """Serves client connections until they end or stall."""

    def __init__(self, control: ControlApi, sandboxes: Sandboxes, limits: Limits) -> None:
        self._control = control
        self._sandboxes = sandboxes
        self._limits = limits
        self._visits: Counter[str] = Counter()

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        spawn(self._serve(reader, writer), name="client connection")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        prefix: bytes | None = b""
        request, is_refused = None, False
        try:
            while prefix is not None:
                request = await self._next_request(reader, prefix)
                if request is None:
                    break
                request.body.silence_s = self._limits.idle_s
                prefix = await self._answer(request, writer)
        except HttpError as error:
            is_refused = True
            with contextlib.suppress(OSError):
                await send_problem(Responder(writer), error.status, error.message)
        except OSError:
            pass
        except Exception:
            log.exception("request_failed")
        finally:
            if is_refused or request is not None:
                await linger(reader, writer)
            writer.close()

    async def _next_request(self, reader: asyncio.StreamReader, prefix: bytes) -> Request | None:
        """None when the client is done, or silent for long. Raises HttpError when it stops half-way."""
        try:
            async with asyncio.timeout(self._limits.idle_s):
                begun = prefix or await reader.read(1)
        except TimeoutError:
            return None
        try:
            async with asyncio.timeout(self._limits.head_s):
                return await read_request(reader, prefix=begun) if begun else None
        except TimeoutError as error:
            raise HttpError(408, "the rest of the request's head did not come") from error

    async def _answer(self, request: Request, writer: asyncio.StreamWriter) -> bytes | None:
        """What was read of the next request, or None when the connection is used up."""
        target = _target(request) or self._target_of_signature(request)
        if target is not None:
            return await self._forward(request, writer, *target)
        with_body = request.method != "HEAD"
        responder = Responder(writer, keep_alive=request.keeps_connection, with_body=with_body)
        await self._control.answer(request, responder)
        return b"" if responder.keep_alive else None

    async def _forward(
        self, request: Request, writer: asyncio.StreamWriter, sandbox_id: str, port: int
    ) -> bytes | None:
        with self._visit(sandbox_id, port):
            return await self._proxy_to(request, writer, sandbox_id, port)

    @contextlib.contextmanager
    def _visit(self, sandbox_id: str, port: int) -> Generator[None]:
        """Count a connection to a sandbox's programs; their number is limited. Connections to the agent are not
        counted, so that visitors cannot lock out the sandbox's owner."""
        if port == AGENT_PORT:
            yield
            return
        if self._visits[sandbox_id] >= self._limits.visits:
            raise HttpError(503, f"the sandbox already has {self._limits.visits} open connections")
        self._visits[sandbox_id] += 1
        try:
            yield
        finally:
            self._visits[sandbox_id] -= 1
            if not self._visits[sandbox_id]:
                del self._visits[sandbox_id]

    async def _proxy_to(
        self, request: Request, writer: asyncio.StreamWriter, sandbox_id: str, port: int
    ) -> bytes | None:
        opened = await self._open(request, writer, sandbox_id, port)
        if opened is None:
            return None
        sandbox, upstream = opened
        are_events = port == AGENT_PORT and request.path != FILES_PATH
        traffic_budget = sandbox.traffic_budget
        throttle = traffic_budget.pay_for_event if are_events else traffic_budget.pay_for_block
        try:
            upstream[1].write(head_for_program(request, _host_shown(sandbox, port)))
            return await proxy_request(request, writer, upstream, throttle)
        finally:
            upstream[1].close()

    def _target_of_signature(self, request: Request) -> tuple[str, int] | None:
        if request.path != FILES_PATH or "signature" not in request.query:
            return None
        method = request.method
        if method == "OPTIONS":  # a browser asks whether a page may do what it wants to
            method = request.headers.get("access-control-request-method", "")
        for sandbox in self._sandboxes.all():
            if is_signed_with(sandbox.record.token, method, request.query):
                return sandbox.record.id, AGENT_PORT
        return None

    async def _open(
        self, request: Request, writer: asyncio.StreamWriter, sandbox_id: str, port: int
    ) -> tuple[Sandbox, Connection] | None:
        """The sandbox and the connection; None after an answer that says why there is none."""
        responder = Responder(writer)
        about: dict[str, Any] = {"sandboxId": sandbox_id, "code": 502}
        try:
            sandbox = self._sandboxes.get(sandbox_id)
            token = sandbox.record.traffic_token
            if port != AGENT_PORT and token is not None and not _may_pass(request, token):
                text = f'Sandbox is secured with traffic access token. Token header "{TRAFFIC_HEADER}" is missing or wrong'
                await responder.send_json(403, about | {"code": 403, "message": text})
                return None
            if port != AGENT_PORT:
                await sandbox.traffic_budget.pay_for_visit()
            upstream = await self._sandboxes.open_port(sandbox_id, port)
        except EngineBusy as error:
            raise HttpError(error.status, error.message) from error
        except ApiError:
            await responder.send_json(502, about | {"message": "The sandbox was not found"})
            return None
        if upstream is not None and port in (sandbox.record.network.get("httpsPorts") or ()):
            upstream = await _encrypted(upstream)
        if upstream is None:
            text = "The sandbox is running but port is not open"
            await responder.send_json(502, about | {"message": text, "port": port})
            return None
        return sandbox, upstream


def _host_shown(sandbox: Sandbox, port: int) -> str | None:
    """The Host header for programs inside, if the sandbox's creator set one (`maskRequestHost`)."""
    mask: object = sandbox.record.network.get("maskRequestHost")
    if port == AGENT_PORT or not isinstance(mask, str):
        return None
    return mask.replace("${PORT}", str(port))


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


async def _encrypted(upstream: Connection) -> Connection:
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
