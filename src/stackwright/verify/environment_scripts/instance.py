"""One running instance of the app: its backend and frontend behind the proxy, with a database of its own."""

import os
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stackwright.verify.environment_scripts.build import NEXT
from stackwright.verify.environment_scripts.database import Databases, url_of
from stackwright.verify.environment_scripts.database_guard import (
    FIXED_ADDRESS,
    DatabaseGuard,
    goes_past,
    server_of,
)
from stackwright.verify.environment_scripts.processes import Program
from stackwright.verify.environment_scripts.proxy import (
    Command,
    FaultProxy,
    ServerSideProxy,
    Uploads,
)

START_LIMIT_S = 40.0
KEEP_ALIVE_S = "60"
"""Next, too, closes connections that nobody used for 5 s, the default here: a request that met the other's
end of one was answered with HTTP 500."""


class StartFailed(Exception):
    """The app does not run; the text says why."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an instance runs: its folder, the name of its database, and its ports. `mail` is where the app
    sends its mails, `server_side` what the frontend's server takes for the backend."""

    root: Path
    database: str
    proxy: int
    frontend: int
    backend: int
    server_side: int
    mail: int


class Instance:
    """Is started step by step: the backend may start while the frontend is still built."""

    def __init__(self, place: Place, notes: Path, ending: threading.Event) -> None:
        """Raises StartFailed, DatabaseUnavailable. `notes` names the databases of proofs; who sets
        `ending` has no time to wait for a start any more."""
        self._place = place
        self._ending = ending
        self._programs: dict[str, Program] = {}
        self._backend = place.root / "backend"
        self._frontend = place.root / "frontend"
        if not self._backend.is_dir():
            raise StartFailed("There is no folder 'backend'.")
        url = url_of(self._backend, os.environ)
        self.databases = Databases(url, notes)
        self._guard: DatabaseGuard | None = None
        self._database_url = ""
        if (server := server_of(url)) is not None:
            self._guard = DatabaseGuard(server, place.database)
            self._database_url = self._guard.url(url)
        self._proxies: list[FaultProxy] = []

    def start_backend(self) -> None:
        self.databases.note(self._place.database)
        command = ["uvicorn", "main:app", "--host", "127.0.0.1", "--no-access-log"]
        command += ["--port", str(self._place.backend), "--timeout-graceful-shutdown", "2"]
        command += ["--timeout-keep-alive", KEEP_ALIVE_S]
        self._programs["backend"] = Program(
            command, cwd=self._backend, environment=self.environment()
        )

    def start_frontend(self) -> None:
        """Its rewrites are fixed since it was built; what else asks the backend does so on the server."""
        command = ["node", NEXT, "start", "-H", "127.0.0.1", "-p", str(self._place.frontend)]
        environment = {**self.environment(), "BACKEND_URL": _address(self._place.server_side)}
        self._programs["frontend"] = Program(command, cwd=self._frontend, environment=environment)

    def open(
        self, token: str, commands: Mapping[str, Command], uploads: Uploads | None = None
    ) -> None:
        """Return when the app answers behind its proxy, which notes `uploads`. Raises StartFailed."""
        self._await("backend", self._place.backend, "/api/health")
        self.refuse_the_persons_records()
        self._await("frontend", self._place.frontend, "/")
        own = {
            "reset": self._reset,
            "keep": self._keep_records,
            "log": self._log,
            "database": self._holdings,
            "holding": self._holding,
            "multiply": self._multiply,
        }
        place = self._place
        commands = {**own, **commands}
        front = FaultProxy(
            place.proxy, place.frontend, token=token, commands=commands, uploads=uploads
        )
        self._proxies = [front, ServerSideProxy(place.server_side, place.backend, front)]
        for proxy in self._proxies:
            threading.Thread(target=proxy.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        """End the proxy, the programs and the ways to the database. What the programs left running is
        ended with the proof."""
        self.close_proxies()
        for program in self._programs.values():
            program.end()
        if self._guard is not None:
            self._guard.shutdown()
            self._guard.server_close()
        self.databases.close()

    def close_proxies(self) -> None:
        proxies, self._proxies = self._proxies, []
        for proxy in proxies:
            proxy.shutdown()
            proxy.server_close()

    def was_asked(self) -> bool:
        """Whether a request came since this was called last."""
        if not self._proxies or not self._proxies[0].last_request.is_set():
            return False
        self._proxies[0].last_request.clear()
        return True

    def environment(self) -> dict[str, str]:
        """What the app's programs find in their environment."""
        own = {"MONGODB_DB": self._place.database, "CI": "1"}
        own |= {"MONGODB_URL": self._database_url} if self._database_url else {}
        own |= {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(self._place.mail)}
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        return {**kept, **own, "BACKEND_URL": _address(self._place.backend)}

    def refuse_the_persons_records(self) -> None:
        """Raise StartFailed when the app reached for another database than the proof's."""
        if self._guard is None:
            return
        backend = self._programs.get("backend")
        if backend is not None and goes_past(backend.pid, self._guard.server[1]):
            self._guard.foreign = self._guard.foreign or FIXED_ADDRESS
        if self._guard.foreign:
            raise StartFailed(self._guard.refusal)

    def _await(self, name: str, port: int, path: str) -> None:
        """Return when it answers anything but an error of its own."""
        deadline = time.monotonic() + START_LIMIT_S
        program, last = self._programs[name], "nothing"
        while time.monotonic() < deadline and not self._ending.is_set():
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10):
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

    def _keep_records(self, _query: Mapping[str, str]) -> Mapping[str, Any]:
        self.databases.keep(self._place.database)
        return {"ok": True}

    def _reset(self, query: Mapping[str, str]) -> Mapping[str, Any]:
        self.refuse_the_persons_records()
        if query.get("all"):
            self.databases.keep_nothing()
        self.databases.empty(self._place.database)
        return {"ok": True}

    def _multiply(self, query: Mapping[str, str]) -> Mapping[str, Any]:
        self.databases.multiply(self._place.database, int(query.get("number", "0")))
        return {"ok": True}

    def _log(self, query: Mapping[str, str]) -> Mapping[str, Any]:
        program = self._programs.get(query.get("name", ""))
        refusal = self._guard.refusal if self._guard is not None and self._guard.foreign else ""
        return {"text": f"{'' if program is None else program.said()}\n{refusal}".strip()}

    def _holdings(self, _query: Mapping[str, str]) -> Mapping[str, Any]:
        assert self._proxies
        self.refuse_the_persons_records()
        collections = self.databases.holdings(self._place.database)
        return {"collections": collections, **self._proxies[0].state()}

    def _holding(self, query: Mapping[str, str]) -> Mapping[str, Any]:
        found = self.databases.holding(self._place.database, query.get("field", ""))
        return {"collections": found}


def _address(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def _of_program(name: str, what: str, program: Program) -> str:
    said = program.said() or "(nothing)"
    return f"The {name} of the production build {what}. It said:\n{said}"
