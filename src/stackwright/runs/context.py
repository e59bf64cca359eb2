"""What one run works with: its project's files, wishes, plan and notes, its sandbox, services and gate."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stackwright.agent.repetition import Repetition
from stackwright.core.errors import FileNotInWorkspace, PlatformError
from stackwright.core.events import (
    Event,
    FileChanged,
    PlanProposed,
    PlanStep,
    PreviewReady,
    Usage,
    VerificationReport,
    WishChanged,
    WishesSet,
)
from stackwright.core.tasks import spawn
from stackwright.db.engine import Database
from stackwright.db.fencing import lease_fence
from stackwright.db.run_records import READING
from stackwright.projects.notes import GUIDE_PATH, RunNotes, guide_text
from stackwright.projects.service import ProjectService
from stackwright.projects.wishes import RunWishBook
from stackwright.projects.workspace import ProjectWorkspace
from stackwright.runs.conversation import RunConversation
from stackwright.runs.evidence import EvidenceStore, RunEvidence
from stackwright.runs.lease import ClaimedRun
from stackwright.runs.plans import RunPlanBook, RunRecords
from stackwright.runs.preparation import PreparedSandbox, SandboxPreparation
from stackwright.runs.report_facts import report_facts
from stackwright.sandbox.base import Sandbox
from stackwright.sandbox.executions import RUN_VARIABLE, end_processes
from stackwright.sandbox.manager import SandboxManager
from stackwright.sandbox.services import SandboxServices
from stackwright.sandbox.template import Template
from stackwright.tools.base import Emit, Tool, ToolContext
from stackwright.tools.findings import Findings
from stackwright.tools.seen import SeenFiles
from stackwright.verify.browser import Browsers
from stackwright.verify.browsing.sessions import Sessions
from stackwright.verify.gate import Gate

if TYPE_CHECKING:
    from aiohttp import CookieJar

log = logging.getLogger(__name__)

EARLY_SERVICES = ("mongo", "frontend")
"""Services that start while the agent plans: they need none of its files."""
END_COMMANDS_LIMIT_S = 1.5
Spent = Callable[[Usage], None]


@dataclass(frozen=True, slots=True)
class RunResources:
    """What all runs of the process share."""

    database: Database
    sandboxes: SandboxManager
    projects: ProjectService
    evidence: EvidenceStore
    browsers: Browsers
    template: Template
    preview_url: Callable[[str, int], str]
    """Makes an address that a browser can open from a project's preview label and a port."""


