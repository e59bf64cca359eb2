"""A script in the pages of an application that the console shows: it tells the console which page is open,
what the page writes to its console and asks of its server, and which element a person points at; and it lets
the console's buttons go back and forward. Only pages asked for by a frame get it.

Only the console can be above such a page (`frame-ancestors`). What the script tells is untrusted there.
"""

import re
from collections.abc import AsyncIterator
from pathlib import Path

from starlette.datastructures import Headers
from starlette.types import Scope, Send

PATH = "/__stackwright/preview.js"
TAG = f'<script src="{PATH}"></script>'.encode()
SEARCHED_BYTES = 32_768
"""Where the head of a page is looked for; beyond that the page goes out as it is."""
MOST_COOKIES = 50
_COOKIE_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}", re.ASCII)
_HEAD = re.compile(rb"<head(\s[^>]*)?>", re.IGNORECASE)

SCRIPT = (Path(__file__).parent / "static" / "preview-shim.js").read_bytes()
FORGET_PATH = "/__stackwright/forget"
"""Takes cookies and storage of the app from the browser, so that a person sees it as a stranger does."""


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


async def serve_forgetting(scope: Scope, send: Send) -> None:
    """Cookies are ended by name: to clear them as a whole would clear those of other apps' previews."""
    ended = [b"Max-Age=0; Path=/", b"Max-Age=0; Path=/; Secure; SameSite=None; Partitioned"]
    names = sorted(set(cookie_names(Headers(scope=scope))))[:MOST_COOKIES]
    headers = [
        (b"clear-site-data", b'"storage"'),
        (b"cache-control", b"no-store"),
        (b"content-length", b"0"),
        (b"location", b"/"),
        *((b"set-cookie", name + b"=; " + how) for name in names for how in ended),
    ]
    await send({"type": "http.response.start", "status": 303, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def cookie_names(visitor: Headers) -> list[bytes]:
    parts = "; ".join(visitor.getlist("cookie")).split(";")
    names = (part.partition("=")[0].strip() for part in parts)
    return [name.encode() for name in names if _COOKIE_NAME.fullmatch(name)]
