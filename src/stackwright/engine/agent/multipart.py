"""A streaming reader of multipart/form-data."""

import re
from collections.abc import AsyncGenerator, AsyncIterator
from typing import NamedTuple

from stackwright.engine.agent.http1 import HttpError

MAX_PART_HEAD_BYTES = 16 * 1024
_PARAMETER = re.compile(r'[;\s](name|filename)="((?:[^"\\]|\\.)*)"')
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
    blocks: AsyncIterator[bytes], boundary: bytes
) -> AsyncGenerator[PartStart | bytes | PartEnd, None]:
    """For each part: its start, its bytes in any number of blocks, its end."""
    source = _Buffered(blocks)
    delimiter = b"\r\n--" + boundary
    source.buffer += b"\r\n"
    async for _ in source.until(delimiter):
        pass
    while not (await source.take(2)).startswith(b"--"):
        yield _start(await source.line_block())
        async for block in source.until(delimiter):
            yield block
        yield PartEnd()


class _Buffered:
    def __init__(self, blocks: AsyncIterator[bytes]) -> None:
        self._blocks = blocks
        self.buffer = bytearray()

    async def _more(self) -> None:
        try:
            self.buffer += await anext(self._blocks)
        except StopAsyncIteration:
            raise HttpError(400, "the multipart body ends too early") from None

    async def take(self, count: int) -> bytes:
        while len(self.buffer) < count:
            await self._more()
        with memoryview(self.buffer) as buffered:
            taken = bytes(buffered[:count])
        del self.buffer[:count]
        return taken

    async def line_block(self) -> bytes:
        """Header lines up to the empty line."""
        while (end := self.buffer.find(b"\r\n\r\n")) < 0:
            if len(self.buffer) > MAX_PART_HEAD_BYTES:
                raise HttpError(400, "the head of a part is too large")
            await self._more()
        return (await self.take(end + 4))[:-4]

    async def until(self, delimiter: bytes) -> AsyncGenerator[bytes, None]:
        """The bytes before `delimiter`, which is consumed."""
        while (end := self.buffer.find(delimiter)) < 0:
            if (ready := len(self.buffer) - len(delimiter)) > 0:
                yield await self.take(ready)
            await self._more()
        if end:
            yield await self.take(end)
        await self.take(len(delimiter))


def _start(head: bytes) -> PartStart:
    text = head.decode("utf-8", "replace")
    values = dict[str, str](_PARAMETER.findall(text))
    filename = values.get("filename", "").replace('\\"', '"').replace("%22", '"')
    return PartStart(values.get("name", ""), filename)
