"""A project's files as a zip archive that is made while it is sent."""

import asyncio
import io
import zipfile
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence

from stackwright.projects.portions import portions

_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


async def zipped(
    sizes: Mapping[str, int], read: Callable[[Sequence[str]], Awaitable[Mapping[str, bytes]]]
) -> AsyncGenerator[bytes, None]:
    """The archive in pieces, scripts executable; equal files give equal bytes.

    `sizes` are in bytes by path; `read` is asked for some paths at a time and leaves out what is gone."""
    sink = _Sink()
    archive = zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED)
    for paths in portions({path: sizes[path] for path in sorted(sizes)}):
        contents = await read(paths)
        await asyncio.to_thread(_add, archive, contents)
        yield sink.taken()
    archive.close()
    yield sink.taken()


class _Sink(io.RawIOBase):
    """What the archive writes, until it is taken. It cannot be sought in, so nothing is written twice."""

    def __init__(self) -> None:
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        piece = bytes(memoryview(data))  # pyright: ignore[reportArgumentType] (any buffer)
        self._written += piece
        return len(piece)

    def taken(self) -> bytes:
        taken, self._written = bytes(self._written), bytearray()
        return taken


def _add(archive: zipfile.ZipFile, contents: Mapping[str, bytes]) -> None:
    for path in sorted(contents):
        info = zipfile.ZipInfo(path, date_time=_ZIP_EPOCH)
        info.compress_type = zipfile.ZIP_DEFLATED
        is_script = contents[path].startswith(b"#!")
        info.external_attr = (0o755 if is_script else 0o644) << 16
        archive.writestr(info, contents[path])
