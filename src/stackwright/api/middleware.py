"""Checks every request before its route: host, origin, size. Adds security headers to every answer,
and passes requests for previews on to the preview proxy.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stackwright.api.attachments import MAX_ENCODED_BYTES
from stackwright.api.preview_host import (
    PreviewHost,
    find_preview_host,
    is_below,
    preview_domain,
)
from stackwright.api.problems import BodyTooLarge, problem, problem_of
from stackwright.core import killpoints
from stackwright.core.setting_groups import ServerSettings
from stackwright.projects.paths import MAX_FILE_BYTES

ServePreview = Callable[[Scope, Receive, Send, PreviewHost], Awaitable[None]]

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
BODY_OVERHEAD_BYTES = 16_384
WORST_JSON_ESCAPE = 6
"""A one-byte character may be spelled with six: `\\u0041`."""
MONITORING_PATHS = frozenset({"/health", "/livez", "/readyz", "/metrics", "/api/version"})
"""Paths that monitoring polls: requests to them do not mean that a person came."""
DRAIN_BYTES = 2 * MAX_ENCODED_BYTES
DRAIN_S = 2.0

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
API_POLICY = "default-src 'none'; frame-ancestors 'none'"


@dataclass(frozen=True, slots=True)
class Origins:
    """The hosts of the platform, and the origins whose pages may change something."""

    hosts: frozenset[str]
    allowed: frozenset[str]

    def may_change(self, origin: str, host: str) -> bool:
        return urlsplit(origin).netloc.lower() == host or origin.lower() in self.allowed


def known_origins(server: ServerSettings) -> Origins:
    names = {"localhost", "127.0.0.1", "[::1]", _name_of(urlsplit(server.public_url).netloc)}
    if server.host not in {"0.0.0.0", "::"}:  # noqa: S104 (a comparison)
        names.add(f"[{server.host}]" if ":" in server.host else server.host)
    if server.env == "test":
        names.add("testserver")
    allowed = {server.public_url, *server.cors_origins}
    return Origins(frozenset(n.lower() for n in names), frozenset(o.lower() for o in allowed))


def console_origins(server: ServerSettings) -> tuple[str, ...]:
    """Origins of the console, which may show a preview in a frame.

    Content-Security-Policy has no IPv6 addresses, so `[::1]` is not among them."""
    local = tuple(f"http://{name}:{server.port}" for name in ("localhost", "127.0.0.1"))
    return tuple(dict.fromkeys((server.public_url, *local, *server.cors_origins)))


class Guard:
    """The outermost middleware."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        server: ServerSettings,
        preview: ServePreview,
        visited: Callable[[], None] | None = None,
    ) -> None:
        """`visited` is called for every request to the platform except monitoring."""
        self._app = app
        self._visited = visited
        self._domain = preview_domain(server)
        self._origins = known_origins(server)
        self._preview = preview
        self._max_body = WORST_JSON_ESCAPE * server.max_message_bytes + BODY_OVERHEAD_BYTES

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        hosts = Headers(scope=scope).getlist("host")
        if len(hosts) > 1:
            await _refuse_hosts(scope, receive, send)
            return
        host = "".join(hosts).lower()
        target = find_preview_host(host, self._domain)
        if target is not None:
            await self._preview(scope, receive, send, target)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._platform(scope, receive, send, host)

    def _most(self, scope: Scope) -> int:
        """Bytes that the body may have: a chat may bring attachments, a file is written as a whole."""
        if scope["method"] == "PUT" and "/files/" in scope["path"]:
            return max(self._max_body, MAX_FILE_BYTES + BODY_OVERHEAD_BYTES)
        is_chat = scope["method"] == "POST" and scope["path"].endswith("/chat")
        return self._max_body + (MAX_ENCODED_BYTES if is_chat else 0)

    async def _platform(self, scope: Scope, receive: Receive, send: Send, host: str) -> None:
        most = self._most(scope)
        send = _with_security_headers(send)
        headers = Headers(scope=scope)
        if _name_of(host) not in self._origins.hosts or is_below(host, self._domain):
            answer = problem(
                421, "unknown_host", f"This server does not answer for {host[:200]!r}."
            )
        elif _is_foreign(scope["method"], headers.get("origin"), host, self._origins):
            answer = problem(
                403,
                "foreign_origin",
                "Pages of this origin may change nothing here; CORS_ORIGINS names those that may.",
            )
        elif (_content_length(headers) or 0) > most:
            await _drain(receive)
            answer = problem_of(BodyTooLarge(most))
        else:
            if self._visited is not None and scope["path"] not in MONITORING_PATHS:
                self._visited()
            with killpoints.work():
                await self._app(scope, self._counted(receive, most), send)
            return
        await answer(scope, receive, send)

    def _counted(self, receive: Receive, most: int) -> Receive:
        received = 0

        async def counting() -> Message:
            nonlocal received
            message = await receive()
            if message["type"] == "http.request":
                received += len(message.get("body", b""))
                if received > most:
                    await _drain(receive)
                    raise BodyTooLarge(most)
            return message

        return counting


async def _refuse_hosts(scope: Scope, receive: Receive, send: Send) -> None:
    """Two programs on the way could each believe another host."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    await problem(400, "several_hosts", "The request names more than one host.")(
        scope, receive, send
    )


async def _drain(receive: Receive) -> None:
    """Take the rest of a refused body, within limits: a client that is cut off while it still sends
    sees a broken connection instead of the answer."""
    taken = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(DRAIN_S):
            while taken < DRAIN_BYTES:
                message = await receive()
                if message["type"] != "http.request" or not message.get("more_body"):
                    return
                taken += len(message.get("body", b""))


def _is_foreign(method: str, origin: str | None, host: str, origins: Origins) -> bool:
    return (
        method not in SAFE_METHODS and origin is not None and not origins.may_change(origin, host)
    )


def _name_of(host: str) -> str:
    """The host without its port; an IPv6 address keeps its brackets."""
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]


def _content_length(headers: Headers) -> int | None:
    value = headers.get("content-length", "")
    return int(value) if value.isascii() and value.isdigit() else None


def _with_security_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("Content-Security-Policy", API_POLICY)
        await send(message)

    return sending
