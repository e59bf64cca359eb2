"""One LISTEN connection per process: wakes waiters when their run has something new.

A hint, never the truth: a waiter must also look by itself now and then, since a notification that
falls into a reconnect is lost.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import TypeVar

import psycopg

from stackwright.core.ids import RunId
from stackwright.core.tasks import spawn
from stackwright.db.run_events import EVENTS_CHANNEL

log = logging.getLogger(__name__)

T = TypeVar("T")

CONTROL_CHANNEL = "stackwright_run_control"
"""Payload: the id of a run whose worker should look for a cancellation or a steering message."""

_RECONNECT_S = 0.5
_HEALTH_CHECK_S = 30.0


class LogGrowth:
    """How long the log of a run is, as far as one reader heard. Every quiet stream holds one, so it
    does without an `asyncio.Event` and its queue of waiters."""

    def __init__(self, teller: str) -> None:
        self.teller = teller
        """A writer whose notifications are ignored: the reader gets its events directly."""
        self.last_seq = 0
        self.is_unsure = True
        """Whether something may have been missed: then only a look into the log tells."""
        self._is_news = False
        self._reader: asyncio.Future[None] | None = None

    def hear(self, last_seq: int) -> None:
        if last_seq > self.last_seq:
            self.last_seq = last_seq
            self._tell()

    def doubt(self) -> None:
        self.is_unsure = True
        self._tell()

    def forget_news(self) -> None:
        """The reader is about to look: only what comes from now on is news."""
        self._is_news = False

    async def news(self) -> None:
        """Return when there is something new. For one reader at a time."""
        if not self._is_news:
            self._reader = asyncio.get_running_loop().create_future()
            try:
                await self._reader
            finally:
                self._reader = None

    def _tell(self) -> None:
        self._is_news = True
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)


class RunNotifications:
    """Wakes waiters of a run. Needs a direct address: LISTEN does not pass PgBouncer."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._growths: dict[RunId, set[LogGrowth]] = {}
        self._controls: dict[RunId, set[asyncio.Event]] = {}
        self._connected = asyncio.Event()

    @asynccontextmanager
    async def listening(self) -> AsyncGenerator[None, None]:
        """Listen while the block runs, reconnecting when the database goes away."""
        task = spawn(self._listen_forever(), name="run-signals")
        try:
            await self._connected.wait()
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    @property
    def is_connected(self) -> bool:
        """Whether notifications arrive; if not, waiters look more often."""
        return self._connected.is_set()

    @contextmanager
    def watch_log(self, run_id: RunId, *, teller: str = "") -> Generator[LogGrowth, None, None]:
        """Follow the growth of the run's log during the block, ignoring what `teller` wrote."""
        growth = LogGrowth(teller)
        with _registered(self._growths, run_id, growth):
            yield growth

    @contextmanager
    def watch_control(self, run_id: RunId) -> Generator[asyncio.Event, None, None]:
        """An event that is set when the person cancels or steers the run; the waiter clears it."""
        wanted = asyncio.Event()
        with _registered(self._controls, run_id, wanted):
            yield wanted

    async def _listen_forever(self) -> None:
        while True:
            try:
                await self._listen()
            except (psycopg.OperationalError, OSError) as error:
                log.warning("listen_lost", extra={"error": str(error)})
            self._connected.clear()
            await asyncio.sleep(_RECONNECT_S)

    async def _listen(self) -> None:
        connection = await psycopg.AsyncConnection.connect(
            self._url, autocommit=True, connect_timeout=10
        )
        async with connection:
            await connection.execute(f'LISTEN "{EVENTS_CHANNEL}"')
            await connection.execute(f'LISTEN "{CONTROL_CHANNEL}"')
            self._connected.set()
            self._wake_all()
            while True:
                async for notification in connection.notifies(timeout=_HEALTH_CHECK_S):
                    if notification.channel == EVENTS_CHANNEL:
                        self._hear(notification.payload)
                    else:
                        self._wake(RunId(notification.payload))
                await connection.execute("SELECT 1")

    def _hear(self, payload: str) -> None:
        writer, _, grown = payload.partition(":")
        for one in grown.split(","):
            run_id, _, last_seq = one.partition(" ")
            for growth in self._growths.get(RunId(run_id), ()):
                if not writer or growth.teller != writer:
                    growth.hear(int(last_seq))

    def _wake(self, run_id: RunId) -> None:
        for wanted in self._controls.get(run_id, ()):
            wanted.set()

    def _wake_all(self) -> None:
        for growths in self._growths.values():
            for growth in growths:
                growth.doubt()
        for run_id in self._controls:
            self._wake(run_id)


@contextmanager
def _registered(
    waiters: dict[RunId, set[T]], run_id: RunId, waiter: T
) -> Generator[None, None, None]:
    present = waiters.setdefault(run_id, set())
    present.add(waiter)
    try:
        yield
    finally:
        present.discard(waiter)
        if not present:
            waiters.pop(run_id, None)
