"""A streaming reader of multipart/form-data."""

import re
from collections.abc import AsyncGenerator, AsyncIterator
from typing import NamedTuple

from stackwright.engine.http1 import HttpError

Block = bytes | bytearray
MAX_PART_HEAD_BYTES = 16 * 1024
_PARAMETER = re.compile(r'[;\s](name|filename)="((?:[^"\\]|\\.)*)"')
_ESCAPED = re.compile(r'\\([()<>@,;:\\"/\[\]?=])')
"""What a backslash stands before as an escape, in Go and so in E2B; before all else it is itself."""
_BOUNDARY = re.compile(r'boundary="?([^";]+)"?')


class PartStart(NamedTuple):
    name: str
    filename: str


class PartEnd:
    pass


def boundary_of(content_type: str) -> bytes:
    found = _BOUNDARY.search(content_type)
    if found is None:
        raise HttpError(400, "multipart body without a boundary")
    return found.group(1).encode()


async def parts(
    blocks: AsyncIterator[Block], boundary: bytes
) -> AsyncGenerator[PartStart | memoryview | PartEnd, None]:
    """For each part: its start, its bytes in any number of blocks, its end."""
    source = _Scanner(blocks)
    delimiter = b"\r\n--" + boundary
    async for _ in source.until(delimiter):
        pass
    while not (await source.take(2)).startswith(b"--"):
        yield _start(await source.line_block())
        async for block in source.until(delimiter):
            yield block
        yield PartEnd()


class _Scanner:
    """Searches what comes, of which it copies nothing but what two blocks share."""

    def __init__(self, blocks: AsyncIterator[Block]) -> None:
        self._blocks = blocks
        self._held: Block = b"\r\n"  # the first delimiter may come without
        self._at = 0

    async def take(self, count: int) -> bytes:
        while len(self._held) - self._at < count:
            await self._join()
        self._at += count
        return bytes(self._held[self._at - count : self._at])

    async def line_block(self) -> bytes:
        """Header lines up to the empty line."""
        while (end := self._held.find(b"\r\n\r\n", self._at)) < 0:
            if len(self._held) - self._at > MAX_PART_HEAD_BYTES:
                raise HttpError(400, "the head of a part is too large")
            await self._join()
        return (await self.take(end + 4 - self._at))[:-4]

    async def until(self, delimiter: bytes) -> AsyncGenerator[memoryview, None]:
        """The bytes before `delimiter`, which is consumed."""
        while (end := self._held.find(delimiter, self._at)) < 0:
            sure = max(self._at, len(self._held) - len(delimiter) + 1)
            if sure > self._at:
                yield memoryview(self._held)[self._at : sure]
            rest = bytes(self._held[sure:])
            self._held, self._at = await self._next(), 0
            seam = rest + self._held[: len(delimiter) - 1]
            if len(self._held) < len(delimiter):
                self._held = seam
            elif (end := seam.find(delimiter)) < 0:
                yield memoryview(rest)
            else:
                yield memoryview(seam)[:end]
                self._at = end + len(delimiter) - len(rest)
                return
        yield memoryview(self._held)[self._at : end]
        self._at = end + len(delimiter)

    async def _join(self) -> None:
        self._held = bytes(self._held[self._at :]) + await self._next()
        self._at = 0

    async def _next(self) -> Block:
        try:
            return await anext(self._blocks)
        except StopAsyncIteration:
            raise HttpError(400, "the multipart body ends too early") from None


def _start(head: bytes) -> PartStart:
    text = head.decode("utf-8", "replace")
    values = dict[str, str](_PARAMETER.findall(text))
    return PartStart(values.get("name", ""), _ESCAPED.sub(r"\1", values.get("filename", "")))
