"""Holds one proof together: copies, builds and starts the app, and ends all of it.

It is the ancestor of everything that a proof runs in the sandbox, so nothing outlives it.
"""

import contextlib
import os
import resource
import shutil
import signal
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from stackwright.verify.environment_scripts import sources
from stackwright.verify.environment_scripts.build import NEXT, BuildFailed, build, refuse_detours
from stackwright.verify.environment_scripts.database import Databases, DatabaseUnavailable, url_of
from stackwright.verify.environment_scripts.database_guard import (
    FIXED_ADDRESS,
    DatabaseGuard,
    goes_past,
    server_of,
)
from stackwright.verify.environment_scripts.processes import (
    Program,
    adopt_orphans,
    descendants,
    end_all_below,
)
from stackwright.verify.environment_scripts.proxy import FaultProxy

START_LIMIT_S = 40.0
SMTP_PORT = 10025
"""Where witnesses wait for the app's mails."""
UNUSED_LIMIT_S = 900.0
"""A supervisor that nobody asks anything for so long ends: its platform died."""
STAMP = "built"
MAX_PROCESSES = 60
WATCH_S = 0.1
KEEP_ALIVE_S = "60"
"""Next, too, closes connections that nobody used for 5 s, the default here: a request that met the other's
end of one was answered with HTTP 500."""
OVERRUN = f"The app starts processes without end: it had more than {MAX_PROCESSES} of them."


class StartFailed(Exception):
    """The app does not run; the text says why."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be run. `last` asks for the last proven version instead of the workspace."""

    token: str
    database: str
    workspace: str
    root: str
    last: bool = False
    build_limit_s: float = 110.0
    ports: Mapping[str, int] = field(
        default_factory=lambda: {"proxy": 13000, "frontend": 13001, "backend": 18000}
    )


