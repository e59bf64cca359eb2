"""HTTP past the SDK: files into and out of a sandbox by its signed addresses, one request each, and
requests to its ports.

The SDK makes the addresses. Its own transfers take several times the processor time, and looking at
a file's size before reading it takes another request.
"""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

import aiohttp
from yarl import URL

from stackwright.core.errors import SandboxUnavailable
from stackwright.core.killpoints import reached
from stackwright.sandbox.answers import plain_answer
from stackwright.sandbox.base import HttpAnswer, SandboxFileMissing, SandboxGone

TIMEOUT = aiohttp.ClientTimeout(total=60)
CHUNK_BYTES = 262_144
GATEWAY_STATUSES = frozenset({502, 503, 504})
"""What an engine's router answers in place of a sandbox that is not there."""
_NOT_FOUND = b"The sandbox was not found"
"""Part of every engine's answer for a sandbox that is dead or unknown."""


class Transfers:
    """The connections of one process to all of its sandboxes."""

    def __init__(self) -> None:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    async def aclose(self) -> None:
        await self._session.close()

    async def upload(
        self, url: str, headers: Mapping[str, str], files: Mapping[str, bytes]
    ) -> None:
        """Write files by absolute path, in order, with one request. Raises SandboxGone,
        SandboxUnavailable."""
        form = aiohttp.FormData(quote_fields=False)
        for path, content in files.items():
            form.add_field("file", content, filename=path, content_type="application/octet-stream")
        async with self._answered("POST", url, headers, ", ".join(files), form) as response:
            await response.read()

    async def download(
        self, url: str, headers: Mapping[str, str], path: str, *, max_bytes: int
    ) -> bytes:
        """The file's bytes. Raises SandboxFileMissing, SandboxGone, SandboxUnavailable."""
        content = bytearray()
        plain = {**headers, "Accept-Encoding": "identity"}
        async with self._answered("GET", url, plain, path) as response:
            async for chunk in response.content.iter_chunked(CHUNK_BYTES):
                content += chunk
                if len(content) > max_bytes:
                    raise SandboxUnavailable(
                        f"{path} is larger than {max_bytes} bytes; it is not read."
                    )
        return bytes(content)

    async def ask(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None,
        *,
        timeout_s: float,
        max_bytes: int,
    ) -> HttpAnswer:
        """What a program in a sandbox answers; 502 if it does not. Raises SandboxGone."""
        try:
            async with self._session.request(
                method,
                url,
                headers=headers,
                data=body,
                timeout=aiohttp.ClientTimeout(total=timeout_s),
                allow_redirects=False,
            ) as response:
                content = await response.content.read(max_bytes)
                while len(content) < max_bytes and (more := await response.content.read(65536)):
                    content += more
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return HttpAnswer(502, {}, f"no answer ({type(error).__name__})".encode())
        if response.status == 502 and _NOT_FOUND in content:
            raise SandboxGone("The sandbox is not there any more; it will be rebuilt.")
        return await plain_answer(
            response.status, response.headers.items(), content, max_bytes=max_bytes
        )

    @asynccontextmanager
    async def _answered(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        path: str,
        form: aiohttp.FormData | None = None,
    ) -> AsyncGenerator[aiohttp.ClientResponse]:
        reached("sandbox.call.before")
        try:
            async with self._session.request(
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
