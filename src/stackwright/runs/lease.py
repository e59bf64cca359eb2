"""A worker's lease on a run, and what the person wants of the run meanwhile: steering, cancelling."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from stackwright.agent.contract import TurnStart
from stackwright.core.errors import DatabaseUnavailable
from stackwright.core.postgres import patiently
from stackwright.db.engine import Database
from stackwright.db.notifications import RunNotifications
from stackwright.db.projects import ProjectRecord
from stackwright.db.run_records import Lease, LeaseLost, RunRecord
from stackwright.db.run_turns import RunTurnRepository

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=15)
MAX_ATTEMPTS = 3
"""Attempts of a run; after that it is only closed."""
RENEW_S = 2.0
FIRST_CHECK_S = 0.1
"""Delay of the first check of a new run, for requests from before it listened to notifications."""


@dataclass(frozen=True, slots=True)
class ClaimedRun:
    """A run that this worker leases. `run` and `project` are as they were before the claim."""

    lease: Lease
    run: RunRecord
    project: ProjectRecord
    is_begun_at_once: bool = False
    """Whether the statement that accepted the message claimed its run too: it holds words only."""

    @property
    def is_resumed(self) -> bool:
        """Whether an earlier worker began this run: emit agent_resumed, not agent_start."""
        return self.run.started_at is not None

    @property
    def is_given_up(self) -> bool:
        """Whether the run used up its attempts and may only be closed."""
        return self.lease.attempt > MAX_ATTEMPTS

    @property
    def is_to_close(self) -> bool:
        """True if the run only has to be closed: stop its programs, store a version, write the ending."""
        return self.is_given_up or self.run.cancel_cause is not None


class HandOver(Exception):
    """The worker stops between two steps of the run; another worker goes on with it."""


class EarlierRunFirst(Exception):
    """An earlier run of the project has to be closed first; its job comes before this one."""


class LeaseControl:
    """Implements agent.contract.RunControl for a leased run. `keep` must run beside the work."""

    def __init__(
        self,
        database: Database,
        signals: RunNotifications,
        lease: Lease,
        *,
        model_calls: int,
        is_new: bool,
        stopping: asyncio.Event,
    ) -> None:
        """`model_calls` were made by earlier workers. A run that `is_new` has no steering messages yet.
        `stopping` is set when the worker has to hand its runs over."""
        self._signals = signals
        self._lease = lease
        self._turns = RunTurnRepository(database.fetch)
        self._model_calls = model_calls
        self._stopping = stopping
        self._is_between_steps = False
        self._is_ending = False
        self._is_new = is_new
        self._is_kept = False
        self._wanted = asyncio.Event()
        self._cancelled = asyncio.Event()
        self._cause: str | None = None
        self._steering: Sequence[tuple[int, str]] = ()
        self.read_steering: Sequence[int] | None = None
        """Numbers of the steering messages that the conversation holds. None: unknown."""

    @property
    def is_cancelled(self) -> bool:
        return self._cancelled.is_set()

    @property
    def cancel_cause(self) -> str | None:
        """Why the run is to stop, once it is."""
        return self._cause

    async def wait_cancelled(self) -> None:
        await self._cancelled.wait()

    async def begin_turn(self, known_steering: Sequence[int]) -> TurnStart:
        """Read steering messages; asks the database only after a notification, or if notifications do
        not arrive. Does not return when this worker stops: the run is handed over here."""
        if self._stopping.is_set():
            self._is_between_steps = True
            self._wanted.set()
            await asyncio.Event().wait()
        is_informed = self._is_kept and self._signals.is_connected
        if not is_informed or self._wanted.is_set():
            await self._look()
        self._model_calls += 1
        self.read_steering = tuple(known_steering)
        known = set(known_steering)
        return TurnStart(self._model_calls, [one for one in self._steering if one[0] not in known])

    async def is_steered(self, known_steering: Sequence[int]) -> bool:
        return bool(await patiently(lambda: self._turns.list_unread(self._lease, known_steering)))

    def let_go(self) -> None:
        """Stop renewing the lease: the run ends now, and losing the lease is no error any more."""
        self._is_ending = True
        self._wanted.set()

    async def keep(self) -> None:
        """Renew the lease and read cancel requests and steering until `let_go`. Raises LeaseLost, and
        HandOver at the end of the first step after `stopping` is set.

        While the database is away no other worker can claim the run, so the work goes on."""
        with self._signals.watch_control(self._lease.run_id) as wanted:
            self._wanted = wanted
            if self._is_new:
                self._is_kept = True
                await self._until_wanted(FIRST_CHECK_S)
            while not (self._is_between_steps or self._is_ending):
                wanted.clear()
                await self._keep_once()
                self._is_kept = True
                await self._until_wanted(RENEW_S)
        if self._is_between_steps:
            raise HandOver

    async def _keep_once(self) -> None:
        try:
            await self._look()
        except LeaseLost:
            if not self._is_ending:
                raise

    async def _until_wanted(self, longest_s: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(longest_s):
                await self._wanted.wait()

    async def _look(self) -> None:
        try:
            wishes = await self._turns.renew(self._lease, duration=LEASE)
        except DatabaseUnavailable:
            log.warning("lease_not_renewed", extra={"run_id": self._lease.run_id})
            return
        self._steering = wishes.steering
        if wishes.cancel_cause is not None and self._cause is None:
            self._cause = wishes.cancel_cause
            self._cancelled.set()
