"""Requests to the running app: any method and body, with cookies kept for each named person."""

import json
import re
import time
from collections.abc import Mapping
from typing import Any, Literal

import httpx
from aiohttp import CookieJar
from pydantic import Field, field_validator
from yarl import URL

from stackwright.core.text import charset_in, decoded
from stackwright.sandbox.base import HttpAnswer
from stackwright.tools.base import Arguments, Tool, ToolContext, ToolFailed
from stackwright.tools.budget import cut_middle
from stackwright.tools.files import existing
from stackwright.tools.services import BACKEND_PORT, FRONTEND_PORT

TIMEOUT_S = 20
MAX_BODY_CHARS = 12_000
MAX_HEADERS_CHARS = 1500
MAX_SESSIONS = 20
APP = URL("https://app.invalid")
"""Where cookies come from and go to; with https, since a preview may be served so."""

_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
_OURS = frozenset({"host", "content-length", "transfer-encoding", "connection"})
_DULL = frozenset({"date", "server", "vary", "keep-alive", "set-cookie", "x-powered-by", *_OURS})
_TEXTUAL = re.compile(r"text/|json|xml|javascript|x-www-form-urlencoded|^$")


class Upload(Arguments):
    field: str = Field(max_length=200)
    filename: str = Field(max_length=200)
    text: str | None = Field(default=None, description="The content, or:")
    path: str | None = Field(default=None, description="A file of the workspace to send.")
    content_type: str = Field(default="application/octet-stream", max_length=100)


class HttpRequest(Arguments):
    method: str = Field(default="GET", pattern=r"^[A-Z]{1,16}$")
    path: str = Field(pattern=r"^/", max_length=4000, description="e.g. /api/todos?limit=5")
    body: Any = Field(default=None, description="A JSON value; a text is sent as it is.")
    form: dict[str, str] | None = Field(default=None, description="Fields of a form.")
    files: list[Upload] = Field(
        default_factory=list[Upload], max_length=10, description="Makes it multipart, with `form`."
    )
    headers: dict[str, str] = Field(default_factory=dict[str, str], max_length=30)
    session: str = Field(
        default="",
        max_length=40,
        description="A name, e.g. ann: cookies are kept for it, so a login lasts. Empty: none.",
    )
    service: Literal["backend", "frontend"] = "backend"

    @field_validator("headers")
    @classmethod
    def _can_be_sent(cls, headers: dict[str, str]) -> dict[str, str]:
        for name, value in headers.items():
            if not _HEADER.fullmatch(name) or not value.isprintable() or not value.isascii():
                raise ValueError(f"{name[:50]!r} is no header that can be sent")
        return {name.lower(): value for name, value in headers.items()}


async def http_request(arguments: HttpRequest, context: ToolContext) -> str:
    port = BACKEND_PORT if arguments.service == "backend" else FRONTEND_PORT
    headers, body = await _message(arguments, context)
    jar = _jar(arguments.session, context)
    url = APP.with_path(arguments.path.partition("?")[0])
    if jar is not None and "cookie" not in headers:
        cookies = jar.filter_cookies(url).values()
        if sent := "; ".join(f"{cookie.key}={cookie.value}" for cookie in cookies):
            headers["cookie"] = sent
    await (await context.services()).start(arguments.service)
    began = time.monotonic()
    answer = await (await context.sandbox()).request(
        port, arguments.method, arguments.path, headers=headers, body=body, timeout_s=TIMEOUT_S
    )
    if answer.status == 502:
        raise ToolFailed(f"Nothing answers on port {port}; run_service {arguments.service} first.")
    if jar is not None:
        jar.update_cookies_from_headers(answer.set_cookies, url)
    took_ms = int((time.monotonic() - began) * 1000)
    return "\n".join(
        [f"HTTP {answer.status} in {took_ms} ms", *_headers(answer, jar), _body(answer)]
    )


async def _message(
    arguments: HttpRequest, context: ToolContext
) -> tuple[dict[str, str], bytes | None]:
    """Headers and body. Raises ToolFailed."""
    if arguments.body is not None and (arguments.form is not None or arguments.files):
        raise ToolFailed("Give body, or form and files, not both.")
    if arguments.form is None and not arguments.files:
        return _with_body(arguments)
    files = [(each.field, await _file(each, context)) for each in arguments.files]
    request = httpx.Request("POST", str(APP), data=arguments.form, files=files or None)
    content_type = request.headers.get("content-type", "application/x-www-form-urlencoded")
    return {**_own(arguments.headers), "content-type": content_type}, request.read()


def _with_body(arguments: HttpRequest) -> tuple[dict[str, str], bytes | None]:
    body, headers = arguments.body, _own(arguments.headers)
    if body is None:
        return headers, None
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    kind = "application/json" if _is_json(text) else "text/plain; charset=utf-8"
    return {"content-type": kind, **headers}, text.encode()


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        # Meant as JSON, and the app is to say what is wrong with it.
        return text.lstrip().startswith(("{", "["))
    return True


def _own(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name not in _OURS}


async def _file(upload: Upload, context: ToolContext) -> tuple[str, bytes, str]:
    if (upload.text is None) == (upload.path is None):
        raise ToolFailed(f"Give {upload.filename!r} either text or path.")
    content = (upload.text or "").encode() if upload.path is None else b""
    if upload.path is not None:
        content = await existing(context, upload.path)
    return upload.filename, content, upload.content_type


def _jar(session: str, context: ToolContext) -> CookieJar | None:
    """The cookies of that person. Raises ToolFailed."""
    if not session:
        return None
    if session not in context.cookies and len(context.cookies) >= MAX_SESSIONS:
        raise ToolFailed(f"There are {MAX_SESSIONS} sessions already; use one of them.")
    return context.cookies.setdefault(session, CookieJar(unsafe=True))


def _headers(answer: HttpAnswer, jar: CookieJar | None) -> list[str]:
    told = "\n".join(f"{name}: {v}" for name, v in answer.headers.items() if name not in _DULL)
    lines = [cut_middle(told, MAX_HEADERS_CHARS)] if told else []
    if answer.set_cookies:
        names = ", ".join(cookie.partition("=")[0][:60] for cookie in answer.set_cookies[:10])
        kept = "kept" if jar is not None else "not kept: name a session to stay logged in"
        lines.append(f"set-cookie: {names} ({kept})")
    return [*lines, ""]


def _body(answer: HttpAnswer) -> str:
    if "content-encoding" in answer.headers:
        return "(the body does not fit its Content-Encoding and is not shown)"
    kind = answer.headers.get("content-type", "")
    if not _TEXTUAL.search(kind) and b"\0" in answer.body[:8192]:
        return f"({len(answer.body)} bytes of {kind[:100]})"
    text = decoded(answer.body, charset_in(kind))
    return cut_middle(text, MAX_BODY_CHARS, rest="Ask for less, e.g. with page_size.")


def _touched(arguments: HttpRequest) -> frozenset[str]:
    """What one person does happens in order, and after a start of the service."""
    session = {f"session:{arguments.session}"} if arguments.session else set[str]()
    return frozenset({f"service:{arguments.service}"} | session)


TOOLS = (
    Tool(
        "http_request",
        "Send a request to the running app, also as somebody who has logged in (session).",
        HttpRequest,
        http_request,
        "once",
        _touched,
    ),
)
