"""Waking applications in the background: one at a time per project, and none after the end.

Why an application did not wake is kept for a while, for the visitors who wait."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from stackwright.api.ports import Apps
from stackwright.core.errors import PlatformError
from stackwright.core.ids import ProjectId, UserId
from stackwright.core.tasks import spawn

log = logging.getLogger(__name__)

AGAIN_AFTER_S = 20.0
TOLD_FOR_S = 60.0
"""How long a failure is shown: until after the next attempt has failed too."""


class AppWaker:
    """Works while `opened()`."""

    def __init__(self, apps: Apps) -> None:
        self._apps = apps
        self._tasks: dict[ProjectId, asyncio.Task[PlatformError | None]] = {}
        self._tried_at: dict[ProjectId, float] = {}
        self._failures: dict[ProjectId, tuple[float, str]] = {}

    @asynccontextmanager
    async def opened(self) -> AsyncGenerator[None]:
        try:
            yield
        finally:
            tasks = set(self._tasks.values())
            for task in tasks:
                task.cancel()
            if tasks:
                await asyncio.wait(tasks)

    def visited(self, user_id: UserId, project_id: ProjectId) -> None:
        """A visitor found the application asleep: wake it, unless an attempt was made just now."""
        now = time.monotonic()
        self._tried_at = {i: at for i, at in self._tried_at.items() if now - at < AGAIN_AFTER_S}
        self._failures = {
            i: failed for i, failed in self._failures.items() if now - failed[0] < TOLD_FOR_S
        }
        if project_id not in self._tried_at:
            self.changed(user_id, project_id)

    def failure(self, project_id: ProjectId) -> str | None:
        """Why the last attempt failed, in a sentence. None: it did not fail, or some time ago."""
        _, sentence = self._failures.get(project_id, (0.0, None))
        return sentence

    async def awake(self, user_id: UserId, project_id: ProjectId) -> None:
        """Return when the application runs from the durable workspace; leaving does not stop the waking.
        Raises what `Apps.wake` raises."""
        self.changed(user_id, project_id)
        error = await asyncio.shield(self._tasks[project_id])
        if error is not None:
            raise error

    def changed(self, user_id: UserId, project_id: ProjectId) -> None:
        """The durable workspace changed outside of a run: the running application has to follow."""
        self._tried_at[project_id] = time.monotonic()
        before = self._tasks.get(project_id)
        task = spawn(self._wake(user_id, project_id, before), name=f"wake-{project_id}")
        self._tasks[project_id] = task
        task.add_done_callback(lambda done: self._forget(project_id, done))

    async def _wake(
        self,
        user_id: UserId,
        project_id: ProjectId,
        before: asyncio.Task[PlatformError | None] | None,
    ) -> PlatformError | None:
        """The error with which it failed."""
        if before is not None:
            await asyncio.wait({before})
        try:
            await self._apps.wake(user_id, project_id)
        except PlatformError as error:
            log.warning("app_not_woken", extra={"project_id": project_id, "error": str(error)})
            self._failures[project_id] = (time.monotonic(), str(error))
            return error
        self._failures.pop(project_id, None)
        return None

    def _forget(self, project_id: ProjectId, done: asyncio.Task[PlatformError | None]) -> None:
        if self._tasks.get(project_id) is done:
            del self._tasks[project_id]
