"""The bytes of the durable workspace, read and written in one statement each."""

import asyncio
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from stackwright.core.errors import FileNotInWorkspace, ProjectNotFound
from stackwright.core.ids import ProjectId, UserId
from stackwright.core.postgres import Fence
from stackwright.db.engine import Fetch
from stackwright.db.files import FileChange, FileRecord, Written, change_of

LARGE_BYTES = 1_000_000
"""Larger contents are hashed in a thread, because that takes milliseconds."""

_READ = """
SELECT f.path, b.bytes
FROM project_files f
JOIN blobs b ON b.sha256 = f.sha256
JOIN projects p ON p.id = f.project_id
WHERE p.id = %(project_id)s AND p.user_id = %(user_id)s AND f.path = ANY(%(paths)s::text[])
"""

_LOOK = """
SELECT p.files_version, f.path, f.sha256, f.size_bytes, f.version
FROM projects p LEFT JOIN project_files f ON f.project_id = p.id
WHERE p.id = %(project_id)s AND p.user_id = %(user_id)s
ORDER BY f.path
"""

# An existing file at the same path is no conflict.
_IN_THE_WAY = """
SELECT new.path, f.path
FROM projects p
CROSS JOIN unnest(%(paths)s::text[]) AS new(path)
JOIN project_files f ON f.project_id = p.id AND f.sha256 IS NOT NULL
    AND (starts_with(f.path, new.path || '/') OR starts_with(new.path, f.path || '/'))
WHERE p.id = %(project_id)s AND p.user_id = %(user_id)s
    AND NOT f.path = ANY(%(removed)s::text[])
    AND NOT EXISTS (
        SELECT FROM project_files g
        WHERE g.project_id = p.id AND g.path = new.path AND g.sha256 IS NOT NULL
    )
LIMIT 1
"""

# The update of the project is the proof of ownership and the lock between writers. Blobs go in by
# digest: two writers of the same blobs must not wait for each other. `former` may be older than the
# lock, so only the conflicting row itself decides whether a file changes.
_WRITE = """
WITH fence AS ({fence}), version AS (
    UPDATE projects SET files_version = files_version + 1
    WHERE id = %(project_id)s AND user_id = %(user_id)s AND EXISTS (SELECT FROM fence)
    RETURNING files_version
), stored AS (
    INSERT INTO blobs (sha256, bytes)
    SELECT b.sha256, b.bytes
    FROM version, unnest(%(blob_digests)s::text[], %(blobs)b::bytea[]) AS b(sha256, bytes)
    ORDER BY b.sha256
    ON CONFLICT DO NOTHING
), put AS (
    INSERT INTO project_files AS f (project_id, path, sha256, size_bytes, version)
    SELECT %(project_id)s, c.path, c.sha256, c.size_bytes, version.files_version
    FROM version, unnest(%(paths)s::text[], %(digests)s::text[], %(sizes)s::bigint[])
        AS c(path, sha256, size_bytes)
    ON CONFLICT (project_id, path) DO UPDATE
    SET sha256 = excluded.sha256, size_bytes = excluded.size_bytes, version = excluded.version
    WHERE f.sha256 IS DISTINCT FROM excluded.sha256
    RETURNING f.path
), former AS (
    SELECT f.path, f.sha256, b.bytes, sum(f.size_bytes) OVER (ORDER BY f.path) AS reached
    FROM project_files f JOIN blobs b ON b.sha256 = f.sha256
    WHERE f.project_id = %(project_id)s AND f.path = ANY(%(paths)s::text[])
)
SELECT version.files_version, put.path, former.sha256,
    CASE WHEN former.reached <= %(max_before_bytes)s THEN former.bytes END
FROM version LEFT JOIN put ON true LEFT JOIN former ON former.path = put.path
"""


# A sandbox of the copy is new, so that the versions only have to be told apart from 0.
_COPY = """
WITH source AS (
    SELECT id, files_version FROM projects WHERE id = %(source)s AND user_id = %(user_id)s
), target AS (
    UPDATE projects p SET files_version = source.files_version
    FROM source WHERE p.id = %(target)s AND p.user_id = %(user_id)s
    RETURNING p.id
)
INSERT INTO project_files (project_id, path, sha256, size_bytes, mode, version)
SELECT target.id, f.path, f.sha256, f.size_bytes, f.mode, f.version
FROM target, source JOIN project_files f ON f.project_id = source.id
WHERE f.sha256 IS NOT NULL
"""


