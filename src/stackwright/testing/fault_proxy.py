"""A TCP proxy whose wires can be made slow, silent or broken while connections are open."""

import asyncio
import socket
import struct
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from stackwright.core.tasks import spawn

CHUNK_BYTES = 65_536
THROTTLE_STEP_S = 0.05
_NO_LINGER = struct.pack("ii", 1, 0)

_Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]

Target = tuple[str, int] | Path
"""Host and port, or the path of a UNIX socket."""


@dataclass(frozen=True, slots=True)
class Wire:
    """How bytes travel, in both directions. Assign another to `FaultProxy.wire` at any time.

    `cut_after_bytes` counts what the server answered on a connection; then the connection is closed,
    or reset. A silent wire takes bytes and delivers none; new connections are accepted all the same.
    """

    latency_s: float = 0.0
    """Added before each piece of up to 64 KiB."""
    bytes_per_s: float | None = None
    """Per direction of a connection."""
    cut_after_bytes: int | None = None
    resets: bool = False
    is_silent: bool = False


GOOD = Wire()


@dataclass(slots=True)
class FaultProxy:
    """Listens on `port` (0: a free one, known once opened) of this machine; an async context manager."""

    target: Target
    wire: Wire = GOOD
    port: int = 0
    host: str = "127.0.0.1"
    accepted: int = 0
    """Connections so far."""
    _server: asyncio.Server | None = None
    _open: dict[asyncio.StreamWriter, "asyncio.Task[None]"] = field(
        default_factory=dict[asyncio.StreamWriter, "asyncio.Task[None]"]
    )

    async def __aenter__(self) -> Self:
        await self.accept()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.refuse()

    async def accept(self) -> None:
        """Listen (again), on the same port as before. Harmless when it listens."""
        if self._server is None:
            self._server = await asyncio.start_server(self._begin, self.host, self.port)
            self.port = self._server.sockets[0].getsockname()[1]

    async def refuse(self) -> None:
        """Reset what is open and refuse new connections until `accept`."""
        if self._server is not None:
            self._server.close()
            self._server = None
        await self.reset_all()

    async def reset_all(self) -> None:
        """Reset every open connection; new ones are taken as before."""
        tasks = list(self._open.values())
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def _begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        self._open[writer] = spawn(self._converse(reader, writer), name="fault proxy connection")

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Both directions until one breaks or both ended."""
        far_writer: asyncio.StreamWriter | None = None
        try:
            far_reader, far_writer = await self._connect()
            await self._pump_both((reader, writer), (far_reader, far_writer))
        except (OSError, asyncio.CancelledError):
            _reset(writer)
        finally:
            self._open.pop(writer, None)
            writer.close()
            if far_writer is not None:
                far_writer.close()

    async def _pump_both(self, near: _Streams, far: _Streams) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pump(near[0], far[1], limit=False))
                group.create_task(self._pump(far[0], near[1], limit=True))
        except* _Cut:
            pass
        except* OSError:
            _reset(near[1])

    async def _connect(self) -> _Streams:
        if isinstance(self.target, Path):
            return await asyncio.open_unix_connection(self.target)
        return await asyncio.open_connection(*self.target)

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, limit: bool
    ) -> None:
        sent = 0
        while data := await reader.read(self._step()):
            wire = self.wire
            if wire.latency_s:
                await asyncio.sleep(wire.latency_s)
            if wire.is_silent:
                continue
            room = (
                None if wire.cut_after_bytes is None or not limit else wire.cut_after_bytes - sent
            )
            writer.write(data if room is None else data[: max(0, room)])
            await writer.drain()
            sent += len(data)
            if room is not None and len(data) >= room:
                if wire.resets:
                    _reset(writer)
                raise _Cut
            if wire.bytes_per_s is not None:
                await asyncio.sleep(len(data) / wire.bytes_per_s)
        with suppress(OSError):
            writer.write_eof()

    def _step(self) -> int:
        """Bytes read at once: a throttled wire delivers evenly, not in lumps."""
        rate = self.wire.bytes_per_s
        return CHUNK_BYTES if rate is None else max(1, int(rate * THROTTLE_STEP_S))


class _Cut(Exception):
    """The connection has carried what it may."""


def _reset(writer: asyncio.StreamWriter) -> None:
    """End with RST instead of FIN: the other side gets "connection reset"."""
    connection: socket.socket = writer.get_extra_info("socket")
    with suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    writer.transport.abort()
