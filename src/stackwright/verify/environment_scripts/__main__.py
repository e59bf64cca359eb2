"""`python -m stackwright.verify.environment_scripts up|down|keep`, run inside the sandbox.

Each prints one JSON object. `up` leaves a supervisor behind, which `down` ends.
"""

import json
import os
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stackwright.verify.environment_scripts import sources
from stackwright.verify.environment_scripts.build import copy_built
from stackwright.verify.environment_scripts.processes import (
    end_all_below,
    end_marked,
    started_at,
)
from stackwright.verify.environment_scripts.supervisor import EXPECTED, Order, Supervisor

HOME = Path.home()
KIT = HOME / ".proof-kit"
PID, READY, NOTES, RUN = KIT / "pid", KIT / "ready.json", KIT / "databases", KIT / "kept-by"
ROOT, REPLICA = HOME / ".proof", HOME / ".proof-replica"
KEPT, LAST = HOME / ".proof-kept", HOME / ".proof-last"
END_LIMIT_S = 12.0


def main() -> None:
    action = sys.argv[1]
    argument: Mapping[str, Any] = json.loads(sys.argv[2]) if len(sys.argv) > 2 else {}
    match action:
        case "up":
            told = _up(argument)
        case "down":
            told = _down()
        case "keep":
            told = _keep(argument["run"])
        case _:
            sys.exit(f"unknown: {action}")
    sys.stdout.write(json.dumps(told) + "\n")


def _up(argument: Mapping[str, Any]) -> Mapping[str, Any]:
    """Start what is ordered, unless it runs already."""
    wanted = {key: value for key, value in argument.items() if key != "run"}
    wanted |= {"root": str(ROOT), "replica_root": str(REPLICA)}
    order = Order(**wanted, last_version=str(_last_version(argument["run"])))
    if _running() is not None and _is_same(order):
        return {**json.loads(READY.read_text()), "was_running": True}
    _down()
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.close(reading)
        _supervise(order, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    if not said:
        return {"ok": False, "sentence": "The proof environment ended before it was ready."}
    return json.loads(said)


def _supervise(order: Order, writing: int) -> None:
    """In a process of its own, which never returns."""
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    PID.write_text(f"{os.getpid()} {started_at(os.getpid())}")
    READY.unlink(missing_ok=True)
    supervisor = Supervisor(order, NOTES)
    try:
        told = supervisor.start()
        READY.write_text(json.dumps(told))
    except EXPECTED as error:
        told = {"ok": False, "sentence": str(error) or repr(error)}
    except BaseException:  # noqa: BLE001 (this process has no other way to say it)
        told = {"ok": False, "sentence": traceback.format_exc()[-3000:], "is_ours": True}
    try:
        if not told["ok"]:
            supervisor.end()
        os.write(writing, json.dumps(told).encode())
        os.close(writing)
        if told["ok"]:
            supervisor.serve()
            READY.unlink(missing_ok=True)
            supervisor.end()
    finally:
        PID.unlink(missing_ok=True)
        os._exit(0)


def _is_same(order: Order) -> bool:
    """Whether what runs was made from the present sources."""
    try:
        ready = json.loads(READY.read_text())
    except (OSError, ValueError):
        return False
    is_same = ready["order"]["token"] == order.token
    return is_same and ready["digest"] == sources.digests(Path(order.workspace))


def _down() -> Mapping[str, Any]:
    """End the supervisor and all that it started, whatever state they are in."""
    if (pid := _running()) is not None:
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + END_LIMIT_S
        while _running() is not None and time.monotonic() < deadline:
            time.sleep(0.01)
        if _running() is not None:
            end_all_below(pid, grace_s=0.2, limit_s=3.0)
            os.kill(pid, signal.SIGKILL)
    withstood = end_marked()
    return {"ok": withstood == 0, "withstood": withstood}


def _running() -> int | None:
    """The supervisor's number, if there is one."""
    try:
        number, at = PID.read_text().split()
    except (OSError, ValueError):
        return None
    return int(number) if started_at(int(number)) == at else None


def _keep(run: str) -> Mapping[str, Any]:
    """Keep what was proven as this run's version. That of an earlier run becomes the last version."""
    _shift(run)
    copy_built(ROOT, KEPT)
    RUN.write_text(run)
    return {"ok": True}


def _last_version(run: str) -> Path:
    _shift(run)
    return LAST


def _shift(run: str) -> None:
    kept_by = RUN.read_text() if RUN.is_file() else None
    if KEPT.is_dir() and kept_by != run:
        gone = LAST.with_name(".proof-gone")
        if LAST.is_dir():
            LAST.rename(gone)
        KEPT.rename(LAST)
        shutil.rmtree(gone, ignore_errors=True)


if __name__ == "__main__":
    main()