class FileContentRepository:
    """Reads find nothing in another user's project, writes raise ProjectNotFound."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch

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
        values = {"project_id": project_id, "user_id": user_id, "paths": list(paths)}
        return {path: bytes(content) for path, content in await self._fetch(_READ, values)}

    async def look(
        self, user_id: UserId, project_id: ProjectId
    ) -> tuple[int, dict[str, FileRecord]]:
        """The workspace's version, and every path it knows, deleted ones too. Raises
        ProjectNotFound."""
        rows = await self._fetch(_LOOK, {"project_id": project_id, "user_id": user_id})
        if not rows:
            raise ProjectNotFound(project_id)
        files = {
            path: FileRecord(path, digest, size, version)
            for _, path, digest, size, version in rows
            if path is not None
        }
        return rows[0][0], files

    async def find_in_the_way(
        self, user_id: UserId, project_id: ProjectId, changes: Mapping[str, bytes | None]
    ) -> tuple[str, str] | None:
        """A path to write, and a file that lies below it or where it needs a folder."""
        values = {
            "project_id": project_id,
            "user_id": user_id,
            "paths": [path for path, content in changes.items() if content is not None],
            "removed": [path for path, content in changes.items() if content is None],
        }
        rows = await self._fetch(_IN_THE_WAY, values)
        return (rows[0][0], rows[0][1]) if rows else None

    async def copy(self, user_id: UserId, source: ProjectId, target: ProjectId) -> None:
        """Give the empty project `target` all files of `source`."""
        await self._fetch(_COPY, {"user_id": user_id, "source": source, "target": target})

    async def write(
        self,
        user_id: UserId,
        project_id: ProjectId,
        changes: Mapping[str, bytes | None],
        *,
        fence: Fence | None = None,
        max_before_bytes: int = 0,
    ) -> Written:
        """Write (bytes) or delete (None), all or nothing; what is already so is left out of the
        answer. That has former contents up to `max_before_bytes` in all. Raises ProjectNotFound, or
        the fence's error."""
        statement = _WRITE.format(fence="SELECT 1" if fence is None else fence.query)
        size = sum(len(content or b"") for content in changes.values())
        own = _values(changes) if size < LARGE_BYTES else await asyncio.to_thread(_values, changes)
        values = {
            **own,
            "project_id": project_id,
            "user_id": user_id,
            "max_before_bytes": max_before_bytes,
            **({} if fence is None else fence.values),
        }
        rows = await self._fetch(statement, values)
        if not rows:
            raise ProjectNotFound(project_id) if fence is None else fence.error
        before = {path: (digest, content) for _, path, digest, content in rows if path is not None}
        return Written(rows[0][0], _changes(changes, values, before))


def _values(changes: Mapping[str, bytes | None]) -> dict[str, Any]:
    contents = {path: content for path, content in changes.items() if content is not None}
    digests = {path: sha256(content).hexdigest() for path, content in contents.items()}
    blobs = {digests[path]: content for path, content in contents.items()}
    return {
        "paths": list(changes),
        "digests": [digests.get(path) for path in changes],
        "sizes": [len(content or b"") for content in changes.values()],
        "blob_digests": list(blobs),
        "blobs": list(blobs.values()),
    }


def _changes(
    wanted: Mapping[str, bytes | None],
    values: Mapping[str, Any],
    before: Mapping[str, tuple[str | None, Any]],
) -> list[FileChange]:
    """The changes in the order asked for. Deleting what was not there is no change."""
    digests = dict(zip(values["paths"], values["digests"], strict=True))
    return [
        change_of(
            path,
            former,
            digests[path],
            len(content or b""),
            content_before=None if was is None else bytes(was),
        )
        for path, content in wanted.items()
        if path in before
        for former, was in (before[path],)
        if former is not None or content is not None
    ]
