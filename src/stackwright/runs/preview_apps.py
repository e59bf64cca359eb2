"""Starts a project's application for a visitor, and ends it with its project."""

import asyncio
import logging
from weakref import WeakValueDictionary

from stackwright.checkpoint.service import CheckpointService
from stackwright.core.errors import SandboxUnavailable
from stackwright.core.events import Event
from stackwright.core.ids import ProjectId, UserId
from stackwright.projects.workspace import ProjectWorkspace, laid_out
from stackwright.runs.context import RunResources
from stackwright.runs.service import RunService
from stackwright.sandbox.services import SandboxServices

log = logging.getLogger(__name__)


class PreviewApps:
    """Implements the API's port for running applications."""

    def __init__(
        self, resources: RunResources, runs: RunService, checkpoints: CheckpointService
    ) -> None:
        self._shared = resources
        self._runs = runs
        self._checkpoints = checkpoints
        self._waking: WeakValueDictionary[ProjectId, asyncio.Lock] = WeakValueDictionary()
        """Locks of the projects that are being woken now."""

    async def wake(self, user_id: UserId, project_id: ProjectId) -> None:
        """Bring the sandbox to the durable workspace and start the services of the app.

        Does nothing while a run works on the project: the run has the sandbox in hand."""
        async with self._waking.setdefault(project_id, asyncio.Lock()):
            current = await self._runs.find_current(user_id, project_id)
            if current is not None and current.status == "running":
                return
            project = await self._shared.projects.get(user_id, project_id)
            async with self._shared.sandboxes.in_use(user_id, project_id) as given:
                workspace = ProjectWorkspace(
                    database=self._shared.database,
                    user_id=user_id,
                    project_id=project_id,
                    sandbox=lambda: self._shared.sandboxes.get(user_id, project_id),
                    emit=_unheard,
                )
                sandbox = await laid_out(
                    given, workspace, lambda: self._shared.sandboxes.get(user_id, project_id)
                )
                services = SandboxServices(
                    sandbox,
                    self._shared.template.services,
                    emit=_unheard,
                    preview_url=lambda port: self._shared.preview_url(project.preview_label, port),
                )
                await services.ensure_all()

    async def remove_deleted(self) -> None:
        """Remove deleted projects that nobody can bring back any more, with conversation and sandbox."""
        for project in await self._shared.projects.remove_deleted():
            await self._checkpoints.forget(project.thread_id)
            try:
                await self._shared.sandboxes.end(project.user_id, project.id)
            except SandboxUnavailable as error:  # it is cleaned away later, as nobody's
                about = {"project_id": project.id, "error": str(error)}
                log.warning("sandbox_of_deleted_project_kept", extra=about)


def _unheard(_event: Event) -> None:
    """Drops events: outside of a run there is no log to write to."""
