"""Forwards visitors' requests and WebSockets to applications."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import suppress
from urllib.parse import quote

import aiohttp
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect
from yarl import URL

from stackwright.api.concurrency import until_first
from stackwright.api.preview_headers import request_headers, response_headers
from stackwright.api.preview_pages import is_navigation
from stackwright.api.preview_shim import is_framed, is_page, with_script, without_length
from stackwright.sandbox.base import PortAddress

log = logging.getLogger(__name__)

CONNECT_TIMEOUT_S = 5.0
SILENCE_TIMEOUT_S = 300.0
CLOSE_TRY_AGAIN = 1013
CLOSE_GOING_AWAY = 1001
SENDABLE_CLOSE_CODES = frozenset({1000, 1001, 1002, 1003, *range(1007, 1015), *range(3000, 5000)})


class PreviewRelay:
    """The connections of one process to all applications. Pages may be framed by `framed_by`."""

    def __init__(self, framed_by: Sequence[str]) -> None:
        self._framed_by = framed_by
        self._http = aiohttp.ClientSession(
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            connector=aiohttp.TCPConnector(limit=0),
            timeout=aiohttp.ClientTimeout(
                total=None, sock_connect=CONNECT_TIMEOUT_S, sock_read=SILENCE_TIMEOUT_S
            ),
        )

    async def aclose(self) -> None:
        await self._http.close()

    async def request(
        self, scope: Scope, receive: Receive, send: Send, port: int, address: PortAddress
    ) -> bool:
        """Forward a request. False: the application did not answer, and nothing was sent."""
        visitor = Headers(scope=scope)
        body = _Body(receive, is_empty=_has_no_body(visitor))
        sent = request_headers(scope, port, address)
        if framed := is_framed(visitor):
            sent = [(name, value) for name, value in sent if name != "accept-encoding"]
        try:
            answer = await self._http.request(
                scope["method"],
                _url_of(scope, address),
                headers=sent,
                data=None if body.is_empty else body.chunks(),
                allow_redirects=False,
                skip_auto_headers=("User-Agent", "Content-Type", "Accept-Encoding", "Accept"),
            )
        except (aiohttp.ClientError, TimeoutError):
            return False
        async with answer:
            if answer.status == 502 and is_navigation(scope["method"], visitor):
                return False
            headers = response_headers(
                answer.raw_headers, self._framed_by, is_browser="sec-fetch-mode" in visitor
            )
            chunks = answer.content.iter_any()
            if framed and scope["method"] == "GET" and is_page(answer.status, Headers(raw=headers)):
                headers, chunks = without_length(headers), with_script(chunks)
            start = {"type": "http.response.start", "status": answer.status, "headers": headers}
            await send(start)
            await until_first("preview", _relay(chunks, send), body.until_left())
        return True

    async def socket(
        self, scope: Scope, receive: Receive, send: Send, port: int, address: PortAddress
    ) -> None:
        visitor = WebSocket(scope, receive, send)
        try:
            app = await self._http.ws_connect(
                _url_of(scope, address),
                headers=request_headers(scope, port, address),
                protocols=scope.get("subprotocols") or (),
                max_msg_size=0,
            )
        except (aiohttp.ClientError, TimeoutError):
            await visitor.close(CLOSE_TRY_AGAIN)
            return
        async with app:
            await visitor.accept(subprotocol=app.protocol)
            await until_first("preview-socket", _to_app(visitor, app), _to_visitor(app, visitor))


class _Body:
    """The request's body as it arrives; afterwards, whether the visitor has left."""

    def __init__(self, receive: Receive, *, is_empty: bool) -> None:
        self._receive = receive
        self.is_empty = is_empty
        self._read = asyncio.Event()
        self._left = asyncio.Event()
        if is_empty:
            self._read.set()

    async def chunks(self) -> AsyncGenerator[bytes]:
        try:
            while True:
                message = await self._receive()
                if message["type"] == "http.disconnect":
                    self._left.set()
                    raise aiohttp.ClientConnectionError("the visitor left")
                if message.get("body"):
                    yield message["body"]
                if not message.get("more_body"):
                    return
        finally:
            self._read.set()

    async def until_left(self) -> None:
        await self._read.wait()
        while not self._left.is_set():
            if (await self._receive())["type"] == "http.disconnect":
                self._left.set()


def _url_of(scope: Scope, address: PortAddress) -> URL:
    """The address in the sandbox, with path and query byte for byte as the visitor sent them."""
    path: bytes = scope.get("raw_path") or quote(scope["path"]).encode()
    query: bytes = scope["query_string"]
    spelled = (path + b"?" + query if query else path).decode("latin-1")
    return URL(address.url.rstrip("/") + spelled, encoded=True)


def _has_no_body(headers: Headers) -> bool:
    return headers.get("content-length", "0") == "0" and "transfer-encoding" not in headers


async def _relay(chunks: AsyncIterator[bytes], send: Send) -> None:
    try:
        async for chunk in chunks:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
    except (aiohttp.ClientError, TimeoutError) as error:
        # The answer stays incomplete, and the server cuts the connection: the visitor must notice.
        log.info("preview_answer_cut", extra={"error": repr(error)})
        return
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _to_app(visitor: WebSocket, app: aiohttp.ClientWebSocketResponse) -> None:
    with suppress(aiohttp.ClientError):
        while (message := await visitor.receive())["type"] != "websocket.disconnect":
            if message.get("text") is not None:
                await app.send_str(message["text"])
            else:
                await app.send_bytes(message["bytes"])


async def _to_visitor(app: aiohttp.ClientWebSocketResponse, visitor: WebSocket) -> None:
    with suppress(WebSocketDisconnect):
        async for message in app:
            if message.type is aiohttp.WSMsgType.TEXT:
                await visitor.send_text(message.data)
            elif message.type is aiohttp.WSMsgType.BINARY:
                await visitor.send_bytes(message.data)
        code = app.close_code
        await visitor.close(code if code in SENDABLE_CLOSE_CODES else CLOSE_GOING_AWAY)
