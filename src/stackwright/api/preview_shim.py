"""A script in the pages of an application that the console shows: it tells the console which page is open,
what the page writes to its console and asks of its server, and which element a person points at; and it lets
the console's buttons go back and forward. Only pages asked for by a frame get it.

Only the console can be above such a page (`frame-ancestors`). What the script tells is untrusted there.
"""

import re
from collections.abc import AsyncIterator
from pathlib import Path

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from stackwright.api.pages import CONSOLE
from stackwright.runs.preview_actors import Entry

PATH = "/__stackwright/preview.js"
TAG = f'<script src="{PATH}"></script>'.encode()
SEARCHED_BYTES = 32_768
"""Where the head of a page is looked for; beyond that the page goes out as it is."""
MOST_COOKIES = 50
_COOKIE_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}", re.ASCII)
_HEAD = re.compile(rb"<head(\s[^>]*)?>", re.IGNORECASE)

SCRIPT = (Path(__file__).parent / "static" / "preview-shim.js").read_bytes()
PICTURE_PATH = "/__stackwright/picture.js"
"""What makes a picture of a page in the person's browser; built with the console."""
_BUILT = StaticFiles(directory=CONSOLE / "assets", check_dir=False)
FORGET_PATH = "/__stackwright/forget"
"""Takes cookies and storage of the app from the browser, so that a person sees it as a stranger does."""
ENTER_PATH = "/__stackwright/enter"
"""Path that takes a ticket and signs the browser in as a person whom the app knows."""
_FRAMED = "Path=/; Secure; SameSite=None; Partitioned"


def is_framed(visitor: Headers) -> bool:
    return visitor.get("sec-fetch-dest") == "iframe"


def is_page(status: int, headers: Headers) -> bool:
    """An HTML page that comes as plain text: compressed ones pass untouched."""
    is_html = headers.get("content-type", "").lower().startswith("text/html")
    return status == 200 and is_html and "content-encoding" not in headers


def without_length(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, value in headers if name.lower() != b"content-length"]


async def with_script(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The page with the script first in its head, as soon as its head has come."""
    begun = b""
    is_done = False
    async for chunk in chunks:
        if is_done:
            yield chunk
            continue
        begun += chunk
        found = _HEAD.search(begun, 0, SEARCHED_BYTES)
        if found is not None or len(begun) >= SEARCHED_BYTES:
            end = 0 if found is None else found.end()
            yield begun[:end] + (TAG if found else b"") + begun[end:]
            is_done = True
    if not is_done and begun:
        yield begun


async def serve_script(_scope: Scope, send: Send) -> None:
    headers = [
        (b"content-type", b"text/javascript; charset=utf-8"),
        (b"content-length", str(len(SCRIPT)).encode()),
        (b"cache-control", b"no-cache"),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": SCRIPT})


async def serve_picture_script(scope: Scope, receive: Receive, send: Send) -> None:
    response: Response
    try:
        response = await _BUILT.get_response("page-picture.js", scope)
        response.headers["Cache-Control"] = "no-cache"
    except HTTPException:
        response = PlainTextResponse("The console is not built.", status_code=404)
    await response(scope, receive, send)


async def serve_forgetting(scope: Scope, send: Send) -> None:
    await _serve_home(send, _ended(scope))


async def serve_entry(scope: Scope, send: Send, entry: Entry | None) -> None:
    """The app knows the browser as the person of the entry from now on; without one as nobody."""
    cookies = _ended(scope)
    if entry is not None:
        # In the console's frame browsers keep partitioned cookies only.
        kept = f"{entry.cookie}={entry.token}; HttpOnly; {_FRAMED}".encode()
        cookies = [one for one in cookies if not _sets_framed(one, entry.cookie)] + [kept]
    await _serve_home(send, cookies)


def _ended(scope: Scope) -> list[bytes]:
    """Cookies are ended by name: to clear them as a whole would clear those of other apps' previews."""
    ended = [b"Max-Age=0; Path=/", b"Max-Age=0; " + _FRAMED.encode()]
    names = sorted(set(cookie_names(Headers(scope=scope))))[:MOST_COOKIES]
    return [name + b"=; " + how for name in names for how in ended]


def _sets_framed(cookie: bytes, name: str) -> bool:
    return cookie.startswith(f"{name}=".encode()) and cookie.endswith(_FRAMED.encode())


async def _serve_home(send: Send, cookies: list[bytes]) -> None:
    headers = [
        (b"clear-site-data", b'"storage"'),
        (b"cache-control", b"no-store"),
        (b"content-length", b"0"),
        (b"location", b"/"),
        (b"referrer-policy", b"no-referrer"),
        *((b"set-cookie", cookie) for cookie in cookies),
    ]
    await send({"type": "http.response.start", "status": 303, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def cookie_names(visitor: Headers) -> list[bytes]:
    parts = "; ".join(visitor.getlist("cookie")).split(";")
    names = (part.partition("=")[0].strip() for part in parts)
    return [name.encode() for name in names if _COOKIE_NAME.fullmatch(name)]
