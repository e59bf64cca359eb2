"""Files into and out of a sandbox by its signed addresses, one HTTP request each.

The SDK makes the addresses. Its own transfers take several times the processor time, and looking at
a file's size before reading it takes another request.
"""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

import aiohttp
from yarl import URL

from stackwright.core.errors import SandboxUnavailable
from stackwright.core.killpoints import reached
from stackwright.sandbox.base import SandboxFileMissing, SandboxGone

TIMEOUT = aiohttp.ClientTimeout(total=60)
CHUNK_BYTES = 262_144
GATEWAY_STATUSES = frozenset({502, 503, 504})
"""What an engine's router answers in place of a sandbox that is not there."""


async def upload(
    http: aiohttp.ClientSession, url: str, headers: Mapping[str, str], files: Mapping[str, bytes]
) -> None:
    """Write files by absolute path, in order, with one request. Raises SandboxGone,
    SandboxUnavailable."""
    form = aiohttp.FormData(quote_fields=False)
    for path, content in files.items():
        form.add_field("file", content, filename=path, content_type="application/octet-stream")
    async with _answered(http, "POST", url, headers, ", ".join(files), form) as response:
        await response.read()


async def download(
    http: aiohttp.ClientSession, url: str, headers: Mapping[str, str], path: str, *, max_bytes: int
) -> bytes:
    """The file's bytes. Raises SandboxFileMissing, SandboxGone, SandboxUnavailable."""
    content = bytearray()
    plain = {**headers, "Accept-Encoding": "identity"}
    async with _answered(http, "GET", url, plain, path) as response:
        async for chunk in response.content.iter_chunked(CHUNK_BYTES):
            content += chunk
            if len(content) > max_bytes:
                raise SandboxUnavailable(
                    f"{path} is larger than {max_bytes} bytes; it is not read."
                )
    return bytes(content)


@asynccontextmanager
async def _answered(
    http: aiohttp.ClientSession,
    method: str,
    url: str,
    headers: Mapping[str, str],
    path: str,
    form: aiohttp.FormData | None = None,
) -> AsyncGenerator[aiohttp.ClientResponse]:
    reached("sandbox.call.before")
    try:
        async with http.request(
            method, URL(url, encoded=True), headers=headers, data=form, timeout=TIMEOUT
        ) as response:
            if response.status >= 400:
                raise await _refusal(response, path)
            yield response
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise SandboxGone("The sandbox does not answer; it will be rebuilt.") from error
    reached("sandbox.call.after")


async def _refusal(response: aiohttp.ClientResponse, path: str) -> Exception:
    said = (await response.content.read(500)).decode(errors="replace")
    if response.status in GATEWAY_STATUSES:
        return SandboxGone("The sandbox is not there any more; it will be rebuilt.")
    if response.status == 401:
        return SandboxGone("The sandbox does not know us; it is looked up.")
    if response.status == 404:
        return SandboxFileMissing(path)
    return SandboxUnavailable(f"The sandbox could not do that: {said}")
