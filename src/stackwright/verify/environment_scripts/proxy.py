"""The proxies of a proof: everybody talks to the app through one, and what its pages read on the server goes
through another. They pass on, or do what the fault says."""

import base64
import http.client
import json
import select
import socket
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_hex
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from stackwright.verify.environment_scripts.faults import (
    REFUSED_READS_HEADER,
    SETUP_HEADER,
    Fault,
    accepted,
    is_api_read,
    is_refusal,
    is_write,
    refusal,
    replaced,
    swallowed,
)

TOKEN_HEADER = "x-proof-token"  # noqa: S105 (a header's name)
CONTROL = "/__proof/"
MAX_BODY_BYTES = 100_000_000
MAX_UPLOADS, MAX_UPLOAD_BYTES = 4, 100_000
UPSTREAM_TIMEOUT_S = 60.0
_HOP_BY_HOP = frozenset(
    {
        *("connection", "keep-alive", "proxy-connection", "te", "trailer"),
        *("transfer-encoding", "upgrade", "content-length"),
        *(SETUP_HEADER, REFUSED_READS_HEADER),
    }
)

Uploads = dict[str, Mapping[str, str]]
"""By path: the `type` and the `body` (base64) of the last form with a file that the app took."""
Command = Callable[[Mapping[str, str]], Mapping[str, Any]]
"""Does what a control request asks, with its query; the answer is sent as JSON."""


