"""Folder trees on the engine's disk: copying into layers, erasing what sandboxes leave."""

import asyncio
import fnmatch
import json
import logging
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stackwright.core.tasks import spawn
from stackwright.engine.envd.deletion import erase

log = logging.getLogger(__name__)


def erase_tree(root: Path) -> None:
    """Remove everything below and including `root`, also folders without permissions. Raises
    OSError."""
    erase(str(root))


def erase_leftover(root: Path) -> None:
    """Like `erase_tree`, but log what cannot be removed."""
    try:
        erase_tree(root)
    except OSError as error:
        log.warning("leftover_not_erased", extra={"folder": str(root), "why": str(error)})


def write_json(path: Path, value: dict[str, Any]) -> None:
    """Replace the file in one step; a crash or a power cut leaves the old one or the new one."""
    fresh = path.with_name(f"{path.name}.new")
    with fresh.open("w") as file:
        fresh.chmod(0o600)
        file.write(json.dumps(value, indent=1))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


async def store_json(path: Path, value: dict[str, Any]) -> None:
    """`write_json` in a thread: the disk may take long, and every sandbox shares the event loop.

    A caller that is cancelled waits for the end of its write too, so that it meets no later one. The value
    must not change meanwhile."""
    writing = spawn(
        asyncio.to_thread(write_json, path, value), name="store record", expected=(OSError,)
    )
    try:
        await asyncio.shield(writing)
    except asyncio.CancelledError:
        await asyncio.wait([writing])
        raise


def listed(source: Path, exclude: tuple[str, ...]) -> Iterator[tuple[Path, Path]]:
    """(path, path below `source`) of every kept entry, in a fixed order, folders first."""
    if not source.is_dir():
        yield source, Path()
        return
    pending = [Path()]
    while pending:
        below = pending.pop()
        if below != Path():
            yield source / below, below
        path = source / below
        if path.is_dir() and not path.is_symlink():
            kept = [below / name for name in sorted((e.name for e in path.iterdir()), reverse=True)]
            pending += [inner for inner in kept if not _is_excluded(inner, exclude)]


def _is_excluded(below: Path, exclude: tuple[str, ...]) -> bool:
    return any(
        fnmatch.fnmatch(below.name, pattern) or fnmatch.fnmatch(str(below), pattern)
        for pattern in exclude
    )


def copy_entry(source: Path, target: Path) -> None:
    """One file, link or (empty) folder, with plain permissions; parents are created."""
    if source.is_symlink():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        target.symlink_to(source.readlink())
    elif source.is_dir():
        target.mkdir(parents=True, exist_ok=True)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        target.chmod(plain_mode(source))


def plain_mode(path: Path) -> int:
    """0755 for what its owner may execute, else 0644."""
    return 0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644
