"""Runs an old version of an app beside the present one, without switching to it.

The version's files lie in a hidden project of their own, which has a sandbox, data and an address like any
other: nothing that is done in it reaches the app itself."""

from stackwright.core.ids import ProjectId, UserId
from stackwright.db.engine import Database
from stackwright.db.files import FileRepository
from stackwright.db.projects import ProjectRecord, ProjectRepository
from stackwright.db.restore_points import RestorePointRepository
from stackwright.db.version_previews import VersionPreviewRepository

MAX_NAME_CHARS = 200


class VersionPreviews:
    """Another user's project is told like one that does not exist: ProjectNotFound."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self, user_id: UserId, project_id: ProjectId, version: int) -> ProjectRecord:
        """The hidden project of this version, made if there is none; visiting its address starts the app.
        Raises VersionNotFound."""
        async with self._database.transaction() as transaction:
            projects = ProjectRepository(transaction)
            project = await projects.get_owned(project_id, user_id, lock=True)
            previews = VersionPreviewRepository(transaction)
            found = await previews.reopen(user_id, project_id, version)
            if found is None:
                points = RestorePointRepository(transaction)
                manifest = await points.get_manifest(user_id, project_id, version)
                name = preview_name(version, project.name)
                found = await previews.add(user_id, project_id, version, name=name)
                await FileRepository(transaction).replace_all(user_id, found, manifest)
            return await projects.get_owned(found, user_id)

    async def close(
        self, user_id: UserId, project_id: ProjectId, version: int
    ) -> ProjectRecord | None:
        """Hide the preview; some minutes later it is removed. Returns what it was, so that the caller can end
        its sandbox; None if none was open."""
        async with self._database.transaction() as transaction:
            projects = ProjectRepository(transaction)
            await projects.get_owned(project_id, user_id, lock=True)
            found = await VersionPreviewRepository(transaction).find(user_id, project_id, version)
            if found is None:
                return None
            preview = await projects.get_owned(found, user_id)
            await projects.hide(found, user_id)
            return preview


def preview_name(version: int, of: str) -> str:
    """Said in logs and on the platform's pages, and no longer than a project's name may be."""
    return f"Version {version} of {of}"[:MAX_NAME_CHARS]
