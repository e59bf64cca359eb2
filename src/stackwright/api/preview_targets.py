"""Finds the project and the running sandbox of a preview label."""

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass

from stackwright.api.ports import ApiServices
from stackwright.core.errors import SandboxUnavailable
from stackwright.db.projects import ProjectRecord
from stackwright.sandbox.base import PortAddress, Sandbox

CACHED_FOR_S = 2.0
"""How long a label's target is cached: one page loads dozens of files."""
MAX_CACHED = 1000
FIND_LIMIT_S = 10.0


@dataclass(frozen=True, slots=True)
class PreviewTarget:
    """A project and its live sandbox. None: the application sleeps."""

    project: ProjectRecord
    sandbox: Sandbox | None

    def address(self, port: int) -> PortAddress | None:
        return None if self.sandbox is None else self.sandbox.address(port)


class PreviewTargets:
    def __init__(self, services: ApiServices) -> None:
        self._services = services
        self._kept: OrderedDict[str, tuple[float, PreviewTarget]] = OrderedDict()

    async def find(self, label: str) -> PreviewTarget | None:
        """None: no project has this label."""
        now = time.monotonic()
        kept = self._kept.get(label)
        if kept is not None and now - kept[0] < CACHED_FOR_S:
            return kept[1]
        project = await self._services.projects.find_by_preview_label(label)
        if project is None:
            return None
        target = PreviewTarget(project, await self._find_sandbox(project))
        if target.sandbox is None:
            return target
        self._kept[label] = (now, target)
        self._kept.move_to_end(label)
        if len(self._kept) > MAX_CACHED:
            self._kept.popitem(last=False)
        return target

    async def _find_sandbox(self, project: ProjectRecord) -> Sandbox | None:
        """Visitors of a project share one look-up, so each waits only for a limited time."""
        try:
            async with asyncio.timeout(FIND_LIMIT_S):
                return await self._services.sandboxes.find(project.user_id, project.id)
        except (SandboxUnavailable, TimeoutError):
            return None
