"""Where applications are tried: one real sandbox each, with the gate over it as in a run."""

import hashlib
from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from prove.applications import ROOT, TEMPLATE, Application
from stackwright.core.events import Event, Screenshot, VerificationReport
from stackwright.core.ids import RunId
from stackwright.core.wishes import Wish, WitnessBelief
from stackwright.engine.config import EngineConfig
from stackwright.engine.host.supervisor import EngineSupervisor, new_api_key
from stackwright.runs.completion import whole_message
from stackwright.sandbox import control
from stackwright.sandbox.base import WORKSPACE_ROOT, Sandbox
from stackwright.sandbox.endpoint import Endpoint
from stackwright.sandbox.executions import RUN_VARIABLE
from stackwright.sandbox.http import SandboxHttp
from stackwright.sandbox.services import SandboxServices
from stackwright.sandbox.template import Template, load_template
from stackwright.testing.memory_wishes import MemoryWishBook
from stackwright.testing.platform_process import share_template_layers
from stackwright.tools.base import ToolContext
from stackwright.tools.wishes import ChangeWish, SetWishes, change_wish, set_wishes
from stackwright.verify.browser import Browsers
from stackwright.verify.checks import CHECKS
from stackwright.verify.gate import Gate
from stackwright.verify.report import RunFacts
from stackwright.verify.weakening import is_watched, weakened

SANDBOX_LIFE_S = 3600
Calls = Sequence[SetWishes | ChangeWish]
Changes = Mapping[str, str | None]
"""Texts by path below the workspace; None: the file is deleted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One run: what the person said, which tools the model called, and how it left the files."""

    message: str
    calls: Calls
    changes: Changes = field(default_factory=dict[str, str | None])
    run: str = "run-1"
    earlier: Sequence[Wish] = ()
    """Wishes of the runs before."""
    only: Collection[str] = ()
    """Names of the checks that are run; none: all."""


@dataclass(slots=True)
class Stage:
    """One application in its sandbox."""

    application: Application
    sandbox: Sandbox
    template: Template
    browsers: Browsers
    beliefs: dict[str, WitnessBelief] = field(default_factory=dict[str, WitnessBelief])
    _touched: set[str] = field(default_factory=set[str])

    async def set_up(self) -> None:
        """Lay the application out over the template."""
        if self.application.is_by_hand:
            await self._run("rm -rf backend frontend/pages frontend/app acceptance/test_*.py")
        await self._write(self.application.files)
        await self._renew_client()

    async def judge(self, attempt: Attempt) -> tuple[VerificationReport, Sequence[Wish]]:
        """The gate's report, and the wishes as they are after it. The files are put back later.

        Raises ToolFailed when a tool refuses its call."""
        await self._apply(attempt.changes)
        events: list[Event] = []
        book = MemoryWishBook(run_id=attempt.run, emit=events.append, wishes=attempt.earlier)
        for belief in self.beliefs.values():
            await book.believe(belief)
        await _call(attempt, book)
        known = await book.read()
        if attempt.changes and not any(one.run_id == attempt.run for one in known.wishes):
            await book.set([whole_message([attempt.message], known.next_number)], ())
        gate = self._gate(attempt, book, events)
        try:
            report = await gate.verify(full=True)
        finally:
            await gate.aclose()
        self.beliefs |= await book.beliefs()
        return report, (await book.read()).wishes

    async def _apply(self, changes: Changes) -> None:
        """The sound application with these changes, and none of an attempt before."""
        back: dict[str, str | None] = {path: self._original(path) for path in self._touched}
        wanted = {**back, **changes}
        gone = [path for path, text in wanted.items() if text is None]
        await self._write({path: text for path, text in wanted.items() if text is not None})
        for path in gone:
            await self.sandbox.run(f"rm -f {path!r}", cwd=WORKSPACE_ROOT, timeout_s=10)
        self._touched = set(changes)
        if any(path.startswith("backend/") for path in wanted):
            await self._renew_client()

    def _original(self, path: str) -> str | None:
        try:
            return self.application.text(path)
        except FileNotFoundError:
            return None

    async def _renew_client(self) -> None:
        """A backend that cannot be imported has no description: then the client stays."""
        if self.application.is_by_hand:
            await self._run("python tools/generate_client.py || true")

    def _gate(self, attempt: Attempt, book: MemoryWishBook, events: list[Event]) -> Gate:
        services = SandboxServices(
            self.sandbox,
            self.template.services,
            emit=events.append,
            preview_url=lambda port: f"http://{port}.example",
        )
        return Gate(
            sandbox=self.sandbox,
            services=services,
            browsers=self.browsers,
            emit=events.append,
            keep=_keep,
            keep_replay=_keep_replay,
            library=self.template.acceptance,
            marks={RUN_VARIABLE: attempt.run},
            checks=[one for one in CHECKS if not attempt.only or one.name in attempt.only],
            facts=self._facts(attempt, book),
        )

    def _facts(self, attempt: Attempt, book: MemoryWishBook) -> RunFacts:
        before = {path: text.encode() for path, text in self.application.files.items()}
        after = {
            path: text.encode()
            for path, text in {**self.application.files, **attempt.changes}.items()
            if text is not None
        }

        async def changed_by() -> str:
            return attempt.run

        async def find_weakened() -> Sequence[str]:
            if not attempt.earlier:  # nothing was there before the first run
                return ()
            was, now = (
                {path: text for path, text in files.items() if is_watched(path)}
                for files in (before, after)
            )
            return weakened(was, now, (await book.read()).wishes, attempt.run)

        return RunFacts(
            run_id=RunId(attempt.run), wishes=book, changed_by=changed_by, weakened=find_weakened
        )

    async def _write(self, files: Mapping[str, str]) -> None:
        await self.sandbox.write(
            {f"{WORKSPACE_ROOT}/{path}": text.encode() for path, text in files.items()}
        )

    async def _run(self, command: str) -> None:
        await self.sandbox.run(command, cwd=WORKSPACE_ROOT, timeout_s=60)


