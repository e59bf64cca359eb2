"""`GET|HEAD|POST /files`: whole files in and out, with ranges, gzip and signed addresses."""

import asyncio
import ctypes
import errno
import mimetypes
import os
import pwd
import stat
import time
import zlib
from collections.abc import AsyncGenerator, AsyncIterator, Generator
from contextlib import AsyncExitStack, aclosing, contextmanager
from typing import IO, Any
from urllib.parse import quote

from stackwright.engine.envd import users
from stackwright.engine.envd.disk_limit import DiskLimit
from stackwright.engine.envd.encoding import (
    accepts_identity,
    byte_range,
    chosen_encoding,
    unpacked,
)
from stackwright.engine.envd.entry_info import METADATA_PREFIX, read_metadata, write_metadata
from stackwright.engine.envd.multipart import PartEnd, PartStart, boundary_of, parts
from stackwright.engine.envd.signatures import check_expiry, equal_secrets, is_signed_with
from stackwright.engine.envd.uploads import Uploads
from stackwright.engine.http1 import (
    HttpError,
    Request,
    Responder,
    content_length,
)

BLOCK_BYTES = 256 * 1024
WRITTEN_OVER_BYTES = 1 << 20
MAX_METADATA_BYTES = 4096
METADATA_HEADER = "x-metadata-"
BELOW_HEADER = "x-links-below"
"""Header of a writer who follows links only within this folder."""
_libc = ctypes.CDLL(None)


class FileRoutes:
    """Serves `/files` for holders of the token or of a signature made with it."""

    def __init__(self, token: str, disk: DiskLimit) -> None:
        self._token = token
        self._disk = disk
        self._uploads = Uploads()

    async def get(self, request: Request, responder: Responder) -> None:
        self._authorize(request)
        path = users.resolve(request.query.get("path", ""), users.get_user(_username(request)))
        if not os.path.exists(path):
            raise HttpError(404, f"path '{path}' does not exist")
        with open_at_once(path, "rb", os.O_RDONLY, (stat.S_IFREG,)) as file:
            await _send(file, path, request, responder)

    async def post(self, request: Request, responder: Responder) -> None:
        self._authorize(request)
        user = users.get_user(_username(request))
        metadata = _metadata(request)
        self._disk.check(request.body.left)
        content_type = request.headers.get("content-type", "")
        decoded = _decoded(request, self._disk)
        async with aclosing(decoded) as blocks:
            if content_type.startswith("application/octet-stream"):
                written = [await self._store_raw(request, blocks, user, metadata)]
            elif content_type.startswith("multipart/"):
                written = await self._store_parts(request, blocks, user, metadata)
            else:
                raise HttpError(
                    400,
                    f"unsupported content type: {content_type}, expected multipart/form-data "
                    "or application/octet-stream",
                )
        await responder.send_json(200, written)
        if request.body.chunked or content_length(request.headers) > BLOCK_BYTES:
            _libc.malloc_trim(0)  # what the blocks took would stay with this process for good

    async def _store_raw(
        self,
        request: Request,
        blocks: AsyncIterator[bytes],
        user: pwd.struct_passwd,
        metadata: dict[str, str],
    ) -> dict[str, Any]:
        if "path" not in request.query:
            raise HttpError(400, "path query parameter is required for raw body upload")
        path = _target(request, request.query["path"], user)
        async with self._uploads.alone(path):
            with _replacing(path) as file:
                async for block in blocks:
                    file.write(block)
            return _stored(path, metadata)

    async def _store_parts(
        self,
        request: Request,
        blocks: AsyncIterator[bytes],
        user: pwd.struct_passwd,
        metadata: dict[str, str],
    ) -> list[dict[str, Any]]:
        written: dict[str, dict[str, Any]] = {}
        path, file = "", None
        boundary = boundary_of(request.headers["content-type"])
        async with AsyncExitStack() as opened, aclosing(parts(blocks, boundary)) as pieces:
            async for piece in pieces:
                match piece:
                    case PartStart(name="file", filename=filename):
                        path = _target(request, request.query.get("path") or filename, user)
                        _refuse_repeated(path, written)
                        await opened.enter_async_context(self._uploads.alone(path))
                        file = opened.enter_context(_replacing(path))
                    case memoryview() if file is not None:
                        file.write(piece)
                    case PartEnd() if file is not None:
                        await opened.aclose()
                        file = None
                        written[path] = _stored(path, metadata)
                    case _:
                        pass
        return list(written.values())

    def _authorize(self, request: Request) -> None:
        header = request.headers.get("x-access-token")
        if header is not None:
            if not equal_secrets(header.encode(), self._token.encode()):
                raise HttpError(401, "access token present in header but does not match")
            return
        if "signature" not in request.query:
            raise HttpError(401, "missing signature query parameter")
        if not is_signed_with(self._token, request.method, request.query):
            raise HttpError(401, "invalid signature")
        check_expiry(request.query)


