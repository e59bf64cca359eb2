"""This installation's sandboxes at the engine; others of the same account are never seen or touched.

Each carries its owner and the installation in its metadata. Calls that fail are tried again.
"""

import logging
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from stackwright.core.errors import SandboxUnavailable
from stackwright.core.ids import ProjectId, SandboxId, UserId
from stackwright.core.metrics import Metrics
from stackwright.core.setting_groups import SandboxSettings
from stackwright.sandbox import control
from stackwright.sandbox.base import EngineFailed, EngineFull, SandboxGone
from stackwright.sandbox.client import E2BSandbox
from stackwright.sandbox.control import Listed
from stackwright.sandbox.endpoint import Endpoint
from stackwright.sandbox.health import answers, works
from stackwright.sandbox.http import SandboxHttp
from stackwright.sandbox.registry import Owner, SandboxRegistry
from stackwright.sandbox.retrying import MAX_TRIES, persistently

log = logging.getLogger(__name__)

PLATFORM = "stackwright"
_SANE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,99}\Z")

PauseCause = Literal["idle", "age", "room", "broken", "deleted"]
KillCause = Literal["ended", "orphan", "duplicate", "broken"]


class SandboxBroken(Exception):
    """The sandbox cannot do what a run needs, not even after it was booted anew."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A sandbox of ours as the engine lists it; `age_s` since it was made or last resumed."""

    owner: Owner
    id: SandboxId
    is_running: bool
    age_s: float


@dataclass(frozen=True, slots=True)
class E2BProvider:
    """All methods raise SandboxUnavailable when the engine stays away, EngineRefused, EngineFailed and
    EngineFull."""

    settings: SandboxSettings
    endpoint: Endpoint
    http: SandboxHttp
    registry: SandboxRegistry
    metrics: Metrics

    async def all(self, *, tries: int = MAX_TRIES) -> Sequence[Kept]:
        """Running and paused sandboxes, oldest first; none that was set aside."""
        found = await self._listed(await self._marks(), tries=tries)
        return await self._without_aside(found)

    async def of(self, owner: Owner) -> Sequence[Kept]:
        """The owner's sandboxes: running ones first, then the oldest; none that was set aside."""
        marks = {**await self._marks(), "user_id": owner[0], "project_id": owner[1]}
        found = [one for one in await self._listed(marks) if one.owner == owner]
        usable = await self._without_aside(found)
        return sorted(usable, key=lambda one: not one.is_running)

    async def _without_aside(self, found: Sequence[Kept]) -> list[Kept]:
        aside = {one.sandbox_id for one in await self.registry.aside()} if found else ()
        return [one for one in found if one.id not in aside]

    async def find(self, sandbox_id: str) -> Kept | None:
        """The sandbox with this id if it is there and ours. The id may come from anywhere, so whatever
        the engine says against it is a no."""
        if _SANE_ID.match(sandbox_id) is None:
            return None
        try:
            seen = await control.look(sandbox_id, self.endpoint)
        except SandboxUnavailable:
            return None
        marks = await self._marks()
        return _kept(seen) if marks.items() <= seen.metadata.items() else None

    async def connect(self, kept: Kept) -> E2BSandbox | None:
        """The sandbox if it answers; resumed if it was paused."""
        try:
            sandbox = await self._connect(kept.id)
        except SandboxGone:
            return None
        return sandbox if await answers(sandbox) else None

    async def revive(self, kept: Kept) -> E2BSandbox | None:
        """The sandbox, running and working: resumed if it was paused, booted anew from its disk if it does
        not work. None when it is not there any more. Raises SandboxBroken."""
        try:
            sandbox = await self._connect(kept.id)
            if await answers(sandbox) and await works(sandbox):
                return sandbox
            log.warning("sandbox_rebooted", extra={"sandbox_id": kept.id})
            await control.pause(kept.id, self.endpoint)
            sandbox = await self._connect(kept.id)
            if await answers(sandbox) and await works(sandbox):
                return sandbox
        except SandboxGone:
            return None
        except EngineFailed as error:
            raise SandboxBroken from error
        raise SandboxBroken

    async def set_aside(self, kept: Kept) -> None:
        """Never give it out again. Its disk stays for a while; one that was set aside before is killed."""
        former = await self.registry.set_aside(kept.owner, kept.id)
        about = {"sandbox_id": kept.id, "project_id": kept.owner[1]}
        log.warning("sandbox_set_aside", extra=about)
        try:
            if former is not None:
                await self.kill(former, "broken")
            await control.pause(kept.id, self.endpoint)
        except SandboxUnavailable as error:
            log.warning("sandbox_not_put_away", extra={**about, "why": str(error)})
        else:
            self.metrics.sandbox_stopped("pause", "broken")

    async def create(self, owner: Owner) -> E2BSandbox:
        marks = {**await self._marks(), "user_id": owner[0], "project_id": owner[1]}
        template, timeout_s = self.settings.template, self.settings.timeout_s
        started = time.monotonic()
        try:
            made = await persistently(
                lambda: control.create(template, marks, self.endpoint, self.http, timeout_s),
                self.metrics,
            )
        except EngineFull:
            self.metrics.sandbox_refused("engine")
            raise
        self.metrics.sandbox_started("create", time.monotonic() - started)
        log.info("sandbox_created", extra={"sandbox_id": made.id, "project_id": owner[1]})
        return made

    async def pause(self, kept: Kept, cause: PauseCause) -> bool:
        """Stop it, keep its disk and note it in the row. False: it would not stop."""
        try:
            await control.pause(kept.id, self.endpoint)
        except SandboxGone:
            await self.registry.note(kept.owner, "killed", None)
            return True
        except SandboxUnavailable as error:
            log.warning("sandbox_pause_failed", extra={"sandbox_id": kept.id, "why": str(error)})
            return False
        self.metrics.sandbox_stopped("pause", cause)
        log.info("sandbox_paused", extra={"sandbox_id": kept.id, "cause": cause})
        await self.registry.note(kept.owner, "paused", kept.id)
        return True

    async def kill(self, sandbox_id: SandboxId, cause: KillCause) -> None:
        """End it with all its data; one that is gone is no error."""
        try:
            await persistently(lambda: control.kill(sandbox_id, self.endpoint), self.metrics)
        except SandboxGone:
            return
        self.metrics.sandbox_stopped("kill", cause)
        log.info("sandbox_killed", extra={"sandbox_id": sandbox_id, "cause": cause})

    async def _connect(self, sandbox_id: SandboxId) -> E2BSandbox:
        timeout_s = self.settings.timeout_s
        return await persistently(
            lambda: control.connect(sandbox_id, self.endpoint, self.http, timeout_s), self.metrics
        )

    async def _listed(self, marks: dict[str, str], *, tries: int = MAX_TRIES) -> list[Kept]:
        found = await persistently(
            lambda: control.listed(marks, self.endpoint), self.metrics, tries=tries
        )
        ours = [_kept(one) for one in found if marks.items() <= one.metadata.items()]
        return sorted(ours, key=lambda one: (-one.age_s, one.id))

    async def _marks(self) -> dict[str, str]:
        return {"platform": PLATFORM, "installation": await self.registry.installation()}


def _kept(one: Listed) -> Kept:
    user_id, project_id = one.metadata.get("user_id", ""), one.metadata.get("project_id", "")
    return Kept((UserId(user_id), ProjectId(project_id)), one.id, one.is_running, one.age_s)