async def _call(attempt: Attempt, book: MemoryWishBook) -> None:
    """What the model calls before it works: the tools themselves, with all that they use."""

    async def messages() -> Sequence[str]:
        return [attempt.message]

    used = SimpleNamespace(run_id=attempt.run, wishes=book, messages=messages)
    context = cast(ToolContext, used)
    for call in attempt.calls:
        if isinstance(call, SetWishes):
            await set_wishes(call, context)
        else:
            await change_wish(call, context)


async def _keep(picture: bytes, route: str, width: int, height: int) -> Screenshot:
    digest = hashlib.sha256(picture).hexdigest()
    return Screenshot(route=route, url=route, sha256=digest, width=width, height=height)


async def _keep_replay(recording: bytes) -> str:
    return f"replay-{hashlib.sha256(recording).hexdigest()}"


@asynccontextmanager
async def engine(folder: Path) -> AsyncGenerator[Endpoint]:
    """A sandbox engine of its own, with the template as it was built already."""
    share_template_layers(folder)
    supervisor = EngineSupervisor(
        EngineConfig(
            folder / "engine",
            new_api_key(),
            templates_dir=ROOT / "templates",
            warm_pool=0,
        )
    )
    at = await supervisor.start()
    try:
        yield Endpoint(at.api_key, at.api_url, at.sandbox_url)
    finally:
        await supervisor.stop()


@asynccontextmanager
async def stage(application: Application, endpoint: Endpoint) -> AsyncGenerator[Stage]:
    """The application in a sandbox that ends with the block."""
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(SandboxHttp())
        sandbox = await control.create(
            TEMPLATE, {"prove": application.name}, endpoint, http, SANDBOX_LIFE_S
        )
        stack.push_async_callback(control.kill, sandbox.id, endpoint)
        browsers = Browsers()
        stack.push_async_callback(browsers.aclose)
        template = load_template(ROOT / "templates", TEMPLATE)
        made = Stage(application, sandbox, template, browsers)
        await made.set_up()
        yield made
