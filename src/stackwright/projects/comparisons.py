"""What differs between two versions of a project, or between a version and now."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from stackwright.core.errors import FileNotInWorkspace
from stackwright.core.ids import ProjectId, RunId, UserId
from stackwright.db.engine import Database, Transaction, within
from stackwright.db.file_contents import FileContentRepository
from stackwright.db.files import blob_sizes
from stackwright.db.projects import ProjectRepository
from stackwright.db.restore_points import RestorePointRepository
from stackwright.db.runs import RunRepository
from stackwright.projects.differences import (
    MAX_COUNTED_BYTES,
    Change,
    Difference,
    change_between,
    compared,
    line_counts,
)
from stackwright.projects.paths import checked_path
from stackwright.projects.portions import portions
from stackwright.projects.restore_points import FIRST_VERSION

Place = int | Literal["now", "nothing"]
"""A version, the files as they are, or the beginning: what the project's template came with."""

MAX_LISTED = 500


@dataclass(frozen=True, slots=True)
class FileChanges:
    """`before` and `after` are digests; None: it is not there."""

    path: str
    change: Change
    before: str | None
    after: str | None
    added: int
    removed: int


@dataclass(frozen=True, slots=True)
class Comparison:
    before: Place
    after: Place
    files: Sequence[FileChanges]
    more: int
    """Files that differ beyond those listed."""


@dataclass(frozen=True, slots=True)
class FileComparison:
    path: str
    before: bytes | None
    after: bytes | None
    difference: Difference


class Comparisons:
    """For another user's project every method raises ProjectNotFound."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def sides(
        self,
        user_id: UserId,
        project_id: ProjectId,
        *,
        before: Place | None,
        after: Place | None,
        run_id: RunId | None = None,
    ) -> tuple[Place, Place]:
        """What is compared: as said, else what a run changed, else what changed since the last version."""
        if run_id is None and before is not None:
            return before, after or "now"
        async with self._database.transaction() as transaction:
            await ProjectRepository(transaction).get_owned(project_id, user_id)
            points = RestorePointRepository(transaction)
            if run_id is None:
                newest = await points.list_of(user_id, project_id, limit=1)
                return (newest[0].version if newest else "nothing"), after or "now"
            made = await points.find_of_run(user_id, project_id, run_id)
            current = await RunRepository(transaction).find_current(user_id, project_id)
            earlier = await points.list_of(
                user_id, project_id, limit=1, before=None if made is None else made.version
            )
        since: Place = earlier[0].version if earlier else "nothing"
        if made is not None:
            return since, made.version
        return since, "now" if current is not None and current.id == run_id else since

    async def files(
        self, user_id: UserId, project_id: ProjectId, before: Place, after: Place
    ) -> Comparison:
        """The files that differ, in order of path. Raises VersionNotFound."""
        async with self._database.transaction() as transaction:
            await ProjectRepository(transaction).get_owned(project_id, user_id)
            reader = _Reader(transaction, user_id, project_id)
            old, new = await reader.digests(before), await reader.digests(after)
            paths = sorted(path for path in {*old, *new} if old.get(path) != new.get(path))
            listed = paths[:MAX_LISTED]
            counts = await _line_counts(
                reader, before, after, {p: (old.get(p), new.get(p)) for p in listed}
            )
        files = [
            FileChanges(
                path,
                change_between(old.get(path), new.get(path)),
                old.get(path),
                new.get(path),
                *counts.get(path, (0, 0)),
            )
            for path in listed
        ]
        return Comparison(before, after, files, len(paths) - len(listed))

    async def file(
        self, user_id: UserId, project_id: ProjectId, path: str, before: Place, after: Place
    ) -> FileComparison:
        """One file, line by line. Raises VersionNotFound, and FileNotInWorkspace if neither has it."""
        checked_path(path)
        async with self._database.transaction() as transaction:
            await ProjectRepository(transaction).get_owned(project_id, user_id)
            reader = _Reader(transaction, user_id, project_id)
            was = (await reader.contents(before, [path])).get(path)
            became = (await reader.contents(after, [path])).get(path)
        if was is None and became is None:
            raise FileNotInWorkspace(path)
        difference = await asyncio.to_thread(compared, was, became)
        return FileComparison(path, was, became, difference)


@dataclass(frozen=True, slots=True)
class _Reader:
    _transaction: Transaction
    _user_id: UserId
    _project_id: ProjectId

    async def digests(self, place: Place) -> Mapping[str, str]:
        contents = FileContentRepository(within(self._transaction))
        if isinstance(place, int):
            points = RestorePointRepository(self._transaction)
            return await points.get_manifest(self._user_id, self._project_id, place)
        _, files = await contents.look(self._user_id, self._project_id)
        return {
            path: file.sha256
            for path, file in files.items()
            if file.sha256 and (place == "now" or file.version <= FIRST_VERSION)
        }

    async def sizes(self, digests: Sequence[str]) -> Mapping[str, int]:
        return await blob_sizes(self._transaction, digests)

    async def contents(self, place: Place, paths: Sequence[str]) -> Mapping[str, bytes]:
        if not paths:
            return {}
        if isinstance(place, int):
            points = RestorePointRepository(self._transaction)
            return await points.read_files(self._user_id, self._project_id, place, paths)
        contents = FileContentRepository(within(self._transaction))
        if place == "nothing":
            first = await self.digests(place)
            paths = [path for path in paths if path in first]
        return await contents.read_many(self._user_id, self._project_id, paths)


async def _line_counts(
    reader: _Reader,
    before: Place,
    after: Place,
    digests: Mapping[str, tuple[str | None, str | None]],
) -> dict[str, tuple[int, int]]:
    """Lines added and removed, by path. Of files that are too large to be counted it knows nothing."""
    stored = await reader.sizes([digest for both in digests.values() for digest in both if digest])
    sizes = {path: sum(stored.get(one or "", 0) for one in both) for path, both in digests.items()}
    small = {path: size for path, size in sizes.items() if size <= MAX_COUNTED_BYTES}
    counts: dict[str, tuple[int, int]] = {}
    for paths in portions(small):
        was = await reader.contents(before, [path for path in paths if digests[path][0]])
        became = await reader.contents(after, [path for path in paths if digests[path][1]])
        counts |= await asyncio.to_thread(_counted, paths, was, became)
    return counts


def _counted(
    paths: Sequence[str], was: Mapping[str, bytes], became: Mapping[str, bytes]
) -> dict[str, tuple[int, int]]:
    return {path: line_counts(was.get(path), became.get(path)) for path in paths}
