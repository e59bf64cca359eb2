"""How the processes of one machine share the engine of a data folder.

Each user keeps the write end of a named pipe open that is the engine's standard input: when the last
user is gone, however it ended, the engine reads the end of its input and stops.
"""

import asyncio
import contextlib
import fcntl
import json
import os
import socket
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from stackwright.engine.files import write_json

ADDRESS = "address.json"
USERS = "users"
LOOK_EVERY_S = 0.05


@dataclass(frozen=True)
class EngineEndpoint:
    """What the E2B SDK needs as options to use this engine."""

    api_url: str
    sandbox_url: str
    api_key: str

    @property
    def port(self) -> int:
        return int(self.api_url.rpartition(":")[2])


class Share:
    """This process's share in the engine of `data_dir`."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._pipe: int | None = None
        self._use: IO[bytes] | None = None

    @asynccontextmanager
    async def alone(self) -> AsyncGenerator[None]:
        """One process at a time looks, starts or leaves."""
        self._data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self._data_dir / "start.lock").open("ab") as lock:
            while not _locked(lock, fcntl.LOCK_EX):  # noqa: ASYNC110 (of another process)
                await asyncio.sleep(LOOK_EVERY_S)
            yield

    def join(self) -> EngineEndpoint | None:
        """Use the engine that runs, if one does. Repeated, it tells whether one still does."""
        try:
            pipe = os.open(self._data_dir / USERS, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            return None
        self._keep(pipe)
        return self.recorded()

    @contextmanager
    def fresh_input(self) -> Generator[int]:
        """A new pipe for a new engine: the end that becomes its standard input."""
        path = self._data_dir / USERS
        path.unlink(missing_ok=True)
        os.mkfifo(path, 0o600)
        reading = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        try:
            self._keep(os.open(path, os.O_WRONLY | os.O_NONBLOCK))
            os.set_blocking(reading, True)
            yield reading
        finally:
            os.close(reading)

    def say(self, line: str) -> None:
        """One line for the engine's standard input; raises OSError when it is gone."""
        assert self._pipe is not None
        os.write(self._pipe, line.encode() + b"\n")

    def record(self, endpoint: EngineEndpoint) -> None:
        """Tell the others where the engine is."""
        write_json(self._data_dir / ADDRESS, asdict(endpoint))

    def recorded(self) -> EngineEndpoint | None:
        """Where the engine is, or was when it ran last."""
        try:
            return EngineEndpoint(**json.loads((self._data_dir / ADDRESS).read_text()))
        except (OSError, ValueError, TypeError):
            return None

    def leave(self) -> bool:
        """Stop using the engine. Whether nobody uses it now, so that it ends."""
        if self._pipe is not None:
            os.close(self._pipe)
            self._pipe = None
        if self._use is None:
            return False
        self._use.close()
        self._use = None
        with (self._data_dir / "use.lock").open("ab") as lock:
            return _locked(lock, fcntl.LOCK_EX)

    async def until_ended(self, limit_s: float) -> bool:
        """Wait for an engine without users to be gone; whether it is."""
        deadline = asyncio.get_running_loop().time() + limit_s
        while self._has_engine():
            if asyncio.get_running_loop().time() > deadline:
                return False
            await asyncio.sleep(LOOK_EVERY_S)
        return True

    def _has_engine(self) -> bool:
        """By the lock that an engine holds; only asked under `alone`, for the asking takes it."""
        with (self._data_dir / "engine.lock").open("ab") as lock:
            return not _locked(lock, fcntl.LOCK_EX)

    def _keep(self, pipe: int) -> None:
        """Hold this end; the one held before may belong to an engine that died."""
        if self._pipe is not None:
            os.close(self._pipe)
        self._pipe = pipe
        if self._use is None:
            self._use = (self._data_dir / "use.lock").open("ab")
            fcntl.flock(self._use, fcntl.LOCK_SH)


def is_free(port: int) -> bool:
    """Whether the engine could listen there."""
    with socket.socket() as probe, contextlib.suppress(OSError):
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        return True
    return False


def _locked(file: IO[bytes], how: int) -> bool:
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
