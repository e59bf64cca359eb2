"""A whole proof of a todo app with five wishes, of a follow-up with a new one, and "check again".

From the last file that the run wrote to the report; split by check, the processor's seconds beside wall
time. The checks run beside each other, so their seconds add up to more than the proof's.
"""

import time
from collections.abc import Sequence
from typing import Any

from benchmarks.figures import summary
from benchmarks.options import Options, progress
from benchmarks.processes import cpu_s, descendants, postgres_processes
from stackwright.db.embedded import EmbeddedPostgres
from stackwright.testing.platform_process import Platform

SENTENCE = (
    "A todo app: todos with title and priority: low, medium or high. I want to filter by priority."
)
FOLLOW_UP = "Add a due date to todos."
APPS = 3
AGAIN = "check again"


def measure_proof(options: Options) -> dict[str, Any]:
    """One row for each kind of proof and step, medians over some apps."""
    count = 1 if options.is_quick else APPS
    embedded = EmbeddedPostgres(options.data_dir / "postgres")
    url = embedded.start()
    environment = {"DATABASE_URL": url, "MAX_SANDBOXES_PER_USER": str(count + 1)}
    running = Platform(options.data_dir, environment=environment)
    try:
        running.start()
        proofs = [_Proofs(running, url, f"proof-{number}") for number in range(count)]
        measured = {
            "first": [one.measured(SENTENCE) for one in proofs],
            "follow-up": [one.measured(FOLLOW_UP) for one in proofs],
            AGAIN: [one.measured(AGAIN) for one in proofs],
        }
    finally:
        running.stop()
        embedded.delete()
    return {
        "unit": "s",
        "verified": {
            kind: sum(one["is_verified"] for one in all_) for kind, all_ in measured.items()
        },
        "rows": [row for kind, all_ in measured.items() for row in _rows(kind, all_)],
    }


class _Proofs:
    """Runs of one project."""

    def __init__(self, platform: Platform, database_url: str, project: str) -> None:
        self._platform = platform
        self._database_url = database_url
        self._project = project

    def _spent(self) -> tuple[float, float]:
        """Seconds of the processor so far: the platform with its database, and what runs below it,
        with what has ended there."""
        assert self._platform.process is not None
        pid = self._platform.process.pid
        database = postgres_processes(self._database_url)
        below = [one for one in descendants(pid) if one not in database]
        own = cpu_s([pid]) + cpu_s(database, with_dead_children=True)
        return own, cpu_s(below, with_dead_children=True)

    def measured(self, message: str) -> dict[str, Any]:
        """Seconds by what was waited for, and of the processor, all from the last write on."""
        progress(f"{self._project}: {message[:40]}")
        began = written = time.monotonic()
        before = self._spent()
        seconds: dict[str, float] = {}
        status = ""
        for event in self._platform.events(self._project, message):
            now = time.monotonic()
            match event["type"]:
                case "file_changed":
                    written, before, seconds = now, self._spent(), {}
                case "preview_ready":
                    seconds["preview_answers"] = now - began
                case "check_result":
                    seconds[event["name"]] = event["seconds"]
                case "verification_report":
                    status = event["status"]
                    seconds["whole proof"] = now - written
                case _:
                    pass
        platform, sandbox = (now - then for now, then in zip(self._spent(), before, strict=True))
        seconds |= {"processor: platform": platform, "processor: sandbox": sandbox}
        return {"seconds": seconds, "is_verified": status == "verified"}


def _rows(kind: str, measured: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    names = dict.fromkeys(name for one in measured for name in one["seconds"])
    return [
        {"proof": kind, "part": name, **summary(values)}
        for name in names
        if (values := [one["seconds"][name] for one in measured if name in one["seconds"]])
    ]