class RunContext:
    """One run's view of its project. Use `close` when the run ends."""

    def __init__(
        self,
        resources: RunResources,
        claimed: ClaimedRun,
        emit: Emit,
        *,
        spent: Spent | None = None,
    ) -> None:
        """`spent` is told of each finished model call."""
        self._shared = resources
        self._spent = spent
        self._claimed = claimed
        self._write = emit
        self.plan: list[PlanStep] = []
        self.seen = SeenFiles()
        self.cookies: dict[str, CookieJar] = {}
        self.guides = set[str]()
        self.findings = Findings(self.sandbox)
        self.report: VerificationReport | None = None
        """The last full report, while no file and no wish changed after it."""
        self.has_changed = False
        """Whether this worker changed files of the project."""
        self.was_touched = False
        """Whether files changed since the gate last spoke to the model."""
        self.preview_url: str | None = None
        self.has_plan = False
        """Whether this worker saw the run propose a plan."""
        self.repetition = Repetition()
        lease = claimed.lease
        self.notes = RunNotes(resources.database, lease.user_id, lease.project_id)
        self.files = ProjectWorkspace(
            database=resources.database,
            user_id=lease.user_id,
            project_id=lease.project_id,
            sandbox=self.sandbox,
            emit=self.emit,
            fence=lease_fence(lease),
        )
        self.preparation = SandboxPreparation(
            resources.sandboxes, lease, self.files, self.emit, self._equipped
        )
        self.run_id = lease.run_id
        self.wishes = RunWishBook(resources.database, lease, self.emit)
        self.plans = RunPlanBook(resources.database, lease, self.emit)
        self.records = RunRecords(resources.database, lease)
        self.conversation = RunConversation(resources.database, claimed)
        self.evidence = RunEvidence(resources.evidence, lease)

    async def messages(self) -> Sequence[str]:
        """What the person said in this run so far."""
        return await self.conversation.said()

    async def guide(self) -> str:
        """What the project itself says to agents."""
        try:
            return guide_text(await self.files.read(GUIDE_PATH))
        except FileNotInWorkspace:
            return ""

    async def verify(self) -> VerificationReport:
        """The whole gate, on what the sandbox holds now."""
        return await (await self.prepared_sandbox()).gate.verify(full=True)

    async def pin_proven(self) -> None:
        """Have later runs prove again what is proven now. The report stays: nothing else changes."""
        report = self.report
        for wish in (await self.wishes.read()).wishes:
            if wish.state == "proven":
                await self.wishes.change(wish.model_copy(update={"is_pinned": True}))
        self.report = report

    @property
    def has_app(self) -> bool:
        """Whether the template brings an application; without one there is nothing to verify."""
        return bool(self._shared.template.services)

    def emit(self, event: Event) -> None:
        """Pass an event on to the log, and remember what the run's ending depends on."""
        self.repetition.saw(event)
        match event:
            case FileChanged() if self.preparation.is_laid_out:
                self.has_changed = self.was_touched = True
                self.report = None
            case WishesSet() | WishChanged():
                self.report = None
            case PreviewReady(url=url):
                self.preview_url = url
            case PlanProposed():
                self.has_plan = True
            case VerificationReport():
                self.report = event
            case Usage() if self._spent is not None:
                self._spent(event)
            case _:
                pass
        self._write(event)

    async def prepared_sandbox(self) -> PreparedSandbox:
        """The prepared sandbox; a dead one is replaced first."""
        return await self.preparation.get()

    def service_pids(self) -> Mapping[str, int]:
        """Process ids of the app's services, as last seen."""
        made = self.preparation.find()
        return {} if made is None else made.services.pids

    async def sandbox(self) -> Sandbox:
        return (await self.prepared_sandbox()).sandbox

    async def services(self) -> SandboxServices:
        return (await self.prepared_sandbox()).services

    async def gate(self) -> Gate:
        return (await self.prepared_sandbox()).gate

    async def browser(self) -> Sessions:
        return (await self.prepared_sandbox()).browser

    async def tool_context(self, tool_call_id: str, tool: Tool[Any]) -> ToolContext:
        # Runs that change nothing read the durable files; what needs more waits for it by itself.
        if tool.needs_sandbox and self._claimed.run.kind not in READING:
            await self.prepared_sandbox()
        return ToolContext(
            project_id=self._claimed.lease.project_id,
            run_id=self._claimed.lease.run_id,
            tool_call_id=tool_call_id,
            emit=self.emit,
            sandbox=self.sandbox,
            files=self.files,
            services=self.services,
            verifier=self.gate,
            browser=self.browser,
            plan=self.plan,
            notes=self.notes,
            wishes=self.wishes,
            attached=self.conversation.all_attached,
            kept=self.evidence.read,
            plans=self.plans if self._claimed.run.kind == "plan" else None,
            records=self.records,
            named=self.records.name,
            messages=self.messages,
            seen=self.seen,
            cookies=self.cookies,
            guides=self.guides,
            findings=self.findings,
            earlier_sandbox=self._claimed.project.active_sandbox_id,
        )

    async def end_commands(self) -> None:
        """Kill what this run's commands left in the sandbox, also those of an earlier worker, and keep
        what they wrote."""
        lease = self._claimed.lease
        if not self._claimed.is_resumed and not self.preparation.has_ended:
            return
        try:
            async with asyncio.timeout(END_COMMANDS_LIMIT_S):
                sandbox = await self._shared.sandboxes.find(lease.user_id, lease.project_id)
                if sandbox is not None:
                    await end_processes(sandbox, lease.run_id)
                    await self.files.lay_out(sandbox)
        except (TimeoutError, PlatformError) as error:
            log.warning("commands_not_ended", extra={"error": str(error)})

    async def close(self) -> None:
        """Let the sandbox go; it stays alive until it has been idle for long."""
        await self.preparation.aclose()

    def _equipped(self, sandbox: Sandbox, stack: AsyncExitStack) -> PreparedSandbox:
        lease, shared = self._claimed.lease, self._shared
        label = self._claimed.project.preview_label
        services = SandboxServices(
            sandbox,
            shared.template.services,
            emit=self.emit,
            preview_url=lambda port: shared.preview_url(label, port),
        )
        spawn(self._start_early(services), name=f"early services {lease.run_id}")
        gate = Gate(
            sandbox=sandbox,
            services=services,
            browsers=shared.browsers,
            emit=self.emit,
            keep=self.evidence.keep_picture,
            keep_replay=self.evidence.keep_replay,
            library=shared.template.acceptance,
            marks={RUN_VARIABLE: lease.run_id},
            facts=report_facts(shared.database, lease, self.wishes, lambda: self.has_changed),
        )
        stack.push_async_callback(gate.aclose)
        browser = Sessions(gate.browser, self.evidence.keep_picture)
        stack.push_async_callback(browser.aclose)
        return PreparedSandbox(sandbox, services, gate, browser)

    async def _start_early(self, services: SandboxServices) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for name in EARLY_SERVICES:
                    group.create_task(services.start(name))
        except* PlatformError as errors:
            # The gate starts them again and reports what it sees.
            log.warning(
                "early_service_failed", extra={"errors": [str(e) for e in errors.exceptions]}
            )