def _username(request: Request) -> str:
    return request.query.get("username") or users.DEFAULT_USER


async def _send(file: IO[bytes], path: str, request: Request, responder: Responder) -> None:
    status = os.fstat(file.fileno())
    size = status.st_size or _size_of_unsized(file)
    modified = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(status.st_mtime))
    headers: dict[str, str | int] = {
        "Vary": "Accept-Encoding",
        "Content-Disposition": f"inline; {_filename(os.path.basename(path))}",
        "Content-Type": mimetypes.guess_type(path)[0] or "application/octet-stream",
        "Last-Modified": modified,
    }
    if request.method == "HEAD":
        await responder.head(200, {**headers, "Content-Length": size, "Accept-Ranges": "bytes"})
        return
    accept = request.headers.get("accept-encoding", "")
    wanted = byte_range(request.headers.get("range", ""), size)
    if wanted is not None:
        if not accepts_identity(accept):
            raise HttpError(406, "identity encoding not acceptable for Range")
        start, end = wanted
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
        await _send_plain(file, start, end, 206, headers, responder)
    elif chosen_encoding(accept) == "gzip":
        await _send_gzipped(file, headers, responder)
    else:
        await _send_plain(file, 0, size, 200, headers, responder)


def _filename(name: str) -> str:
    """The parameter that holds it, whatever is in it (RFC 8187)."""
    if name.isascii() and name.isprintable() and not {'"', "\\"}.intersection(name):
        return f'filename="{name}"'
    return f"filename*=UTF-8''{quote(os.fsencode(name), safe='')}"


def _size_of_unsized(file: IO[bytes]) -> int:
    """Files of the kernel (/proc) report size 0; they are small, so read them to find their size."""
    size = len(file.read(BLOCK_BYTES))
    file.seek(0)
    return size


async def _send_plain(
    file: IO[bytes],
    start: int,
    end: int,
    status: int,
    headers: dict[str, str | int],
    responder: Responder,
) -> None:
    left = end - start
    await responder.head(status, {**headers, "Content-Length": left, "Accept-Ranges": "bytes"})
    if not left:
        return
    loop = asyncio.get_running_loop()
    sent = await loop.sendfile(responder.writer.transport, file, start, left)
    if sent < left:
        raise ConnectionError("the file shrank while it was sent")


async def _send_gzipped(
    file: IO[bytes], headers: dict[str, str | int], responder: Responder
) -> None:
    await responder.start_chunks(200, {**headers, "Content-Encoding": "gzip"})
    packer = zlib.compressobj(6, wbits=31)
    while block := file.read(BLOCK_BYTES):
        if packed := packer.compress(block):
            await responder.chunk(packed)
    await responder.chunk(packer.flush())
    await responder.end_chunks()


