"""Readers of this process get what this process writes without asking the database for it.

Only what follows a reader's place without a gap is handed over; everything else it reads itself.
"""

from collections import OrderedDict
from collections.abc import Generator, Sequence
from contextlib import contextmanager

from stackwright.core.ids import RunId
from stackwright.db.notifications import LogGrowth, RunNotifications
from stackwright.runs.events.records import StoredEvent

MAX_BUFFERED_EVENTS = 500
"""Events kept for a reader that is slower than the run; it reads the rest from the database."""


MAX_REMEMBERED_RUNS = 1000
"""Runs whose last delivered position is remembered."""


class Follower:
    """A reader of one run's log: what was written since it last took something."""

    def __init__(self, growth: LogGrowth) -> None:
        self.growth = growth
        self._fresh: list[StoredEvent] = []

    def offer(self, events: Sequence[StoredEvent]) -> None:
        if len(self._fresh) + len(events) > MAX_BUFFERED_EVENTS:
            self._fresh.clear()
        else:
            self._fresh += events

    def take_after(self, seq: int) -> list[StoredEvent]:
        """What directly follows position `seq`; nothing if something in between is missing."""
        fresh = [event for event in self._fresh if event.seq > seq]
        if not fresh or fresh[0].seq != seq + 1:
            self._fresh = fresh
            return []
        self._fresh = []
        return fresh


class Followers:
    """The readers of this process, by the run whose log they follow."""

    def __init__(self, signals: RunNotifications, *, writer: str) -> None:
        """`writer` is the name under which this process writes."""
        self._signals = signals
        self._writer = writer
        self._present: dict[RunId, set[Follower]] = {}
        self._delivered: OrderedDict[RunId, int] = OrderedDict()

    def has_delivered(self, run_id: RunId, *, after: int) -> bool:
        """Whether this process has written anything after position `after`."""
        return self._delivered.get(run_id, 0) > after

    @contextmanager
    def follow(self, run_id: RunId) -> Generator[Follower, None, None]:
        with self._signals.watch_log(run_id, teller=self._writer) as growth:
            follower = Follower(growth)
            present = self._present.setdefault(run_id, set())
            present.add(follower)
            try:
                yield follower
            finally:
                present.discard(follower)
                if not present:
                    self._present.pop(run_id, None)

    def deliver(self, run_id: RunId, events: Sequence[StoredEvent], last_seq: int) -> None:
        """Tell the run's readers what was committed up to `last_seq`. Without events they look."""
        self._delivered[run_id] = last_seq
        self._delivered.move_to_end(run_id)
        if len(self._delivered) > MAX_REMEMBERED_RUNS:
            self._delivered.popitem(last=False)
        for follower in self._present.get(run_id, ()):
            if events:
                follower.offer(events)
            follower.growth.hear(last_seq)
