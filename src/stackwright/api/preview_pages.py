"""What a visitor sees while there is no application to show."""

from dataclasses import dataclass, replace
from enum import Enum
from html import escape

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send

from stackwright.api.problems import problem

RETRY_S = 2
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
{refresh}<style>
:root {{ color-scheme: light dark; }}
body {{ margin: 0; min-height: 100vh; display: grid; place-items: center; text-align: center;
  font: 16px/1.5 system-ui, sans-serif; background: light-dark(#fafaf9, #131316); color: light-dark(#1c1917, #f4f4f5); }}
main {{ padding: 2rem; max-width: 26rem; }}
h1 {{ font-size: 1.25rem; margin: 1rem 0 .25rem; }}
p {{ margin: 0; color: light-dark(#57534e, #a1a1aa); }}
.spin {{ width: 2rem; height: 2rem; margin: auto; border-radius: 50%; border: 3px solid light-dark(#e7e5e4, #3f3f46);
  border-top-color: #6366f1; animation: turn 1s linear infinite; }}
@keyframes turn {{ to {{ transform: rotate(1turn); }} }}
@media (prefers-reduced-motion: reduce) {{ .spin {{ animation: none; }} }}
</style>
</head>
<body><main>{spinner}<h1>{title}</h1><p>{text}</p></main></body>
</html>
"""


@dataclass(frozen=True, slots=True)
class _Refusal:
    status: int
    code: str
    title: str
    text: str
    retries: bool = False


class Refusal(Enum):
    UNKNOWN = _Refusal(
        404, "preview_not_found", "No such preview", "Look up the address in its project."
    )
    CLOSED_PORT = _Refusal(
        403, "port_not_public", "Not open to visitors", "The app does not show this to visitors."
    )
    STARTING = _Refusal(
        503,
        "preview_starting",
        "Starting the app…",
        "It does not answer yet. This page tries again by itself.",
        retries=True,
    )
    UNAVAILABLE = _Refusal(
        503,
        "preview_unavailable",
        "One moment…",
        "The platform cannot look up this app now. This page tries again by itself.",
        retries=True,
    )


def is_navigation(method: str, headers: Headers) -> bool:
    """Whether a person waits for a page, as opposed to a program for an answer."""
    return method == "GET" and "text/html" in headers.get("accept", "")


async def refuse(
    refusal: Refusal, scope: Scope, receive: Receive, send: Send, *, reason: str | None = None
) -> None:
    """Answer in the application's place: people get a page, programs a problem. `reason` is the
    sentence that says why, where the platform knows more."""
    told = refusal.value if reason is None else _explained(refusal.value, reason)
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1013 if told.retries else 1008})
        return
    if is_navigation(scope["method"], Headers(scope=scope)):
        answer = _page(told)
    else:
        answer = problem(told.status, told.code, told.text)
    if told.retries:
        answer.headers["Retry-After"] = str(RETRY_S)
    answer.headers["Cache-Control"] = "no-store"
    await answer(scope, receive, send)


def _explained(refusal: _Refusal, reason: str) -> _Refusal:
    end = " This page tries again by itself." if refusal.retries else ""
    return replace(refusal, title="The app could not be started", text=reason + end)


def _page(refusal: _Refusal) -> Response:
    refresh = f'<meta http-equiv="refresh" content="{RETRY_S}">\n' if refusal.retries else ""
    content = _PAGE.format(
        title=escape(refusal.title),
        text=escape(refusal.text),
        refresh=refresh,
        spinner='<div class="spin"></div>' if refusal.retries else "",
    )
    headers = {"Content-Security-Policy": _POLICY}
    return HTMLResponse(content, status_code=refusal.status, headers=headers)
