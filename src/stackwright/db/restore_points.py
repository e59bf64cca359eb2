"""Versions of a project: which file had which content when a run ended."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert

from stackwright.core.errors import BadInput, ProjectNotFound
from stackwright.core.ids import ProjectId, RunId, UserId
from stackwright.db.engine import Transaction
from stackwright.db.models import Blob, Project, RestorePoint


class VersionNotFound(BadInput):
    status = 404
    code = "version_not_found"

    def __init__(self, version: int) -> None:
        super().__init__(f"This project has no version {version}; list its versions first.")


@dataclass(frozen=True, slots=True, kw_only=True)
class RestorePointRecord:
    project_id: ProjectId
    version: int
    run_id: RunId | None
    restored_from: int | None
    title: str
    status: str
    created_at: datetime
    is_starred: bool = False
    changed_files: int | None = field(default=None, compare=False)
    """Compared with the version before it; None where nobody counted."""


_COLUMNS = (
    RestorePoint.project_id,
    RestorePoint.version,
    RestorePoint.run_id,
    RestorePoint.restored_from,
    RestorePoint.title,
    RestorePoint.status,
    RestorePoint.created_at,
    RestorePoint.is_starred,
)
# A version has some sixty files, and a list is read by the page.
_CHANGED: ColumnElement[int] = literal_column(
    """(SELECT count(*)
        FROM json_each_text(restore_points.manifest) AS made(path, digest)
        FULL JOIN json_each_text(coalesce(
            (SELECT earlier.manifest FROM restore_points earlier
             WHERE earlier.project_id = restore_points.project_id
                 AND earlier.version = restore_points.version - 1), '{}'::json)) AS was(path, digest)
            ON was.path = made.path
        WHERE made.digest IS DISTINCT FROM was.digest)""",
    Integer,
).label("changed_files")
_POINTS = select(*_COLUMNS).join(Project, Project.id == RestorePoint.project_id)


class RestorePointRepository:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(
        self,
        user_id: UserId,
        project_id: ProjectId,
        *,
        manifest: Mapping[str, str],
        wishes: Mapping[str, Any] | None,
        title: str,
        status: str,
        run_id: RunId | None = None,
        restored_from: int | None = None,
    ) -> RestorePointRecord:
        """A version numbered one more than the last."""
        # Locking the project keeps two writers from taking the same number.
        lock = select(Project.id).where(Project.id == project_id, Project.user_id == user_id)
        if await self._transaction.scalar(lock.with_for_update(key_share=True)) is None:
            raise ProjectNotFound(project_id)
        last = select(func.coalesce(func.max(RestorePoint.version), 0)).where(
            RestorePoint.project_id == project_id
        )
        version = (await self._transaction.scalar(last) or 0) + 1
        added = await self._transaction.execute(
            insert(RestorePoint)
            .values(
                project_id=project_id,
                version=version,
                run_id=run_id,
                restored_from=restored_from,
                title=title,
                status=status,
                manifest=dict(manifest),
                wishes=wishes,
            )
            .returning(*_COLUMNS)
        )
        return _record(added.one())

    async def get(self, user_id: UserId, project_id: ProjectId, version: int) -> RestorePointRecord:
        """Raises VersionNotFound."""
        query = _POINTS.where(*_of(user_id, project_id), RestorePoint.version == version)
        row = (await self._transaction.execute(query)).one_or_none()
        if row is None:
            raise VersionNotFound(version)
        return _record(row)

    async def find_of_run(
        self, user_id: UserId, project_id: ProjectId, run_id: RunId
    ) -> RestorePointRecord | None:
        query = _POINTS.where(*_of(user_id, project_id), RestorePoint.run_id == run_id)
        row = (await self._transaction.execute(query)).one_or_none()
        return None if row is None else _record(row)

    async def release(self, user_id: UserId, project_id: ProjectId, version: int) -> None:
        """Let the run that made this version make another one."""
        owned = select(Project.id).where(Project.id == project_id, Project.user_id == user_id)
        await self._transaction.execute(
            update(RestorePoint)
            .where(RestorePoint.project_id.in_(owned), RestorePoint.version == version)
            .values(run_id=None)
        )

    async def star(
        self, user_id: UserId, project_id: ProjectId, version: int, *, is_starred: bool
    ) -> None:
        owned = select(Project.id).where(Project.id == project_id, Project.user_id == user_id)
        await self._transaction.execute(
            update(RestorePoint)
            .where(RestorePoint.project_id.in_(owned), RestorePoint.version == version)
            .values(is_starred=is_starred)
        )

    async def list_of(
        self,
        user_id: UserId,
        project_id: ProjectId,
        *,
        limit: int,
        before: int | None = None,
        status: str | None = None,
        not_of: RunId | None = None,
    ) -> list[RestorePointRecord]:
        """Newest first; `before` is the last version seen."""
        query = _POINTS.add_columns(_CHANGED).where(*_of(user_id, project_id))
        if status is not None:
            query = query.where(RestorePoint.status == status)
        if not_of is not None:
            query = query.where(RestorePoint.run_id.is_distinct_from(not_of))
        if before is not None:
            query = query.where(RestorePoint.version < before)
        rows = await self._transaction.execute(
            query.order_by(RestorePoint.version.desc()).limit(limit)
        )
        return [_record(row) for row in rows]

    async def get_manifest(
        self, user_id: UserId, project_id: ProjectId, version: int
    ) -> dict[str, str]:
        """Digests by path. Raises VersionNotFound."""
        manifest, _ = await self.get_contents(user_id, project_id, version)
        return manifest

    async def get_contents(
        self, user_id: UserId, project_id: ProjectId, version: int
    ) -> tuple[dict[str, str], dict[str, Any] | None]:
        """Digests by path, and the wishes as they were. Raises VersionNotFound."""
        query = (
            select(RestorePoint.manifest, RestorePoint.wishes)
            .join(Project, Project.id == RestorePoint.project_id)
            .where(*_of(user_id, project_id), RestorePoint.version == version)
        )
        row = (await self._transaction.execute(query)).one_or_none()
        if row is None:
            raise VersionNotFound(version)
        return row.manifest, row.wishes

    async def read_files(
        self, user_id: UserId, project_id: ProjectId, version: int, paths: Collection[str]
    ) -> dict[str, bytes]:
        """The bytes of those paths that the version has. Raises VersionNotFound."""
        manifest = await self.get_manifest(user_id, project_id, version)
        digests = {path: manifest[path] for path in paths if path in manifest}
        query = select(Blob.sha256, Blob.bytes).where(Blob.sha256.in_(set(digests.values())))
        found = {row.sha256: row.bytes for row in await self._transaction.execute(query)}
        return {path: found[digest] for path, digest in digests.items() if digest in found}


def _of(user_id: UserId, project_id: ProjectId) -> tuple[ColumnElement[bool], ...]:
    return RestorePoint.project_id == project_id, Project.user_id == user_id


def _record(row: Any) -> RestorePointRecord:
    return RestorePointRecord(**row._mapping)
