"""Only the application's own pages may change something.

A browser sends a signed-in person's cookies with every request, whichever site's page makes it."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from problems import problem

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class OwnPagesOnly:
    """Refuses requests of foreign pages that are no mere reading, and their WebSockets."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        may_change = scope["type"] == "websocket" or scope.get("method") not in SAFE_METHODS
        if scope["type"] == "lifespan" or not (may_change and is_foreign(Headers(scope=scope))):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            answer = problem(403, "Not allowed", "A page of another site may not change anything.")
            await answer(scope, receive, send)


def is_foreign(headers: Headers) -> bool:
    """Programs send no Origin. Next puts the host that it was asked for into X-Forwarded-Host; a
    preview names its own pages `http://localhost:3000`."""
    origin = headers.get("origin")
    own = {"localhost", _name(headers.get("host")), _name(headers.get("x-forwarded-host"))}
    return origin is not None and (urlsplit(origin).hostname or origin) not in own


def _name(host: str | None) -> str | None:
    return urlsplit(f"//{host}").hostname if host else None
