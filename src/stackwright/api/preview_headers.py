"""Which headers pass the preview proxy, and how they change on the way."""

from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

from stackwright.sandbox.base import PortAddress

_HOP_BY_HOP = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
_OURS = ("e2b-", "x-forwarded-", "forwarded", "x-real-ip", "sec-websocket-")
"""Request headers that only the proxy sets: the first kind chooses the sandbox."""
_NOT_FOR_VISITORS = frozenset(
    {"alt-svc", "clear-site-data", "strict-transport-security", "x-frame-options", "x-sendfile"}
)
"""Answer headers that reach beyond the application: at other ports and names of its host, at cookies
of the console, or at a web server in front of the platform."""
_FOR_NGINX = "x-accel-"
_PLATFORM_COOKIES = ("stackwright", "__host-stackwright", "__secure-stackwright")
_PARTITIONED = "SameSite=None; Secure; Partitioned"


def request_headers(scope: Scope, port: int, address: PortAddress) -> list[tuple[str, str]]:
    """The visitor's headers for the application, which believes that it is at `localhost:<port>`:
    Next refuses its hot-reload socket on foreign hosts, and then the page never comes to life.

    Pages of other origins keep theirs, so that the application's own check can refuse them."""
    headers = list(address.headers.items())
    visitor = Headers(scope=scope)
    host = visitor.get("host", "")
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        if name == "origin":
            is_own = _name_of(value) == _name_of(f"//{host}")
            headers.append(("Origin", f"http://localhost:{port}" if is_own else value))
            headers.append(("X-Forwarded-Origin", value))
        elif name == "cookie":
            if kept := _without_platform_cookies(value):
                headers.append(("Cookie", kept))
        elif name != "host" and name not in _HOP_BY_HOP and not name.startswith(_OURS):
            headers.append((name, value))
    if address.headers:
        # Chosen by header, not by name: then the name is free to be what the application expects.
        headers.append(("Host", f"localhost:{port}"))
    client = scope.get("client")
    return [
        *headers,
        ("X-Forwarded-Host", host),
        ("X-Forwarded-Proto", "https" if scope["scheme"] in {"https", "wss"} else "http"),
        ("X-Forwarded-For", client[0] if client else "unknown"),
    ]


def response_headers(
    raw: Iterable[tuple[bytes, bytes]], framed_by: Sequence[str], *, is_browser: bool
) -> list[tuple[bytes, bytes]]:
    """The application's headers for the visitor. Only the console may show the application in a frame."""
    headers: list[tuple[bytes, bytes]] = []
    for raw_name, value in raw:
        name = raw_name.decode("latin-1").lower()
        if name in _HOP_BY_HOP or name in _NOT_FOR_VISITORS or name.startswith(_FOR_NGINX):
            continue
        kept = value
        if name == "content-security-policy":
            kept = _without_frame_ancestors(value)
        elif name == "set-cookie":
            kept = _hosted_cookie(value, is_browser=is_browser)
        if kept or not value:
            headers.append((name.encode("latin-1"), kept))
    framing = "frame-ancestors 'self' " + " ".join(framed_by)
    headers.append((b"content-security-policy", framing.encode("latin-1")))
    headers.append((b"referrer-policy", b"same-origin"))
    return headers


def _without_platform_cookies(value: str) -> str:
    cookies = (cookie.strip() for cookie in value.split(";"))
    return "; ".join(c for c in cookies if c and not c.lower().startswith(_PLATFORM_COOKIES))


def _without_frame_ancestors(value: bytes) -> bytes:
    kept = [
        rule.strip()
        for rule in value.split(b";")
        if rule.strip() and not rule.strip().lower().startswith(b"frame-ancestors")
    ]
    return b"; ".join(kept)


def _hosted_cookie(value: bytes, *, is_browser: bool) -> bytes:
    """The cookie for this host alone. In the console's frame the application is a third party:
    browsers then keep only partitioned cookies, and logins would fail without a word."""
    name_and_value, *attributes = value.decode("latin-1").split(";")
    dropped = {"domain", "samesite", "secure", "partitioned"} if is_browser else {"domain"}
    kept = [a.strip() for a in attributes if a.strip().partition("=")[0].lower() not in dropped]
    parts = [name_and_value, *kept, *([_PARTITIONED] if is_browser else [])]
    return "; ".join(parts).encode("latin-1")


def _name_of(origin: str) -> str | None:
    """The host name without the port, which proxies in front may drop from the Host header."""
    try:
        return urlsplit(origin).hostname
    except ValueError:
        return None
