"""The proof environment: a second instance of the app in its sandbox, built as for production.

It has its own copy of the sources, its own ports and its own database; the person's preview and data
are never touched. `environment_scripts` is what runs inside the sandbox: the app stands behind a
proxy that can make its API fail on purpose.
"""

import asyncio
import base64
import json
import logging
import secrets
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from stackwright.core.errors import PlatformError
from stackwright.sandbox.base import WORKSPACE_ROOT, CommandResult, HttpAnswer, Sandbox
from stackwright.tools.services import BACKEND_PORT, FRONTEND_PORT
from stackwright.verify import environment_scripts
from stackwright.verify.environment_scripts.faults import Fault
from stackwright.verify.environment_scripts.proxy import CONTROL, TOKEN_HEADER

PORTS = {"proxy": 13000, "frontend": 13001, "backend": 18000, "server_side": 18001, "mail": 10024}
REPLICA_PORTS = {
    "proxy": 13010,
    "frontend": 13011,
    "backend": 18010,
    "server_side": 18011,
    "mail": 10025,
}
KIT = "/home/user/.proof-kit"
BUILD_LIMIT_S = 110.0
START_LIMIT_S = 180.0
STOP_LIMIT_S = 25.0
CONTROL_LIMIT_S = 15.0
REPLICA_LIMIT_S = 90.0
_SCRIPTS = Path(__file__).with_name("environment_scripts")
_SCRIPTS_MODULE = environment_scripts.__name__
_TOO_LONG = 120_000
"""More than any answer of the scripts has."""

log = logging.getLogger(__name__)


class EnvironmentFailed(Exception):
    """The app cannot be built or started for the proof. The text says why, with the output's end."""


@dataclass(frozen=True, slots=True)
class AppAddress:
    """Where an instance of the app is reached inside its sandbox, what database it has, and the port that
    it sends its mails to (0: as the app says)."""

    frontend_port: int
    backend_port: int
    origin: str
    database: str
    mail_port: int = 0


PREVIEW = AppAddress(FRONTEND_PORT, BACKEND_PORT, f"http://localhost:{FRONTEND_PORT}", "app")
"""What the person sees. Checks may look at it and never write to it."""


@dataclass(frozen=True, slots=True)
class Login:
    """A JSON object that was posted while somebody logged in."""

    path: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is logged in at the app of the proof."""

    name: str
    cookie: str
    """The header with all their cookies."""
    state: Mapping[str, Any]
    """What their browser keeps, as of Playwright's `storage_state`."""
    logins: tuple[Login, ...] = ()


@dataclass(frozen=True, slots=True)
class Upload:
    """A form with a file that the app took: where it was posted, its content type, and what it held."""

    path: str
    kind: str
    body: bytes


