"""One LISTEN connection per process: who waits for a run is woken when the run has something new.

A hint, never the truth: a waiter must also look by itself now and then, since a notification that
falls into a reconnect is lost.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Generator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager

import psycopg

from stackwright.core.ids import RunId
from stackwright.core.tasks import spawn
from stackwright.db.run_events import EVENTS_CHANNEL

log = logging.getLogger(__name__)

CONTROL_CHANNEL = "stackwright_run_control"
"""Payload: the id of a run whose worker should look for a cancellation or a steering message."""

_RECONNECT_S = 0.5
_HEALTH_CHECK_S = 30.0


class RunSignals:
    """Wakes waiters of a run. Needs a direct address: LISTEN does not pass PgBouncer."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._waiters: dict[tuple[str, RunId], set[asyncio.Event]] = {}
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

    def events_of(self, run_id: RunId) -> AbstractContextManager[asyncio.Event]:
        """An event that is set whenever the log of the run may have grown; the waiter clears it."""
        return self._of(EVENTS_CHANNEL, run_id)

    def control_of(self, run_id: RunId) -> AbstractContextManager[asyncio.Event]:
        """An event that is set whenever somebody wants something of the run."""
        return self._of(CONTROL_CHANNEL, run_id)

    @contextmanager
    def _of(self, channel: str, run_id: RunId) -> Generator[asyncio.Event, None, None]:
        event = asyncio.Event()
        waiters = self._waiters.setdefault((channel, run_id), set())
        waiters.add(event)
        try:
            yield event
        finally:
            waiters.discard(event)
            if not waiters:
                self._waiters.pop((channel, run_id), None)

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
                    self._wake((notification.channel, RunId(notification.payload)))
                await connection.execute("SELECT 1")

    def _wake(self, key: tuple[str, RunId]) -> None:
        for event in self._waiters.get(key, ()):
            event.set()

    def _wake_all(self) -> None:
        for key in self._waiters:
            self._wake(key)