class FaultProxy(ThreadingHTTPServer):
    """`commands` are asked for by name. All control needs the token: a witness that knew the fault which
    is played could fail on purpose."""

    daemon_threads = True
    request_queue_size = 128
    allow_reuse_address = True

    def __init__(
        self,
        port: int,
        upstream_port: int,
        *,
        token: str,
        commands: Mapping[str, Command],
        uploads: Uploads | None = None,
        handler: "type[_Handler] | None" = None,
    ) -> None:
        self.upstream_port = upstream_port
        self.uploads: Uploads = {} if uploads is None else uploads
        self.token = token
        self.commands = commands
        self.fault = Fault.NONE
        self.last_request = threading.Event()
        self.setups = 0
        """Requests under way that prepare a witness."""
        self._seen: dict[Fault, Counter[str]] = {fault: Counter() for fault in Fault}
        super().__init__(("127.0.0.1", port), handler or _Handler)

    def count(self, kind: str) -> None:
        """`reads`, `writes`, writes that were `stored` (answered 2xx by the app), and `server_reads`."""
        self._seen[self.fault][kind] += 1

    def note_upload(self, path: str, kind: str, body: bytes) -> None:
        """Some files are kept, to be sent again in other hands."""
        is_new = path not in self.uploads
        if len(body) > MAX_UPLOAD_BYTES or (is_new and len(self.uploads) >= MAX_UPLOADS):
            return
        self.uploads[path] = {"type": kind, "body": base64.b64encode(body).decode()}

    def state(self) -> Mapping[str, Any]:
        seen = {fault.value: dict(counts) for fault, counts in self._seen.items() if counts}
        return {"fault": self.fault.value, "seen": seen}

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A peer that went away is no news."""


class ServerSideProxy(FaultProxy):
    """Stands between the server of the frontend and the backend. The fault is that of `front`, through which
    the page was asked for; what a page reads while somebody logs in is no part of a witness."""

    def __init__(self, port: int, backend_port: int, front: FaultProxy) -> None:
        self.front = front
        super().__init__(
            port, backend_port, token=token_hex(16), commands={}, handler=_ServerSideHandler
        )


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 75
    server: FaultProxy  # pyright: ignore[reportIncompatibleVariableOverride]

    def log_message(self, format: str, *args: Any) -> None:
        """Nobody reads it."""

    def answer(self) -> None:
        self.server.last_request.set()
        try:
            if self.path.startswith(CONTROL):
                self._control()
            elif "upgrade" in self.headers.get("connection", "").lower():
                self._tunnel()
            else:
                self._pass_on()
        except (ConnectionError, TimeoutError, http.client.HTTPException, ValueError) as error:
            self.close_connection = True
            if not isinstance(error, BrokenPipeError | ConnectionResetError):
                self._send(502, f"The proof's proxy got no answer: {error!r}".encode())

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer  # noqa: N815

    def _control(self) -> None:
        name, _, query = self.path.removeprefix(CONTROL).partition("?")
        body = self._body()
        if body is None:
            return
        if self.headers.get(TOKEN_HEADER) != self.server.token:
            self._send_json(403, {"detail": "Only the proof itself may ask this."})
        elif name == "state":
            self._send_json(200, self.server.state())
        elif name == "fault":
            self._set_fault(body.decode(errors="replace"))
        elif (command := self.server.commands.get(name)) is None:
            self._send_json(404, {"detail": f"There is no command {name!r}."})
        else:
            try:
                self._send_json(200, command(dict(parse_qsl(query))))
            except Exception as error:  # noqa: BLE001 (told to who asked)
                self._send_json(500, {"detail": str(error) or repr(error)})

    def _set_fault(self, name: str) -> None:
        try:
            self.server.fault = Fault(name)
        except ValueError:
            return self._send_json(400, {"detail": f"There is no fault {name[:100]!r}."})
        return self._send_json(200, self.server.state())

    def _pass_on(self) -> None:
        body = self._body()
        if body is None:
            return
        is_setup = bool(self.headers.get(SETUP_HEADER))
        self.server.setups += is_setup
        try:
            self._answer(body)
        finally:
            self.server.setups -= is_setup

    def _answer(self, body: bytes) -> None:
        method, path = self.command, self.path
        fault = self._fault()
        is_writing = is_write(method, path)
        self._count("writes" if is_writing else "reads")
        if is_writing and fault is Fault.WRITES_REFUSED:
            return self._send(503, refusal(), "application/problem+json")
        if is_writing and fault is Fault.WRITES_SWALLOWED:
            return self._send(*swallowed(method, body, self._stored(method, path)))
        instead = replaced(fault, method, path, self.headers.get("accept", ""))
        if instead is not None:
            return self._send(*instead)
        if fault is Fault.QUERIES_IGNORED and is_api_read(method, path):
            path = urlsplit(path).path
        with self._upstream() as upstream:
            upstream.request(method, path, body or None, self._headers(body))
            answer = upstream.getresponse()
            if is_writing and 200 <= answer.status < 300:
                self._count("stored")
                kind = self.headers.get("content-type", "")
                if method == "POST" and kind.startswith("multipart/form-data"):
                    self.server.note_upload(path, kind, body)
            if fault is Fault.REFUSALS_ACCEPTED and is_refusal(method, path, answer.status):
                answer.read(MAX_BODY_BYTES)
                return self._send(*accepted(method, body))
            self._relay(answer)
        return None

    def _count(self, kind: str) -> None:
        self.server.count(kind)

    def _fault(self) -> Fault:
        """What befalls this request."""
        if self.headers.get(SETUP_HEADER):
            return Fault.NONE
        if self.headers.get(REFUSED_READS_HEADER) and self.server.fault is Fault.NONE:
            return Fault.READS_REFUSED
        return self.server.fault

    def _stored(self, method: str, path: str) -> bytes:
        """What the app has of the record that a PUT or PATCH would change."""
        if method not in ("PUT", "PATCH"):
            return b""
        with self._upstream() as upstream:
            headers = self._headers(b"")
            headers.pop("accept-encoding", None)
            upstream.request("GET", path, headers=headers)
            return upstream.getresponse().read(MAX_BODY_BYTES)

    def _upstream(self) -> "_Closing":
        return _Closing("127.0.0.1", self.server.upstream_port, timeout=UPSTREAM_TIMEOUT_S)

    def _headers(self, body: bytes) -> dict[str, str]:
        sent = {
            name.lower(): value
            for name, value in self.headers.items()
            if name.lower() not in _HOP_BY_HOP
        }
        if body or self.command in ("POST", "PUT", "PATCH"):
            sent["content-length"] = str(len(body))
        return sent

    def _relay(self, answer: http.client.HTTPResponse) -> None:
        has_body = self.command != "HEAD" and answer.status not in (204, 304)
        length = answer.getheader("content-length")
        is_chunked = has_body and length is None
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in _HOP_BY_HOP:
                self.send_header(name, value)
        if length is not None:
            self.send_header("content-length", length)
        elif is_chunked:
            self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        while has_body and (block := answer.read1(65_536)):
            self.wfile.write(b"%x\r\n%b\r\n" % (len(block), block) if is_chunked else block)
        if is_chunked:
            self.wfile.write(b"0\r\n\r\n")

    def _body(self) -> bytes | None:
        """The request's body; None when it was refused."""
        if "chunked" in self.headers.get("transfer-encoding", "").lower():
            return self._chunks()
        length = int(self.headers.get("content-length") or 0)
        if not 0 <= length <= MAX_BODY_BYTES:
            self.close_connection = True
            self._send(413, b"The body is too long.")
            return None
        return self.rfile.read(length)

    def _chunks(self) -> bytes:
        body = bytearray()
        while size := int(self.rfile.readline(100).split(b";")[0], 16):
            if len(body) + size > MAX_BODY_BYTES:
                raise ValueError("the body is too long")
            body += self.rfile.read(size)
            self.rfile.readline(100)
        while self.rfile.readline(8192).strip():
            pass
        return bytes(body)

    def _send(self, status: int, body: bytes, kind: str = "application/json") -> None:
        self.send_response_only(status)
        if status != 204:
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
        self.end_headers()
        if status != 204 and self.command != "HEAD":
            self.wfile.write(body)

    def _send_json(self, status: int, value: Mapping[str, Any]) -> None:
        self._send(status, json.dumps(value).encode())

    def _tunnel(self) -> None:
        """A websocket: bytes both ways until one side has enough."""
        self.close_connection = True
        address = ("127.0.0.1", self.server.upstream_port)
        with socket.create_connection(address, timeout=UPSTREAM_TIMEOUT_S) as upstream:
            head = [f"{self.command} {self.path} HTTP/1.1"]
            head += [f"{name}: {value}" for name, value in self.headers.items()]
            upstream.sendall(("\r\n".join(head) + "\r\n\r\n").encode("latin-1"))
            ends = {upstream: self.connection, self.connection: upstream}
            while True:
                readable, _, _ = select.select(list(ends), [], [], 600)
                for end in readable:
                    block = end.recv(65_536)
                    if not block:
                        return
                    ends[end].sendall(block)
                if not readable:
                    return


class _ServerSideHandler(_Handler):
    server: ServerSideProxy  # pyright: ignore[reportIncompatibleVariableOverride]

    def _count(self, kind: str) -> None:
        if kind == "reads" and not self.server.front.setups:
            self.server.front.count("server_reads")

    def _fault(self) -> Fault:
        return Fault.NONE if self.server.front.setups else self.server.front.fault


class _Closing(http.client.HTTPConnection):
    def __enter__(self) -> "_Closing":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
