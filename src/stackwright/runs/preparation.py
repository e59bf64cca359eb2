"""The sandbox of one run, prepared while the agent plans: found or made, and the workspace laid out.

If it dies, the next caller gets a new one with the workspace laid out byte-equal.
"""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass

from stackwright.core.errors import PlatformError, SandboxLimitReached
from stackwright.core.events import StateChanged
from stackwright.core.postgres import patiently
from stackwright.core.tasks import spawn
from stackwright.db.run_records import Lease, LeaseLost
from stackwright.projects.workspace import ProjectWorkspace, laid_out
from stackwright.sandbox.base import Sandbox
from stackwright.sandbox.manager import SandboxManager
from stackwright.sandbox.services import SandboxServices
from stackwright.tools.base import Emit
from stackwright.verify.browsing.sessions import Sessions
from stackwright.verify.gate import Gate

REPLACED = (
    "The sandbox could not be used any more and was replaced by a new one with the project's files. What "
    "else it held, such as the app's database, is gone from the app; the old disk is kept for a day."
)
HEAD_START_S = 0.02
"""Delay before the sandbox is prepared: the request to the model goes first, it takes longer."""


@dataclass(frozen=True, slots=True)
class PreparedSandbox:
    """A sandbox with the workspace laid out, its services, the gate that checks them, and the agent's
    browser windows."""

    sandbox: Sandbox
    services: SandboxServices
    gate: Gate
    browser: Sessions


Equip = Callable[[Sandbox, AsyncExitStack], PreparedSandbox]
"""Gives a sandbox its services, gate and windows; what has to be closed goes on the stack."""


class SandboxPreparation:
    """Prepares one sandbox at a time. `start` first; `aclose` lets the sandbox go."""

    def __init__(
        self,
        sandboxes: SandboxManager,
        lease: Lease,
        files: ProjectWorkspace,
        emit: Emit,
        equip: Equip,
    ) -> None:
        self._sandboxes = sandboxes
        self._lease = lease
        self._files = files
        self._emit = emit
        self._equip = equip
        self._stack = AsyncExitStack()
        self._preparing: asyncio.Task[PreparedSandbox] | None = None
        self._needed = asyncio.Event()
        self._news = ""
        self.is_laid_out = False
        """Whether the workspace lies in the sandbox: what changes from then on was changed by the run."""
        self.refused: PlatformError | None = None
        """The error of the last request for the sandbox, if it failed."""

    @property
    def has_ended(self) -> bool:
        """Whether a preparation came to its end, well or not."""
        return self._preparing is not None and self._preparing.done()

    def start(self) -> None:
        """Begin to prepare in the background."""
        # A run that needs no sandbox may be over before one is ready.
        expected = (PlatformError, LeaseLost)
        name = f"prepare {self._lease.run_id}"
        self._preparing = spawn(self._prepare(), name=name, expected=expected)

    async def get(self) -> PreparedSandbox:
        """The prepared sandbox; a dead one is replaced first. Raises PlatformError."""
        try:
            prepared = await patiently(self._living)
        except PlatformError as error:
            self.refused = error
            raise
        self.refused = None
        return prepared

    def find(self) -> PreparedSandbox | None:
        """The prepared sandbox, dead or alive, if there is one by now."""
        preparing = self._preparing
        if preparing is None or not preparing.done() or preparing.cancelled():
            return None
        return None if preparing.exception() is not None else preparing.result()

    def take_news(self) -> str:
        """What the model must be told about the sandbox, once; empty: nothing."""
        news, self._news = self._news, ""
        return news

    async def aclose(self) -> None:
        """Let the sandbox go; it stays alive until it has been idle for long."""
        if self._preparing is not None:
            self._preparing.cancel()
            await asyncio.wait({self._preparing})
        await self._stack.aclose()

    async def _living(self) -> PreparedSandbox:
        prepared = await self._prepared()
        lease = self._lease
        living = await self._sandboxes.get(
            lease.user_id, lease.project_id, on_wait=self._tell_waiting
        )
        if living is not prepared.sandbox:
            if self.find() is prepared:  # else another tool call has begun to replace it
                detail = "The sandbox does not work any more and is rebuilt."
                self._emit(StateChanged(state="rebuilding", detail=detail))
                self.start()
            prepared = await self._prepared()
        return prepared

    async def _prepared(self) -> PreparedSandbox:
        """The result of the preparation. After a failed one the next caller starts another."""
        self._needed.set()
        if self._preparing is None or (
            self._preparing.done() and self._preparing.exception() is not None
        ):
            self.start()
        assert self._preparing is not None
        return await asyncio.shield(self._preparing)

    async def _prepare(self) -> PreparedSandbox:
        lease = self._lease
        with suppress(TimeoutError):
            async with asyncio.timeout(HEAD_START_S):
                await self._needed.wait()
        self._emit(StateChanged(state="preparing", detail="Getting a sandbox."))
        self.is_laid_out = False
        await self._stack.aclose()
        holding = self._sandboxes.in_use(
            lease.user_id, lease.project_id, on_wait=self._tell_waiting
        )
        given = await self._stack.enter_async_context(holding)
        sandbox = await laid_out(
            given, self._files, lambda: self._sandboxes.get(lease.user_id, lease.project_id)
        )
        self.is_laid_out = True
        await self._tell_replacement()
        return self._equip(sandbox, self._stack)

    def _tell_waiting(self, sentence: str) -> None:
        self._emit(StateChanged(state="waiting", detail=sentence, code=SandboxLimitReached.code))

    async def _tell_replacement(self) -> None:
        """Tell the person now, and the model with its next tool result."""
        if await self._sandboxes.take_news(self._lease.user_id, self._lease.project_id):
            self._emit(StateChanged(state="replaced", detail=REPLACED))
            self._news = REPLACED
