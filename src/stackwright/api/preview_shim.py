"""A few lines of script in the pages of an application that the console shows: they tell the console which
page is open, and let its buttons go back and forward. Only pages asked for by a frame get them.

Only the console can be above such a page (`frame-ancestors`). What the script tells is untrusted there.
"""

import re
from collections.abc import AsyncIterator

from starlette.datastructures import Headers
from starlette.types import Scope, Send

PATH = "/__stackwright/preview.js"
TAG = f'<script src="{PATH}"></script>'.encode()
SEARCHED_BYTES = 32_768
"""Where the head of a page is looked for; beyond that the page goes out as it is."""
_HEAD = re.compile(rb"<head(\s[^>]*)?>", re.IGNORECASE)

SCRIPT = b"""(() => {
  if (parent === window) return;
  const tell = () => parent.postMessage({
    from: "stackwright-preview",
    route: location.pathname + location.search + location.hash,
    canGoBack: Boolean(window.navigation?.canGoBack),
    canGoForward: Boolean(window.navigation?.canGoForward),
  }, "*");
  for (const name of ["pushState", "replaceState"]) {
    const change = history[name];
    history[name] = function (...given) { const done = change.apply(this, given); tell(); return done; };
  }
  for (const name of ["popstate", "hashchange", "pageshow"]) addEventListener(name, tell);
  addEventListener("message", (event) => {
    if (event.source !== parent || event.data?.to !== "stackwright-preview") return;
    if (event.data.go === "back" && navigation.canGoBack) navigation.back();
    if (event.data.go === "forward" && navigation.canGoForward) navigation.forward();
  });
  tell();
})();
"""


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