class ProofEnvironment:
    """The proof's instance of the app in one sandbox. Its methods may be called in any order."""

    def __init__(self, sandbox: Sandbox, *, marks: Mapping[str, str] | None = None) -> None:
        """`marks` are in the environment of all that runs; equal ones stand for the same run."""
        self._sandbox = sandbox
        self._marks = dict(marks or {})
        self._run = "\n".join(f"{name}={value}" for name, value in sorted(self._marks.items()))
        self._token = secrets.token_hex(16)
        self._database = f"proof_{secrets.token_hex(6)}"
        self._is_laid_out = False
        self._may_run = False
        self._lock = asyncio.Lock()
        self.seconds: Mapping[str, float] = {}
        """How long the steps of the last start took."""
        self.processors = 1
        """How many the sandbox has."""
        self.people: tuple[Person, ...] = ()
        """Who is logged in; the last one may do most."""

    @property
    def token(self) -> str:
        """Sent in `TOKEN_HEADER` by whoever may control the proxy."""
        return self._token

    @property
    def app(self) -> AppAddress:
        return _address(PORTS, self._database)

    @property
    def replica(self) -> AppAddress:
        """A second instance of the app, once it was started: for witnesses, which play faults and empty
        the database while other checks use the first one."""
        return _address(REPLICA_PORTS, f"{self._database}_replica")

    @property
    def was_started(self) -> bool:
        """Whether there may be something to ask."""
        return self._may_run

    async def start(self) -> None:
        """Copy, build and start the app and return when it answers; at once while its sources are
        the same and it runs. Raises EnvironmentFailed."""
        async with self._lock:
            told = await self._up()
            if told.get("was_running"):
                await self.set_fault(Fault.NONE)

    async def start_replica(self, *, is_last: bool = False) -> bool:
        """Start the app a second time beside the first, or with `is_last` the version that an earlier run
        proved, in place of the replica that runs; at once when it runs already. False when no earlier
        version was kept. Raises EnvironmentFailed."""
        async with self._lock:
            query = "?last=1" if is_last else ""
            told = await self._control(f"replica{query}", timeout_s=REPLICA_LIMIT_S)
            return not told.get("missing", False)

    async def keep_version(self) -> None:
        """Keep what was built last: for later runs it is the last version."""
        async with self._lock:
            await self._script("keep", {"run": self._run}, timeout_s=30)

    async def reset(self) -> None:
        """Delete all records of the proof's database but those that were there when people logged in;
        indexes stay. Raises EnvironmentFailed."""
        await self._control("reset")

    async def forget_people(self) -> None:
        """Delete all records. Raises EnvironmentFailed."""
        self.people = ()
        await self._control("reset?all=1")

    async def keep_people(self, people: tuple[Person, ...]) -> None:
        """What is in the database now belongs to their logins. Raises EnvironmentFailed."""
        await self._control("keep")
        self.people = people

    @property
    def cookie(self) -> str:
        """The header of the person who may do most; "" without one."""
        return self.people[-1].cookie if self.people else ""

    async def multiply(self, number: int) -> None:
        """Give each collection so many copies of its newest record. Raises EnvironmentFailed."""
        await self._control(f"multiply?number={number}")

    async def set_fault(self, fault: Fault) -> None:
        await self._control("fault", body=fault.encode())

    async def state(self) -> Mapping[str, Any]:
        """What the proxy saw: for each fault the number of reads, writes and stored writes."""
        return await self._control("state", method="GET")

    async def holdings(self) -> Mapping[str, int]:
        """How many records each collection of the proof's database has."""
        return (await self._control("database"))["collections"]

    async def holding(self, field: str) -> Sequence[str]:
        """The collections of the proof's database that hold a record with this field."""
        return (await self._control(f"holding?field={field}"))["collections"]

    async def uploads(self) -> Sequence[Upload]:
        """What witnesses gave to the app, some of it."""
        told = (await self._control("uploads"))["uploads"]
        return [
            Upload(path, one["type"], base64.b64decode(one["body"])) for path, one in told.items()
        ]

    async def logs(self, name: str) -> str:
        """The end of what the `backend` or the `frontend` of the proof said; "" without one."""
        try:
            return (await self._control(f"log?name={name}"))["text"]
        except EnvironmentFailed:
            return ""

    async def unlisted_imports(self) -> CommandResult:
        """What the app imports and does not list to be installed, a line each; status 0 for nothing."""
        return await self._module("dependencies", WORKSPACE_ROOT, timeout_s=60)

    async def run_guarded(self, command: str, *, cwd: str, timeout_s: float) -> CommandResult:
        """A command of the app for which only databases exist whose names begin with `test_`."""
        arguments = ["test_", *shlex.split(command)]
        return await self._module("guarded", *arguments, cwd=cwd, timeout_s=timeout_s)

    async def aclose(self) -> None:
        """End all that runs for the proof and drop its database. A sandbox that died took it along."""
        async with self._lock:
            if not self._may_run:
                return
            self._may_run = False
            try:
                async with asyncio.timeout(STOP_LIMIT_S):
                    told = await self._script("down", {}, timeout_s=STOP_LIMIT_S - 2)
            except (PlatformError, EnvironmentFailed, TimeoutError) as error:
                log.warning("proof_environment_not_ended", extra={"error": repr(error)})
                return
            if told["withstood"]:
                log.warning("proof_processes_withstood", extra={"number": told["withstood"]})

    async def _up(self) -> Mapping[str, Any]:
        order = {
            "token": self._token,
            "database": self._database,
            "workspace": WORKSPACE_ROOT,
            "build_limit_s": BUILD_LIMIT_S,
            "ports": PORTS,
            "replica_ports": REPLICA_PORTS,
        }
        self._may_run = True
        told = await self._script("up", order | {"run": self._run}, timeout_s=START_LIMIT_S)
        if not told["ok"]:
            raise EnvironmentFailed(str(told["sentence"]))
        self.seconds, self.processors = told["seconds"], told["processors"]
        return told

    async def _script(
        self, action: str, argument: Mapping[str, Any], *, timeout_s: float
    ) -> Mapping[str, Any]:
        ran = await self._module("", action, json.dumps(argument), timeout_s=timeout_s)
        if ran.timed_out:
            raise EnvironmentFailed(
                f"The proof environment was not ready within {timeout_s:.0f} s."
            )
        try:
            return orjson.loads(ran.stdout)
        except orjson.JSONDecodeError:
            said = (ran.stderr or ran.stdout)[-1500:]
            raise EnvironmentFailed(f"The proof environment cannot be run here: {said}") from None

    async def _module(
        self, name: str, *arguments: str, timeout_s: float, cwd: str = "/home/user"
    ) -> CommandResult:
        """Run one of the scripts with the app's Python."""
        if not self._is_laid_out:
            await self._sandbox.write(_kit_files())
            self._is_laid_out = True
        module = f"{_SCRIPTS_MODULE}.{name}".rstrip(".")
        return await self._sandbox.run(
            shlex.join(["python", "-m", module, *arguments]),
            cwd=cwd,
            envs={**self._marks, "PYTHONPATH": KIT},
            timeout_s=timeout_s,
            max_output_bytes=_TOO_LONG,
        )

    async def _control(
        self,
        command: str,
        *,
        method: str = "POST",
        body: bytes = b"",
        timeout_s: float = CONTROL_LIMIT_S,
    ) -> Mapping[str, Any]:
        answer = await self._sandbox.request(
            PORTS["proxy"],
            method,
            CONTROL + command,
            headers={TOKEN_HEADER: self._token},
            body=body,
            timeout_s=timeout_s,
        )
        if answer.status != 200:
            raise EnvironmentFailed(_said(answer))
        return orjson.loads(answer.body)


def _address(ports: Mapping[str, int], database: str) -> AppAddress:
    origin = f"http://127.0.0.1:{ports['proxy']}"
    return AppAddress(ports["proxy"], ports["backend"], origin, database, ports["mail"])


def _said(answer: HttpAnswer) -> str:
    """What the scripts told, else what came instead."""
    if answer.status == 500:
        try:
            return str(orjson.loads(answer.body)["detail"])[:1500]
        except (orjson.JSONDecodeError, KeyError, TypeError):
            pass
    return f"The proof environment does not answer: HTTP {answer.status} {answer.body.decode(errors='replace')[:500]}"


def _kit_files() -> dict[str, bytes]:
    """The scripts, laid out as the package they are."""
    folder = f"{KIT}/{_SCRIPTS_MODULE.replace('.', '/')}"
    return {
        f"{folder}/{path.name}": path.read_bytes()
        for path in sorted(_SCRIPTS.iterdir())
        if path.suffix in (".py", ".ts")
    }
