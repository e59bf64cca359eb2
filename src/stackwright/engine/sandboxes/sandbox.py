"""One sandbox of the engine: its record, its processes and when it expires."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from stackwright.engine.network.traffic_budget import TrafficBudget
from stackwright.engine.process_tree.host_processes import start_time
from stackwright.engine.process_tree.tree import ProcessTree
from stackwright.engine.record import Record, now
from stackwright.engine.sandboxes.deadline import Deadline

CLOCK_SET_S = 1.0
"""A larger difference means that the host's clock was set; a smaller one is normal correction."""


@dataclass(eq=False)
class Sandbox:
    """A record and, while it runs or is frozen, its tree. Change it only under `lock`."""

    record: Record
    folder: Path
    tree: ProcessTree | None = None
    deadline: Deadline = field(default_factory=Deadline)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    traffic_budget: TrafficBudget = field(default_factory=TrafficBudget)

    @property
    def is_running(self) -> bool:
        return self.record.state == "running" and self.tree is not None

    def expire_in(self, seconds: float) -> None:
        """Expire that many seconds from now; the record has the end in the host's time."""
        self.deadline.set(seconds)
        self.record.end_at = now() + seconds

    def expire_in_at_least(self, seconds: float) -> None:
        """Like `expire_in`, unless it already expires later."""
        if seconds > self.deadline.left_s:
            self.expire_in(seconds)

    def follow_clock(self) -> None:
        """Correct the end in the record after the host's clock was set."""
        end_at = now() + self.deadline.left_s
        if abs(end_at - self.record.end_at) > CLOCK_SET_S:
            self.record.end_at = end_at

    async def save(self) -> None:
        """Store its record. Raises OSError."""
        record, tree = self.record, self.tree
        record.pid, record.first_pid = (tree.pid, tree.first_pid) if tree else (0, 0)
        record.pid_started = start_time(record.pid) if record.pid else ""
        record.first_started = start_time(record.first_pid) if record.first_pid else ""
        await record.save(self.folder)
