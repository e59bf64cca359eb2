"""The durable workspace: which bytes lie at which path of a project."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from sqlalchemy import ColumnElement, delete, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert

from stackwright.core.errors import FileNotInWorkspace, ProjectNotFound
from stackwright.core.ids import ProjectId, UserId
from stackwright.db.engine import Transaction
from stackwright.db.models import Blob, Project, ProjectFile


@dataclass(frozen=True, slots=True)
class FileRecord:
    path: str
    sha256: str
    size_bytes: int
    version: int


@dataclass(frozen=True, slots=True)
class FileChange:
    """What a write really changed; `before` is the former digest."""

    path: str
    change: Literal["created", "modified", "deleted"]
    before: str | None
    after: str | None
    size_bytes: int


class FileRepository:
    """Reads and writes raise ProjectNotFound or find nothing when the project is another user's."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def list_of(self, user_id: UserId, project_id: ProjectId) -> dict[str, FileRecord]:
        """Every file by path, in order of path."""
        query = (
            select(
                ProjectFile.path, ProjectFile.sha256, ProjectFile.size_bytes, ProjectFile.version
            )
            .where(ProjectFile.project_id == project_id, _owned(project_id, user_id))
            .order_by(ProjectFile.path)
        )
        rows = await self._transaction.execute(query)
        return {
            row.path: FileRecord(row.path, row.sha256, row.size_bytes, row.version) for row in rows
        }

    async def read(self, user_id: UserId, project_id: ProjectId, path: str) -> bytes:
        """Raises FileNotInWorkspace."""
        found = await self.read_many(user_id, project_id, [path])
        if path not in found:
            raise FileNotInWorkspace(path)
        return found[path]

    async def read_many(
        self, user_id: UserId, project_id: ProjectId, paths: Iterable[str]
    ) -> dict[str, bytes]:
        """The bytes of those paths that exist."""
        query = (
            select(ProjectFile.path, Blob.bytes)
            .join(Blob, Blob.sha256 == ProjectFile.sha256)
            .where(
                ProjectFile.project_id == project_id,
                ProjectFile.path.in_(list(paths)),
                _owned(project_id, user_id),
            )
        )
        return {row.path: bytes(row.bytes) for row in await self._transaction.execute(query)}

    async def count(self, user_id: UserId, project_id: ProjectId) -> int:
        query = select(func.count()).where(
            ProjectFile.project_id == project_id, _owned(project_id, user_id)
        )
        return (await self._transaction.scalar(query)) or 0

    async def write(
        self, user_id: UserId, project_id: ProjectId, changes: Mapping[str, bytes | None]
    ) -> list[FileChange]:
        """Write (bytes) or delete (None); what is already so is left out of the answer."""
        digests = {
            path: None if content is None else sha256(content).hexdigest()
            for path, content in changes.items()
        }
        known = await self._digests(user_id, project_id, changes)
        real = [path for path in changes if digests[path] != known.get(path)]
        if not real:
            return []
        version = await self._next_version(user_id, project_id)
        kept = {path: content for path in real if (content := changes[path]) is not None}
        await self._store(kept, digests, project_id, version)
        await self._remove(project_id, [path for path in real if changes[path] is None])
        return [
            _change(path, known.get(path), digests[path], len(changes[path] or b""))
            for path in real
        ]

    async def replace_all(
        self, user_id: UserId, project_id: ProjectId, manifest: Mapping[str, str]
    ) -> list[FileChange]:
        """Make the workspace hold exactly `manifest` (path to digest); every blob is known."""
        known = {
            path: file.sha256 for path, file in (await self.list_of(user_id, project_id)).items()
        }
        version = await self._next_version(user_id, project_id)
        written = {path: digest for path, digest in manifest.items() if known.get(path) != digest}
        removed = [path for path in known if path not in manifest]
        sizes = await self._sizes(written.values())
        if written:
            rows = [
                _row(project_id, path, digest, sizes[digest], version)
                for path, digest in written.items()
            ]
            await self._upsert(rows)
        await self._remove(project_id, removed)
        changed = [
            _change(path, known.get(path), digest, sizes[digest])
            for path, digest in written.items()
        ]
        return changed + [_change(path, known[path], None, 0) for path in removed]

    async def blob(self, user_id: UserId, project_id: ProjectId, digest: str) -> bytes | None:
        """The bytes behind a digest that a file of this project has now."""
        query = select(Blob.bytes).where(
            Blob.sha256 == digest,
            exists().where(ProjectFile.project_id == project_id, ProjectFile.sha256 == digest),
            _owned(project_id, user_id),
        )
        found = await self._transaction.scalar(query)
        return None if found is None else bytes(found)

    async def _digests(
        self, user_id: UserId, project_id: ProjectId, paths: Iterable[str]
    ) -> dict[str, str]:
        query = select(ProjectFile.path, ProjectFile.sha256).where(
            ProjectFile.project_id == project_id,
            ProjectFile.path.in_(list(paths)),
            _owned(project_id, user_id),
        )
        return {row.path: row.sha256 for row in await self._transaction.execute(query)}

    async def _next_version(self, user_id: UserId, project_id: ProjectId) -> int:
        version = await self._transaction.scalar(
            update(Project)
            .where(Project.id == project_id, Project.user_id == user_id)
            .values(files_version=Project.files_version + 1)
            .returning(Project.files_version)
        )
        if version is None:
            raise ProjectNotFound(project_id)
        return version

    async def _store(
        self,
        kept: Mapping[str, bytes],
        digests: Mapping[str, str | None],
        project_id: ProjectId,
        version: int,
    ) -> None:
        if not kept:
            return
        blobs = {digests[path]: content for path, content in kept.items()}
        # In order of digest: two writers of the same blobs must not wait for each other.
        values = [
            {"sha256": digest, "bytes": blobs[digest]} for digest in sorted(filter(None, blobs))
        ]
        await self._transaction.execute(insert(Blob).values(values).on_conflict_do_nothing())
        rows = [
            _row(project_id, path, digest, len(content), version)
            for path, content in kept.items()
            if (digest := digests[path]) is not None
        ]
        await self._upsert(rows)

    async def _upsert(self, rows: list[dict[str, object]]) -> None:
        new = insert(ProjectFile).values(rows)
        changed = {name: new.excluded[name] for name in ("sha256", "size_bytes", "version")}
        await self._transaction.execute(
            new.on_conflict_do_update(index_elements=["project_id", "path"], set_=changed)
        )

    async def _remove(self, project_id: ProjectId, paths: list[str]) -> None:
        if paths:
            await self._transaction.execute(
                delete(ProjectFile).where(
                    ProjectFile.project_id == project_id, ProjectFile.path.in_(paths)
                )
            )

    async def _sizes(self, digests: Iterable[str]) -> dict[str, int]:
        query = select(Blob.sha256, func.length(Blob.bytes).label("size")).where(
            Blob.sha256.in_(set(digests))
        )
        return {row.sha256: row.size for row in await self._transaction.execute(query)}


def _owned(project_id: ProjectId, user_id: UserId) -> ColumnElement[bool]:
    return exists().where(Project.id == project_id, Project.user_id == user_id)


def _row(
    project_id: ProjectId, path: str, digest: str, size_bytes: int, version: int
) -> dict[str, object]:
    return {
        "project_id": project_id,
        "path": path,
        "sha256": digest,
        "size_bytes": size_bytes,
        "version": version,
    }


def _change(path: str, before: str | None, after: str | None, size_bytes: int) -> FileChange:
    if after is None:
        return FileChange(path, "deleted", before, None, 0)
    kind: Literal["created", "modified"] = "created" if before is None else "modified"
    return FileChange(path, kind, before, after, size_bytes)