class Supervisor:
    def __init__(self, order: Order, notes: Path) -> None:
        self._order = order
        self._root = Path(order.root)
        self._notes = notes
        self._programs: dict[str, Program] = {}
        self._seconds: dict[str, float] = {}
        self._ending = threading.Event()
        self._is_overrun = False
        self._databases: Databases | None = None
        self._database_url = ""
        self._guard: DatabaseGuard | None = None
        self._proxy: FaultProxy | None = None

    def start(self) -> Mapping[str, Any]:
        """Raises one of EXPECTED."""
        adopt_orphans()
        threading.Thread(target=self._watch, daemon=True).start()
        try:
            return self._start()
        except EXPECTED:
            if self._is_overrun:
                raise StartFailed(OVERRUN) from None
            self._refuse_the_persons_records()
            raise

    def _start(self) -> Mapping[str, Any]:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        digest: Mapping[str, str] = {} if self._order.last else self._copied()
        self._start_backend()
        if not self._order.last:
            self._build(digest["frontend"])
        refuse_detours(self._root / "frontend")
        began = time.monotonic()
        self._start_frontend()
        self._await("backend", "/api/health")
        self._refuse_the_persons_records()
        self._await("frontend", "/")
        self._open_proxy()
        self._seconds["start"] = time.monotonic() - began
        return {"ok": True, "digest": digest, "order": asdict(self._order), **self._told()}

    def _refuse_the_persons_records(self) -> None:
        """Raise StartFailed when the app reached for another database than the proof's."""
        if self._guard is None:
            return
        backend = self._programs.get("backend")
        if backend is not None and goes_past(backend.pid, self._guard.server[1]):
            self._guard.foreign = self._guard.foreign or FIXED_ADDRESS
        if self._guard.foreign:
            raise StartFailed(self._guard.refusal)

    def serve(self) -> None:
        """Until SIGTERM, or until nobody has asked for anything for long."""
        assert self._proxy is not None
        while not self._ending.wait(UNUSED_LIMIT_S):
            if not self._proxy.last_request.is_set():
                return
            self._proxy.last_request.clear()

    def end(self) -> int:
        """Nothing of the proof is left. Returns how many processes withstood."""
        if self._proxy is not None:
            threading.Thread(target=self._proxy.shutdown, daemon=True).start()
        withstood = end_all_below(os.getpid())
        if self._databases is not None:
            # a server that does not answer is asked again by the next proof
            with contextlib.suppress(DatabaseUnavailable):
                self._databases.drop_noted()
        return withstood

    def _watch(self) -> None:
        """End an app that forks without end before it has taken the whole machine."""
        while not self._ending.wait(WATCH_S):
            if len(descendants(os.getpid())) > MAX_PROCESSES:
                self._is_overrun = True
                end_all_below(os.getpid(), grace_s=0)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._ending.set()

    def _told(self) -> Mapping[str, Any]:
        return {"seconds": {name: round(spent, 3) for name, spent in self._seconds.items()}}

    def _copied(self) -> Mapping[str, str]:
        began = time.monotonic()
        workspace = Path(self._order.workspace)
        digest = sources.digests(workspace)
        sources.copy(workspace, self._root)
        self._seconds["copy"] = time.monotonic() - began
        return digest

    def _build(self, digest: str) -> None:
        began, cpu_before = time.monotonic(), _cpu_s()
        frontend = self._root / "frontend"
        stamp = frontend / ".next" / STAMP
        is_built = stamp.is_file() and stamp.read_text() == digest
        if not (is_built and (frontend / ".next/BUILD_ID").is_file()):
            build(frontend, self._environment(), self._order.build_limit_s)
            stamp.write_text(digest)
        self._seconds["build"] = time.monotonic() - began
        self._seconds["build_cpu"] = _cpu_s() - cpu_before

    def _start_backend(self) -> None:
        backend = self._root / "backend"
        if not backend.is_dir():
            raise StartFailed("There is no folder 'backend'.")
        url = url_of(backend, os.environ)
        self._databases = Databases(url, self._notes)
        self._databases.drop_noted()
        self._databases.note(self._order.database)
        if (server := server_of(url)) is not None:
            self._guard = DatabaseGuard(server, self._order.database)
            self._database_url = self._guard.url(url)
        command = ["uvicorn", "main:app", "--host", "127.0.0.1", "--no-access-log"]
        command += ["--port", str(self._order.ports["backend"]), "--timeout-graceful-shutdown", "2"]
        command += ["--timeout-keep-alive", KEEP_ALIVE_S]
        self._programs["backend"] = Program(command, cwd=backend, environment=self._environment())

    def _start_frontend(self) -> None:
        command = ["node", NEXT, "start", "-H", "127.0.0.1"]
        command += ["-p", str(self._order.ports["frontend"])]
        self._programs["frontend"] = Program(
            command, cwd=self._root / "frontend", environment=self._environment()
        )

    def _environment(self) -> dict[str, str]:
        own = {"MONGODB_DB": self._order.database, "CI": "1"}
        own |= {"MONGODB_URL": self._database_url} if self._database_url else {}
        own |= {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(SMTP_PORT)}
        backend = f"http://127.0.0.1:{self._order.ports['backend']}"
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        return {**kept, **own, "BACKEND_URL": backend}

    def _await(self, name: str, path: str) -> None:
        """Return when it answers anything but an error of its own."""
        url = f"http://127.0.0.1:{self._order.ports[name]}{path}"
        deadline = time.monotonic() + START_LIMIT_S
        program, last = self._programs[name], "nothing"
        while time.monotonic() < deadline and not self._ending.is_set():
            try:
                with urllib.request.urlopen(url, timeout=10):
                    return
            except urllib.error.HTTPError as error:
                if error.code < 500 or name == "frontend":
                    return
                last = f"HTTP {error.code}"
            except (OSError, ValueError, EOFError) as error:
                last = str(error)[:200] or repr(error)[:200]
            if program.status() is not None:
                raise StartFailed(_of_program(name, "ends at its start", program))
            time.sleep(0.03)
        why = f"does not answer within {START_LIMIT_S:.0f} s ({last})"
        raise StartFailed(_of_program(name, why, program))

    def _open_proxy(self) -> None:
        ports = self._order.ports
        self._proxy = FaultProxy(
            ports["proxy"],
            ports["frontend"],
            token=self._order.token,
            commands={
                "reset": self._reset,
                "keep": self._keep_records,
                "log": self._log,
                "database": self._holdings,
                "holding": self._holding,
                "multiply": self._multiply,
            },
        )
        threading.Thread(target=self._proxy.serve_forever, args=(0.05,), daemon=True).start()

    def _keep_records(self, _query: Mapping[str, str]) -> Mapping[str, Any]:
        assert self._databases is not None
        self._databases.keep(self._order.database)
        return {"ok": True}

    def _reset(self, query: Mapping[str, str]) -> Mapping[str, Any]:
        assert self._databases is not None
        self._refuse_the_persons_records()
        if query.get("all"):
            self._databases.keep_nothing()
        self._databases.empty(self._order.database)
        return {"ok": True}

    def _multiply(self, query: Mapping[str, str]) -> Mapping[str, Any]:
        assert self._databases is not None
        self._databases.multiply(self._order.database, int(query.get("number", "0")))
        return {"ok": True}

    def _log(self, query: Mapping[str, str]) -> Mapping[str, Any]:
        program = self._programs.get(query.get("name", ""))
        refusal = self._guard.refusal if self._guard is not None and self._guard.foreign else ""
        return {"text": f"{'' if program is None else program.said()}\n{refusal}".strip()}

    def _holdings(self, _query: Mapping[str, str]) -> Mapping[str, Any]:
        assert self._databases is not None
        assert self._proxy is not None
        self._refuse_the_persons_records()
        return {
            "collections": self._databases.holdings(self._order.database),
            **self._proxy.state(),
        }

    def _holding(self, query: Mapping[str, str]) -> Mapping[str, Any]:
        assert self._databases is not None
        found = self._databases.holding(self._order.database, query.get("field", ""))
        return {"collections": found}


def keep(root: Path, target: Path) -> None:
    """Put the built version aside, without the build's cache."""
    fresh = target.with_name(target.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    cache = str(root / "frontend/.next")

    def is_left_out(folder: str, names: list[str]) -> list[str]:
        return ["cache"] if folder == cache and "cache" in names else []

    shutil.copytree(root, fresh, symlinks=True, ignore=is_left_out)
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)


def _cpu_s() -> float:
    """What programs that are over have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _of_program(name: str, what: str, program: Program) -> str:
    said = program.said() or "(nothing)"
    return f"The {name} of the production build {what}. It said:\n{said}"


EXPECTED = (StartFailed, BuildFailed, DatabaseUnavailable, sources.SourcesUnusable, OSError)
