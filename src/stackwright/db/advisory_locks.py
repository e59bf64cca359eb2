"""Locks that all processes of the installation share: PostgreSQL's advisory locks.

All locks of a process belong to one direct connection (PgBouncer's transaction mode loses them), so
they end with the process. A process that stands still sends no heartbeat, and the database closes its
connection. After a lost connection the locks are taken again on the next one; in between another
process can get them, so code that must not run twice has to check again.
"""

import asyncio
import hashlib
import logging
import time
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

import psycopg

from stackwright.core.errors import DatabaseUnavailable
from stackwright.core.tasks import spawn
from stackwright.db.address import libpq_address

log = logging.getLogger(__name__)

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.005, 0.25
RECONNECT_FOR_S = 30.0
"""How long a waiter goes on trying while the database is away."""
_END_IN_SILENCE = "SELECT set_config('idle_session_timeout', %s, false)"
HEARTBEAT_S, SILENCE_S = 3.0, 15
"""Interval of heartbeats, and silence after which the database closes the connection."""


class AdvisoryLocks:
    """A name is held by one holder exclusively or by many at once, in this process and all others."""

    def __init__(self, url: str) -> None:
        self._url = libpq_address(url)
        self._connection: psycopg.AsyncConnection | None = None
        self._connecting = asyncio.Lock()
        self._exclusive: set[str] = set()
        self._shared: Counter[str] = Counter()
        """Both: names that this process holds or is taking."""
        self._taken: Counter[tuple[str, bool]] = Counter()
        """Names that the session holds, with whether they are shared."""
        self._beating: asyncio.Task[None] | None = None

    async def aclose(self) -> None:
        """Release all locks."""
        if self._beating is not None:
            self._beating.cancel()
            await asyncio.wait({self._beating})
            self._beating = None
        if self._connection is not None:
            await self._connection.close()
            self._connection = None

    @asynccontextmanager
    async def exclusive(self, name: str, *, limit_s: float) -> AsyncGenerator[None]:
        """Hold the name exclusively; waits for it. Raises TimeoutError, DatabaseUnavailable."""
        async with asyncio.timeout(limit_s):
            await self._wait_for(name, shared=False)
        try:
            yield
        finally:
            await self._release(name, shared=False)

    @asynccontextmanager
    async def shared(self, name: str, *, limit_s: float) -> AsyncGenerator[None]:
        """Hold the name together with other shared holders; waits for an exclusive one. Raises TimeoutError, DatabaseUnavailable."""
        async with asyncio.timeout(limit_s):
            await self._wait_for(name, shared=True)
        try:
            yield
        finally:
            await self._release(name, shared=True)

    @asynccontextmanager
    async def try_exclusive(self, name: str) -> AsyncGenerator[bool]:
        """Hold the name exclusively during the block if it is free. Yields whether it was."""
        taken = await self._try(name, shared=False)
        try:
            yield taken
        finally:
            if taken:
                await self._release(name, shared=False)

    async def keep(self, name: str) -> bool:
        """Whether this process holds the name exclusively; takes it if it is free, until the process ends."""
        try:
            if name not in self._exclusive:
                return await self._try(name, shared=False)
            await (await self._session()).execute("SELECT 1")
        except (psycopg.OperationalError, OSError, DatabaseUnavailable):
            return False
        if not self._taken[name, False]:
            self._exclusive.discard(name)
        return name in self._exclusive

    async def _wait_for(self, name: str, *, shared: bool) -> None:
        pause_s, patient_until = FIRST_PAUSE_S, time.monotonic() + RECONNECT_FOR_S
        while True:
            try:
                if await self._try(name, shared=shared):
                    return
            except DatabaseUnavailable:
                if time.monotonic() > patient_until:
                    raise
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    async def _try(self, name: str, *, shared: bool) -> bool:
        """PostgreSQL grants a session its own locks again, so holders in this process are counted here."""
        if name in self._exclusive or (not shared and self._shared[name]):
            return False
        self._count(name, shared=shared)
        attempt = spawn(self._attempt(name, shared=shared), name="take lock")
        try:
            taken = await asyncio.shield(attempt)
        except asyncio.CancelledError:
            # Whether the session has it is known only when the database has answered.
            spawn(self._undo(attempt, name, shared=shared), name="give lock back")
            raise
        if taken is None:
            raise DatabaseUnavailable
        return taken

    async def _attempt(self, name: str, *, shared: bool) -> bool | None:
        """None: the database is away."""
        taken = False
        try:
            try:
                taken = await _take(await self._session(), name, shared=shared)
            except (psycopg.OperationalError, OSError):
                # That the connection broke a while ago is noticed only now.
                taken = await _take(await self._session(), name, shared=shared)
        except (psycopg.OperationalError, OSError) as error:
            log.warning("lock_connection_lost", extra={"error": str(error)})
            return None
        finally:
            if taken:
                self._taken[name, shared] += 1
            else:
                self._uncount(name, shared=shared)
        return taken

    async def _undo(self, attempt: asyncio.Task[bool | None], name: str, *, shared: bool) -> None:
        if await attempt:
            await self._release(name, shared=shared)

    async def _release(self, name: str, *, shared: bool) -> None:
        """Release completely, even if the holder is cancelled meanwhile."""
        await asyncio.shield(spawn(self._unlock(name, shared=shared), name="give lock back"))

    async def _unlock(self, name: str, *, shared: bool) -> None:
        has_it, session = self._forget(name, shared=shared), self._connection
        try:
            if has_it and session is not None:
                await _give_back(session, name, shared=shared)
        except (psycopg.OperationalError, OSError) as error:
            log.warning("lock_connection_lost", extra={"error": str(error)})
            if session is not None:
                await session.close()  # whether it still holds the lock is unknown
        finally:
            self._uncount(name, shared=shared)

    async def _session(self) -> psycopg.AsyncConnection:
        async with self._connecting:
            if self._connection is None or self._connection.closed:
                self._connection = await self._connected()
            if self._beating is None:
                self._beating = spawn(self._beat(), name="lock session")
            return self._connection

    async def _beat(self) -> None:
        """Send heartbeats; reconnects and takes the locks again after the connection broke."""
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            with suppress(psycopg.OperationalError, OSError):
                await (await self._session()).execute("SELECT 1")

    async def _connected(self) -> psycopg.AsyncConnection:
        session = await psycopg.AsyncConnection.connect(
            self._url, autocommit=True, connect_timeout=10, prepare_threshold=None
        )
        try:
            await session.execute(_END_IN_SILENCE, (f"{SILENCE_S}s",))
            await self._take_again(session)
        except BaseException:
            await session.close()
            raise
        return session

    async def _take_again(self, session: psycopg.AsyncConnection) -> None:
        """Give a new session what is held. A lock that is released meanwhile is given back here: its
        release only knows the session before."""
        has: Counter[tuple[str, bool]] = Counter()
        while has != self._taken:
            for name, shared in (self._taken - has).elements():
                if await _take(session, name, shared=shared):
                    has[name, shared] += 1
                else:
                    log.warning("lock_lost", extra={"lock": name})
                    self._forget(name, shared=shared)
            for name, shared in (has - self._taken).elements():
                await _give_back(session, name, shared=shared)
                has[name, shared] -= 1

    def _forget(self, name: str, *, shared: bool) -> bool:
        """Whether the session had it."""
        had_it = self._taken[name, shared] > 0
        self._taken -= Counter({(name, shared): 1})  # drops an entry that reaches zero
        return had_it

    def _count(self, name: str, *, shared: bool) -> None:
        if shared:
            self._shared[name] += 1
        else:
            self._exclusive.add(name)

    def _uncount(self, name: str, *, shared: bool) -> None:
        if not shared:
            self._exclusive.discard(name)
            return
        self._shared[name] -= 1
        if self._shared[name] <= 0:
            del self._shared[name]


async def _take(session: psycopg.AsyncConnection, name: str, *, shared: bool) -> bool:
    how = "pg_try_advisory_lock_shared" if shared else "pg_try_advisory_lock"
    found = await session.execute(f"SELECT {how}(%s)", (_number(name),))
    row = await found.fetchone()
    return row is not None and bool(row[0])


async def _give_back(session: psycopg.AsyncConnection, name: str, *, shared: bool) -> None:
    how = "pg_advisory_unlock_shared" if shared else "pg_advisory_unlock"
    await session.execute(f"SELECT {how}(%s)", (_number(name),))


def _number(name: str) -> int:
    digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)
