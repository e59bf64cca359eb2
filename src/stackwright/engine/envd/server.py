"""The agent: the only program the engine starts in a sandbox, serving E2B's data plane.

It listens on sockets the engine opened and left to it, so nothing inside can stand in for it while it
runs. What it loads when it starts is up to the programs before: the engine trusts no word of it.
"""

import asyncio
import contextlib
import logging
from typing import Any

from stackwright.engine.envd.connect import STREAM_TYPE, StreamWriter, only_message
from stackwright.engine.envd.disk_limit import DiskLimit
from stackwright.engine.envd.errors import HTTP_STATUS, RpcError, from_os_error
from stackwright.engine.envd.files import FileRoutes
from stackwright.engine.envd.filesystem_service import FilesystemService
from stackwright.engine.envd.process_service import ProcessService
from stackwright.engine.envd.signatures import equal_secrets
from stackwright.engine.envd.validation import check
from stackwright.engine.http1 import HttpError, Request, Responder, read_request
from stackwright.engine.pipes import linger

NO_SPACE_ERRNOS = (27, 28, 122)
ANY_ORIGIN = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "*"}
"""Pages of any origin may call the agent, as E2B's, if they have what a call needs: its token or
signature. Nothing is said to a browser by cookies."""
ANY_CALL = {"Access-Control-Allow-Methods": "GET, HEAD, POST", "Access-Control-Max-Age": "7200"}

log = logging.getLogger(__name__)


class EnvdServer:
    """Answers one request per connection."""

    def __init__(
        self,
        *,
        token: str,
        envs: dict[str, str],
        processes: ProcessService,
        filesystem: FilesystemService,
        disk: DiskLimit,
    ) -> None:
        self._token = token
        self._envs = envs
        self._disk = disk
        self._files = FileRoutes(token, disk)
        self._processes = processes
        self._streams = {
            "/process.Process/Start": processes.start,
            "/process.Process/Connect": processes.connect,
            "/filesystem.Filesystem/WatchDir": filesystem.watch,
        }
        services = {"process.Process": processes.unary, "filesystem.Filesystem": filesystem.unary}
        self._unary = {
            f"/{service}/{name}": method
            for service, methods in services.items()
            for name, method in methods.items()
        }

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        responder = Responder(writer)
        request = None
        try:
            request = await read_request(reader)
            if request is not None:
                responder.headers = ANY_ORIGIN if "origin" in request.headers else {}
                await self._answer(request, responder)
        except HttpError as error:
            await _fail(responder, error.status, error.message)
        except RpcError as error:
            await _fail(responder, HTTP_STATUS[error.code], error.message)
        except asyncio.CancelledError:
            request = None
            writer.transport.abort()
            raise
        except ConnectionError:
            pass
        except OSError as error:
            status = 507 if error.errno in NO_SPACE_ERRNOS else 500
            status = 403 if isinstance(error, PermissionError) else status
            await _fail(responder, status, str(error))
        except Exception:
            log.exception("request_failed")
            await _fail(responder, 500, "internal error of the sandbox agent")
        finally:
            if request is not None and not request.body.finished:
                await linger(reader, writer)
            writer.close()

    async def _answer(self, request: Request, responder: Responder) -> None:
        match request.method, request.path:
            case "GET", "/health":
                await responder.empty()
            case "GET" | "HEAD", "/files":
                await self._files.get(request, responder)
            case "POST", "/files":
                await self._files.post(request, responder)
            case "OPTIONS", _:
                asked = request.headers.get("access-control-request-headers", "")
                await responder.head(204, {**ANY_CALL, "Access-Control-Allow-Headers": asked})
            case _:
                self._authorize(request)
                await self._answer_authorized(request, responder)

    async def _answer_authorized(self, request: Request, responder: Responder) -> None:
        match request.method, request.path:
            case "GET", "/envs":
                await responder.send_json(200, self._envs)
            case "POST", "/init":
                message = await request.body.json()
                check(message, request.path)
                self._envs.update(message.get("envVars") or {})
                await responder.empty()
            case "POST", "/disk":
                message = await request.body.json()
                check(message, request.path)
                self._set_disk_limit(message)
                await responder.empty()
            case "POST", path if request.headers.get("content-type", "").startswith(STREAM_TYPE):
                await self._stream(path, request, responder)
            case "POST", path if path in self._unary:
                await self._call(path, request, responder)
            case _:
                raise HttpError(404, f"no route {request.method} {request.path}")

    def _set_disk_limit(self, message: dict[str, Any]) -> None:
        if message.get("isFull"):
            self._disk.set_full(
                limit_mb=message.get("limitMb") or 0,
                reserve_bytes=message.get("reserveBytes") or 0,
            )
        else:
            self._disk.set_free()

    def _authorize(self, request: Request) -> None:
        given = request.headers.get("x-access-token", "")
        if not equal_secrets(given.encode(), self._token.encode()):
            raise HttpError(
                401,
                "unauthorized access, please provide a valid access token or method signing "
                "if supported",
            )

    async def _call(self, path: str, request: Request, responder: Responder) -> None:
        try:
            message = await _message(request)
            check(message, path)
            answer = await self._unary[path](message, request.headers)
        except RpcError as error:
            failure = {"code": error.code, "message": error.message}
            await responder.send_json(HTTP_STATUS[error.code], failure)
        except OSError as error:
            mapped = from_os_error(error)
            failure = {"code": mapped.code, "message": mapped.message}
            await responder.send_json(HTTP_STATUS[mapped.code], failure)
        else:
            await responder.send_json(200, answer)

    async def _stream(self, path: str, request: Request, responder: Responder) -> None:
        out = StreamWriter(responder)
        failure: RpcError | None = None
        try:
            if path == "/process.Process/StreamInput":
                await self._processes.stream_input(request)
                await out.start()
                await out.send({})
            elif path in self._streams:
                message = await only_message(request.body)
                check(message, path)
                await out.start()
                await self._streams[path](request, message, out)
            else:
                raise RpcError("unimplemented", f"no method {path}")
        except RpcError as error:
            failure = error
        if not responder.started:
            await out.start()
        await out.end(failure)


async def _message(request: Request) -> dict[str, Any]:
    try:
        return await request.body.json()
    except HttpError as error:
        raise RpcError("invalid_argument", error.message) from error


async def _fail(responder: Responder, status: int, message: str) -> None:
    if not responder.started:
        with contextlib.suppress(ConnectionError):
            await responder.send_json(status, {"code": status, "message": message})
