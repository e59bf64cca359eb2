"""What differs between the durable copy of the files and a sandbox's copy, and how it is read."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Iterable, Mapping
from dataclasses import dataclass

from stackwright.db.files import FileRecord
from stackwright.projects.paths import MAX_FILE_BYTES
from stackwright.projects.portions import PORTION_BYTES
from stackwright.projects.scan import WorkspaceScan
from stackwright.sandbox.base import WORKSPACE_ROOT, Sandbox, SandboxFileMissing

log = logging.getLogger(__name__)

READS_AT_ONCE = 16
READS_TOGETHER = 32
"""Files that are read before their sizes are added up."""
MAX_READ_BYTES = 2 * MAX_FILE_BYTES
"""Limit for one file, which may have grown since the scan."""


@dataclass(frozen=True, slots=True)
class CopyDifference:
    """What must move which way so that both copies are the same."""

    to_sandbox: tuple[str, ...]
    to_remove: tuple[str, ...]
    to_record: tuple[str, ...]
    to_forget: tuple[str, ...]


def compare(
    known: Mapping[str, FileRecord], seen: WorkspaceScan, version: int | None
) -> CopyDifference:
    """`version` None: the sandbox is new and the durable copy decides everything."""
    to_sandbox: list[str] = []
    to_remove: list[str] = []
    to_record: list[str] = []
    to_forget: list[str] = []
    for path in sorted({*known, *seen.files}):
        if seen.leaves_alone(path):
            continue
        file, there = known.get(path), seen.files.get(path)
        wanted = None if file is None else file.sha256
        if wanted == there:
            continue
        durable_decides = version is None or (file is not None and file.version > version)
        if durable_decides:
            (to_remove if wanted is None else to_sandbox).append(path)
        else:
            (to_forget if there is None else to_record).append(path)
    return CopyDifference(tuple(to_sandbox), tuple(to_remove), tuple(to_record), tuple(to_forget))


async def read_changes(
    sandbox: Sandbox, found: CopyDifference, *, is_first: bool
) -> AsyncGenerator[Mapping[str, bytes | None], None]:
    """What is to be recorded, in portions; a project's first files together, as version 1."""
    changes: dict[str, bytes | None] = dict.fromkeys(found.to_forget)
    size = 0
    for at in range(0, len(found.to_record), READS_TOGETHER):
        contents = await _read_all(sandbox, found.to_record[at : at + READS_TOGETHER])
        changes |= contents
        size += sum(map(len, contents.values()))
        if size >= PORTION_BYTES and not is_first:
            yield changes
            changes, size = {}, 0
    if changes or is_first:
        yield changes


async def _read_all(sandbox: Sandbox, paths: Iterable[str]) -> dict[str, bytes]:
    """The files' bytes; one that is gone by now is left out, the next capture tells."""
    slots = asyncio.Semaphore(READS_AT_ONCE)
    contents: dict[str, bytes] = {}

    async def read(path: str) -> None:
        async with slots:
            try:
                contents[path] = await sandbox.read(absolute(path), max_bytes=MAX_READ_BYTES)
            except SandboxFileMissing:
                log.info("file_gone", extra={"path": path})

    async with asyncio.TaskGroup() as group:
        for path in paths:
            group.create_task(read(path))
    return contents


def absolute(path: str) -> str:
    """Where a file of the workspace lies in a sandbox."""
    return f"{WORKSPACE_ROOT}/{path}"
