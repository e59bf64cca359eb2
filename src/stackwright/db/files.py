"""The durable workspace: which bytes lie at which path of a project."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Text,
    any_,
    cast,
    exists,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from stackwright.core.errors import ProjectNotFound
from stackwright.core.ids import ProjectId, UserId
from stackwright.db.engine import Transaction
from stackwright.db.models import Blob, Project, ProjectFile


@dataclass(frozen=True, slots=True)
class FileRecord:
    """`sha256` None: deleted in this version."""

    path: str
    sha256: str | None
    size_bytes: int
    version: int


@dataclass(frozen=True, slots=True)
class FileChange:
    """What a write really changed; `before` and `after` are digests."""

    path: str
    change: Literal["created", "modified", "deleted"]
    before: str | None
    after: str | None
    size_bytes: int
    content_before: bytes | None = None
    """What the file held. None: nothing, or the writer did not ask for so much."""


@dataclass(frozen=True, slots=True)
class Written:
    """What changed, and the workspace's version from then on."""

    version: int
    changes: list[FileChange]


class FileRepository:
    """Reads find nothing in another user's project, writes raise ProjectNotFound.

    A deleted file leaves a row without a digest, so that "deleted after version n" can be told from
    "never known here"."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def list_of(self, user_id: UserId, project_id: ProjectId) -> dict[str, FileRecord]:
        """Every file that is there, by path, in order of path."""
        columns = (
            ProjectFile.path,
            ProjectFile.sha256,
            ProjectFile.size_bytes,
            ProjectFile.version,
        )
        query = select(*columns).where(
            ProjectFile.project_id == project_id,
            ProjectFile.sha256.is_not(None),
            _owned(project_id, user_id),
        )
        rows = await self._transaction.execute(query.order_by(ProjectFile.path))
        return {
            row.path: FileRecord(row.path, row.sha256, row.size_bytes, row.version) for row in rows
        }

    async def count(self, user_id: UserId, project_id: ProjectId) -> int:
        query = select(func.count()).where(
            ProjectFile.project_id == project_id,
            ProjectFile.sha256.is_not(None),
            _owned(project_id, user_id),
        )
        return (await self._transaction.scalar(query)) or 0

    async def replace_all(
        self, user_id: UserId, project_id: ProjectId, manifest: Mapping[str, str]
    ) -> Written:
        """Make the workspace hold exactly `manifest` (path to digest); every blob is stored already."""
        version = await self._next_version(user_id, project_id)
        files = await self.list_of(user_id, project_id)
        known = {path: file.sha256 for path, file in files.items() if file.sha256 is not None}
        wanted: dict[str, str | None] = {**dict.fromkeys(known), **manifest}
        of_blobs = await blob_sizes(self._transaction, manifest.values())
        sizes = {path: of_blobs[digest] if digest else 0 for path, digest in wanted.items()}
        return Written(version, await self._put(project_id, known, wanted, sizes, version))

    async def _put(
        self,
        project_id: ProjectId,
        known: Mapping[str, str],
        wanted: Mapping[str, str | None],
        sizes: Mapping[str, int],
        version: int,
    ) -> list[FileChange]:
        changes = [
            change_of(path, known.get(path), digest, sizes[path])
            for path, digest in wanted.items()
            if known.get(path) != digest
        ]
        # As arrays: hundreds of rows of parameters take longer to prepare than to write.
        rows = select(
            literal(project_id),
            func.unnest(cast([change.path for change in changes], ARRAY(Text))),
            func.unnest(cast([change.after for change in changes], ARRAY(Text))),
            func.unnest(cast([change.size_bytes for change in changes], ARRAY(BigInteger))),
            literal(version),
        )
        new = insert(ProjectFile).from_select(
            ["project_id", "path", "sha256", "size_bytes", "version"], rows
        )
        changed = {name: new.excluded[name] for name in ("sha256", "size_bytes", "version")}
        await self._transaction.execute(
            new.on_conflict_do_update(index_elements=["project_id", "path"], set_=changed)
        )
        return changes

    async def _next_version(self, user_id: UserId, project_id: ProjectId) -> int:
        """Counts the version up, which also proves ownership and locks out other writers of the project."""
        version = await self._transaction.scalar(
            update(Project)
            .where(Project.id == project_id, Project.user_id == user_id)
            .values(files_version=Project.files_version + 1)
            .returning(Project.files_version)
        )
        if version is None:
            raise ProjectNotFound(project_id)
        return version


async def blob_sizes(transaction: Transaction, digests: Iterable[str]) -> dict[str, int]:
    """Bytes by digest, of those contents that are stored."""
    query = select(Blob.sha256, func.length(Blob.bytes).label("size")).where(
        Blob.sha256 == any_(cast(list(set(digests)), ARRAY(Text)))
    )
    return {row.sha256: row.size for row in await transaction.execute(query)}


def _owned(project_id: ProjectId, user_id: UserId) -> ColumnElement[bool]:
    return exists().where(Project.id == project_id, Project.user_id == user_id)


def change_of(
    path: str,
    before: str | None,
    after: str | None,
    size_bytes: int,
    *,
    content_before: bytes | None = None,
) -> FileChange:
    """The change between two digests, of which at most one is None."""
    if after is None:
        return FileChange(path, "deleted", before, None, 0, content_before=content_before)
    kind: Literal["created", "modified"] = "created" if before is None else "modified"
    return FileChange(path, kind, before, after, size_bytes, content_before=content_before)
