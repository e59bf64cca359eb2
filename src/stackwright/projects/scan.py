"""One look at a sandbox's copy of the workspace: every file's digest, in one command.

What comes back is hostile: sizes, types and paths are checked before use.
"""

import asyncio
import json
import posixpath
import shlex
from dataclasses import dataclass
from heapq import nsmallest

from stackwright.core.bounded import TookTooLong, bounded
from stackwright.core.errors import InvalidPath, SandboxUnavailable
from stackwright.projects.paths import (
    IGNORED_FOLDERS,
    IGNORED_NAMES,
    IGNORED_SUFFIXES,
    MAX_FILE_BYTES,
    MAX_PATH_CHARS,
    checked_path,
    path_and_folders,
)
from stackwright.sandbox.base import WORKSPACE_ROOT, Sandbox

MARKER = "/home/user/.stackwright-workspace"
"""Holds `<project id> <version>`: what the sandbox was last brought to by us."""
MAX_FILES = 20_000
SCAN_TIMEOUT_S = 60.0
MAX_SCAN_BYTES = 16_000_000
READ_IN_THREAD_CHARS = 1_000_000
"""The lists of nearly all projects; the worst answer of this size takes a quarter of a second."""
UNREADABLE = "The sandbox's list of files cannot be read."
MAX_NAMED = 5

_SCRIPT = """
import hashlib, json, os, stat, sys
root, marker, folders, names, suffixes, most, largest, longest = json.loads(sys.argv[1])
files, skipped, outward, closed, found = {}, [], [], [], []
def walk(folder, prefix):
    try:
        entries = list(os.scandir(folder))
    except FileNotFoundError:
        return
    except OSError:
        closed.append(prefix)
        return
    for entry in entries:
        path = prefix + entry.name
        if entry.is_dir(follow_symlinks=False):
            if len(path) > longest:
                closed.append(path + "/")
            elif entry.name not in folders:
                walk(entry.path, path + "/")
        elif entry.name not in names and not entry.name.endswith(tuple(suffixes)):
            found.append((len(entries), path, entry))
            if entry.is_symlink() and not os.path.realpath(entry.path).startswith(root + "/"):
                outward.append(path)
os.makedirs(root, exist_ok=True)
if os.path.islink(root):
    sys.exit("the workspace is a link")
walk(root, "")
found.sort(key=lambda each: each[:2])
for _, path, entry in found[:most]:
    try:
        status = entry.stat(follow_symlinks=False)
        if not stat.S_ISREG(status.st_mode) or status.st_size > largest:
            skipped.append(path)
            continue
        with open(entry.path, "rb") as file:
            files[path] = hashlib.sha256(file.read()).hexdigest()
    except FileNotFoundError:
        pass
    except OSError:
        skipped.append(path)
try:
    if os.path.islink(marker):
        os.unlink(marker)
    os.chmod(marker, 0o644)
    with open(marker, errors="replace") as file:
        mark = file.read(300)
except OSError:
    mark = ""
beyond = sorted({os.path.dirname(path) for _, path, _ in found[most:]})
told = {"files": files, "skipped": skipped, "outward": outward, "closed": closed}
json.dump({**told, "beyond": beyond, "mark": mark}, sys.stdout)
"""
"""The fullest folders come last: what a tool poured out is beyond the limit, not what people wrote."""


@dataclass(frozen=True, slots=True)
class WorkspaceScan:
    """Digests by path. `mark` is what `MARKER` holds."""

    files: dict[str, str]
    left_alone: frozenset[str]
    """Links, special, oversized and unreadable files, names we do not take."""
    outward: frozenset[str]
    """Links that lead out of the workspace."""
    closed: frozenset[str]
    """Folders that cannot be looked into or lie too deep, each with a slash at its end; the workspace itself
    is an empty text."""
    beyond: frozenset[str]
    """Folders with files beyond the limit; which of them is not told."""
    mark: str

    def leaves_alone(self, path: str) -> bool:
        """Whether nothing is known of the path, so that neither side is changed."""
        return (
            not self.left_alone.isdisjoint(path_and_folders(path))  # nor is it gone below a link
            or "" in self.closed
            or any(f"{folder}/" in self.closed for folder in path_and_folders(path))
            or (path not in self.files and posixpath.dirname(path) in self.beyond)
        )

    def not_kept(self) -> str:
        """A sentence on what is in the sandbox and nowhere else; empty if there is nothing."""
        files, folders = self.left_alone, [*self.closed, *(f"{b}/" for b in self.beyond)]
        if not files and not folders:
            return ""
        first = [*nsmallest(MAX_NAMED, folders), *nsmallest(MAX_NAMED, files)][:MAX_NAMED]
        named = ", ".join(first)
        rest = len(files) + len(folders) - MAX_NAMED
        return (
            f"Not kept outside of the sandbox: {named}{f' and {rest} more' if rest > 0 else ''}. "
            f"Links, closed files, those over {MAX_FILE_BYTES // 1_000_000} MB and more than "
            f"{MAX_FILES:,} stay only there."
        )


async def scan_workspace(sandbox: Sandbox) -> WorkspaceScan:
    """Raises SandboxUnavailable when the sandbox cannot say; then it is doubted."""
    arguments = json.dumps(
        [
            WORKSPACE_ROOT,
            MARKER,
            IGNORED_FOLDERS,
            IGNORED_NAMES,
            IGNORED_SUFFIXES,
            MAX_FILES,
            MAX_FILE_BYTES,
            MAX_PATH_CHARS,
        ]
    )
    result = await sandbox.run(
        f"python3 -I -S -c {shlex.quote(_SCRIPT)} {shlex.quote(arguments)}",
        cwd="/",
        timeout_s=SCAN_TIMEOUT_S,
        max_output_bytes=MAX_SCAN_BYTES,
    )
    try:
        if result.exit_code != 0:
            last_words = "".join(result.stderr.strip().splitlines()[-1:])[-300:]
            raise SandboxUnavailable(
                f"The sandbox could not list its files (exit code {result.exit_code}). {last_words}"
            )
        return await _told_by(result.stdout)
    except SandboxUnavailable:
        sandbox.doubt()
        raise


async def _told_by(answer: str) -> WorkspaceScan:
    """Python's JSON lets nobody else work meanwhile, and takes 4 s for the worst answer."""
    if len(answer) <= READ_IN_THREAD_CHARS:
        return await asyncio.to_thread(_read, answer)
    try:
        return await bounded(_read, answer)
    except (TookTooLong, MemoryError) as error:
        raise SandboxUnavailable(UNREADABLE) from error


def _read(answer: str) -> WorkspaceScan:
    try:
        told = json.loads(answer)
        files, mark = dict(told["files"]), str(told["mark"])
        skipped, outward, closed, beyond = (
            [str(path) for path in told[name]]
            for name in ("skipped", "outward", "closed", "beyond")
        )
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise SandboxUnavailable(UNREADABLE) from error
    clean = {
        path: str(digest)
        for path, digest in files.items()
        if isinstance(path, str) and _is_clean(path)
    }
    strange = {str(path) for path in files if path not in clean}
    left_alone = frozenset(strange.union(skipped, outward))
    return WorkspaceScan(
        clean, left_alone, frozenset(outward), frozenset(closed), frozenset(beyond), mark
    )


def _is_clean(path: str) -> bool:
    try:
        checked_path(path)
    except InvalidPath:
        return False
    return True
