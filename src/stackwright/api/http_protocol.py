"""How the API is served by uvicorn: its fast protocol with the bounds that it lacks, on the size and
the time of a request's head and on the time of its body."""

import asyncio
from http import HTTPStatus

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD_BYTES = 64 * 1024
HEAD_S = 20.0
"""Time for the head of a request, on a new connection from its beginning."""
BODY_WINDOW_S, BODY_WINDOW_BYTES = 20.0, 10_000
"""Until a body is complete, so many bytes must arrive in each interval of this length."""


def server_config(app: ASGIApp, *, host: str, port: int, grace_s: int) -> uvicorn.Config:
    """uvicorn believes any process of this machine to be a proxy; `create_app` asks TRUSTED_PROXIES."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        http=ApiConnection,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=grace_s,
    )


class ApiConnection(HttpToolsProtocol):
    """One client's connection."""

    _head_bytes = 0
    _is_in_head = True
    _deadline: asyncio.TimerHandle | None = None
    _body_bytes = 0
    _body_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect_head()

    def data_received(self, data: bytes) -> None:
        if self._is_in_head:
            self._head_bytes += len(data)
            self._expect_head()
        else:
            self._body_bytes += len(data)
        super().data_received(data)
        if not self._is_in_head and self._body_timer is None:
            self._expect_body()
        if self._is_in_head and self._head_bytes > MAX_HEAD_BYTES:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_headers_complete(self) -> None:
        self._is_in_head = False
        self._expect_no_head()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._is_in_head, self._head_bytes = True, 0
        self._expect_no_body()
        super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect_no_head()
        self._expect_no_body()
        super().connection_lost(exc)

    def _expect_head(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(HEAD_S, self._refuse, HTTPStatus.REQUEST_TIMEOUT)

    def _expect_no_head(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _expect_body(self) -> None:
        if self.transport.get_protocol() is self:  # else it became a WebSocket
            self._body_bytes = 0
            self._body_timer = self.loop.call_later(BODY_WINDOW_S, self._check_body)

    def _check_body(self) -> None:
        """A client whose reading is paused is not slow: the application has not read the body yet."""
        is_held_up = self.flow.read_paused or self.cycle.waiting_for_100_continue
        if self._body_bytes < BODY_WINDOW_BYTES and not is_held_up:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)
        else:
            self._expect_body()

    def _expect_no_body(self) -> None:
        if self._body_timer is not None:
            self._body_timer.cancel()
            self._body_timer = None

    def _refuse(self, status: HTTPStatus) -> None:
        """Close the connection, with an answer unless another answer has begun."""
        if self._is_in_head:
            may_answer = self._head_bytes and (not self.cycle or self.cycle.response_complete)
        else:
            may_answer = not self.pipeline and not self.cycle.response_started
        if may_answer:
            head = f"HTTP/1.1 {status} {status.phrase}\r\ncontent-length: 0\r\nconnection: close"
            self.transport.write(f"{head}\r\n\r\n".encode())
        self.transport.close()
