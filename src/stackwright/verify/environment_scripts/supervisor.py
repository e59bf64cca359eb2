"""Holds one proof together: copies, builds and starts the app, and ends all of it.

It is the ancestor of everything that a proof runs in the sandbox, so nothing outlives it. The app may run
twice: the replica has its own processes and database, so that witnesses run beside the other checks, and
on the version before.
"""

import contextlib
import os
import resource
import signal
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from stackwright.verify.environment_scripts import sources
from stackwright.verify.environment_scripts.build import (
    BuildFailed,
    build,
    copy_built,
    move_backend,
    refuse_detours,
)
from stackwright.verify.environment_scripts.database import DatabaseUnavailable
from stackwright.verify.environment_scripts.instance import Instance, Place, StartFailed
from stackwright.verify.environment_scripts.processes import (
    adopt_orphans,
    descendants,
    end_all_below,
)
from stackwright.verify.environment_scripts.proxy import Uploads

UNUSED_LIMIT_S = 900.0
"""A supervisor that nobody asks anything for so long ends: its platform died."""
STAMP = "built"
MAX_PROCESSES = 60
WATCH_S = 0.1
OVERRUN = f"The app starts processes without end: it had more than {MAX_PROCESSES} of them."


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be run. `root` is the folder of the proof's copy, `replica_root` that of the replica;
    `last_version` is the folder of the last proven version, whether there is one or not."""

    token: str
    database: str
    workspace: str
    root: str
    replica_root: str
    last_version: str
    ports: Mapping[str, int]
    replica_ports: Mapping[str, int]
    build_limit_s: float = 110.0


@dataclass(slots=True)
class _Replica:
    """What runs as the replica."""

    instance: Instance | None = None
    is_last: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)


class Supervisor:
    def __init__(self, order: Order, notes: Path) -> None:
        self._order = order
        self._root = Path(order.root)
        self._notes = notes
        self._seconds: dict[str, float] = {}
        self._ending = threading.Event()
        self._is_overrun = False
        self._app: Instance | None = None
        self._replica = _Replica()
        self._uploads: Uploads = {}

    def start(self) -> Mapping[str, Any]:
        """Raises one of EXPECTED."""
        adopt_orphans()
        threading.Thread(target=self._watch, daemon=True).start()
        try:
            return self._start()
        except EXPECTED:
            if self._is_overrun:
                raise StartFailed(OVERRUN) from None
            if self._app is not None:
                self._app.refuse_the_persons_records()
            raise

    def _start(self) -> Mapping[str, Any]:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        digest = self._copied()
        place = Place(self._root, self._order.database, **self._order.ports)
        self._app = app = Instance(place, self._notes, self._ending)
        app.databases.drop_noted()
        app.start_backend()
        self._build(digest["frontend"], app.environment())
        refuse_detours(self._root / "frontend")
        began = time.monotonic()
        app.start_frontend()
        commands = {"replica": self._start_replica, "uploads": self._told_uploads}
        app.open(self._order.token, commands, self._uploads)
        self._seconds["start"] = time.monotonic() - began
        seconds = {name: round(spent, 3) for name, spent in self._seconds.items()}
        about = {"seconds": seconds, "processors": len(os.sched_getaffinity(0))}
        return {"ok": True, "digest": digest, "order": asdict(self._order), **about}

    def serve(self) -> None:
        """Until SIGTERM, or until nobody has asked for anything for long."""
        while not self._ending.wait(UNUSED_LIMIT_S):
            instances = (self._app, self._replica.instance)
            if not any(one is not None and one.was_asked() for one in instances):
                return

    def end(self) -> int:
        """Nothing of the proof is left. Returns how many processes withstood."""
        for instance in (self._app, self._replica.instance):
            if instance is not None:
                threading.Thread(target=instance.close_proxies, daemon=True).start()
        withstood = end_all_below(os.getpid())
        if self._app is not None:
            # a server that does not answer is asked again by the next proof
            with contextlib.suppress(DatabaseUnavailable):
                self._app.databases.drop_noted()
        return withstood

    def _told_uploads(self, _query: Mapping[str, str]) -> Mapping[str, Any]:
        return {"uploads": dict(self._uploads)}

    def _start_replica(self, query: Mapping[str, str]) -> Mapping[str, Any]:
        """Run the app a second time: this version, or with `last` the one that an earlier run proved.
        Raises one of EXPECTED."""
        is_last = bool(query.get("last"))
        version = Path(self._order.last_version) if is_last else self._root
        if is_last and not version.is_dir():
            return {"ok": False, "missing": True}
        with self._replica.lock:
            running = self._replica.instance
            if running is not None and self._replica.is_last == is_last:
                return {"ok": True}
            self._replica.instance = None
            if running is not None:
                running.close()
            self._replica.instance = self._replica_of(version)
            self._replica.is_last = is_last
        return {"ok": True}

    def _replica_of(self, version: Path) -> Instance:
        root, ports = Path(self._order.replica_root), self._order.replica_ports
        copy_built(version, root)
        move_backend(root / "frontend", self._order.ports["backend"], ports["backend"])
        database = f"{self._order.database}_replica"
        replica = Instance(Place(root, database, **ports), self._notes, self._ending)
        replica.databases.drop(database)
        try:
            replica.start_backend()
            replica.start_frontend()
            replica.open(self._order.token, {}, self._uploads)
        except BaseException:
            replica.close()
            raise
        return replica

    def _watch(self) -> None:
        """End an app that forks without end before it has taken the whole machine."""
        while not self._ending.wait(WATCH_S):
            if len(descendants(os.getpid())) > MAX_PROCESSES:
                self._is_overrun = True
                end_all_below(os.getpid(), grace_s=0)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._ending.set()

    def _copied(self) -> Mapping[str, str]:
        began = time.monotonic()
        workspace = Path(self._order.workspace)
        digest = sources.digests(workspace)
        sources.copy(workspace, self._root)
        self._seconds["copy"] = time.monotonic() - began
        return digest

    def _build(self, digest: str, environment: Mapping[str, str]) -> None:
        began, cpu_before = time.monotonic(), _cpu_s()
        frontend = self._root / "frontend"
        stamp = frontend / ".next" / STAMP
        is_built = stamp.is_file() and stamp.read_text() == digest
        if not (is_built and (frontend / ".next/BUILD_ID").is_file()):
            build(frontend, environment, self._order.build_limit_s)
            stamp.write_text(digest)
        self._seconds["build"] = time.monotonic() - began
        self._seconds["build_cpu"] = _cpu_s() - cpu_before


def _cpu_s() -> float:
    """What programs that are over have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


EXPECTED = (StartFailed, BuildFailed, DatabaseUnavailable, sources.SourcesUnusable, OSError)