async def _decoded(request: Request, disk: DiskLimit) -> AsyncGenerator[bytes, None]:
    encoding = request.headers.get("content-encoding", "identity")
    if encoding not in ("identity", "gzip"):
        raise HttpError(400, f"unsupported content encoding: {encoding}")
    async with aclosing(request.body.blocks()) as blocks:
        async for block in unpacked(blocks) if encoding == "gzip" else blocks:
            if block:
                disk.take(len(block))
                yield block


def _metadata(request: Request) -> dict[str, str]:
    metadata = {
        name.removeprefix(METADATA_HEADER): value
        for name, value in request.headers.items()
        if name.startswith(METADATA_HEADER)
    }
    size = sum(len(METADATA_PREFIX) + len(k) + len(v) for k, v in metadata.items())
    if size > MAX_METADATA_BYTES or any(len(name) > 246 for name in metadata):
        raise HttpError(400, "invalid metadata: too large")
    if any(not (text.isascii() and text.isprintable()) for kv in metadata.items() for text in kv):
        raise HttpError(400, "invalid metadata: only printable ASCII is allowed")
    return metadata


def _target(request: Request, path: str, user: pwd.struct_passwd) -> str:
    """Where to write what is meant for `path`."""
    path = users.resolve(path, user)
    below = request.headers.get(BELOW_HEADER)
    if below is None:
        return path
    real = os.path.realpath(path)
    if real != path and not real.startswith(f"{below}/"):
        raise HttpError(409, f"path '{path}' leads out of '{below}' by a link")
    return real


@contextmanager
def _replacing(path: str) -> Generator[IO[bytes]]:
    """The file to write anew. It ends where the writing ended, whether that succeeded or not.

    A long file is written over: emptying it first takes the kernel as long as filling it."""
    users.make_parents(os.path.dirname(path))
    if os.path.isdir(path):
        raise HttpError(400, f"path is a directory: {path}")
    old_bytes = _size_of(path)
    is_long = old_bytes is not None and old_bytes >= WRITTEN_OVER_BYTES
    flags = os.O_WRONLY | os.O_CREAT | (0 if is_long else os.O_TRUNC)
    with open_at_once(path, "wb", flags, (stat.S_IFREG, stat.S_IFCHR)) as file:
        descriptor = file.fileno()
        if old_bytes is None:
            # E2B's agent sets owner and mode of a new file; watchers count on the event
            os.fchmod(descriptor, stat.S_IMODE(os.fstat(descriptor).st_mode))
        try:
            yield file
            file.flush()
        finally:
            if is_long:
                os.ftruncate(descriptor, os.lseek(descriptor, 0, os.SEEK_CUR))


def _size_of(path: str) -> int | None:
    try:
        return os.stat(path).st_size
    except OSError:
        return None


def open_at_once(path: str, mode: str, flags: int, kinds: tuple[int, ...]) -> IO[bytes]:
    """Open without blocking: opening a named pipe would block the agent. Raises HttpError if the file is of
    another kind, and OSError."""
    refusal = HttpError(400, f"path '{path}' is not a regular file")
    try:
        descriptor = os.open(path, flags | os.O_NONBLOCK | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise refusal if error.errno == errno.ENXIO else error from error
    if stat.S_IFMT(os.fstat(descriptor).st_mode) not in kinds:
        os.close(descriptor)
        raise refusal
    return os.fdopen(descriptor, mode)


def _stored(path: str, metadata: dict[str, str]) -> dict[str, Any]:
    write_metadata(path, metadata)
    entry: dict[str, Any] = {"path": path, "name": os.path.basename(path), "type": "file"}
    return entry | ({"metadata": found} if (found := read_metadata(path)) else {})


def _refuse_repeated(path: str, written: dict[str, dict[str, Any]]) -> None:
    if path in written:
        raise HttpError(
            400,
            f"you cannot upload multiple files to the same path '{path}' in one upload request, "
            "only the first specified file was uploaded",
        )
