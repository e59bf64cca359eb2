"""One look at a sandbox's copy of the workspace: every file's digest, in one command.

What comes back is hostile: sizes, types and paths are checked before use.
"""

import json
import shlex
from dataclasses import dataclass

from stackwright.core.errors import InvalidPath, SandboxUnavailable
from stackwright.projects.paths import (
    IGNORED_FOLDERS,
    IGNORED_NAMES,
    IGNORED_SUFFIXES,
    MAX_FILE_BYTES,
    checked_path,
)
from stackwright.sandbox.base import WORKSPACE_ROOT, Sandbox

MARKER = "/home/user/.stackwright-workspace"
"""Holds `<project id> <version>`: what the sandbox was last brought to by us."""
MAX_FILES = 20_000
SURVEY_TIMEOUT_S = 60.0
MAX_SURVEY_BYTES = 16_000_000

_SCRIPT = """
import hashlib, json, os, stat, sys
root, marker, folders, names, suffixes, most, largest = json.loads(sys.argv[1])
files, skipped = {}, []
def walk(folder, prefix):
    with os.scandir(folder) as entries:
        for entry in entries:
            path = prefix + entry.name
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in folders:
                    walk(entry.path, path + "/")
                continue
            if entry.name in names or entry.name.endswith(tuple(suffixes)):
                continue
            found = entry.stat(follow_symlinks=False)
            if not stat.S_ISREG(found.st_mode) or found.st_size > largest:
                skipped.append(path)
                continue
            with open(entry.path, "rb") as file:
                files[path] = hashlib.sha256(file.read()).hexdigest()
            if len(files) > most:
                sys.exit("too many files")
os.makedirs(root, exist_ok=True)
walk(root, "")
try:
    with open(marker) as file:
        mark = file.read(300)
except FileNotFoundError:
    mark = ""
json.dump({"files": files, "skipped": skipped, "mark": mark}, sys.stdout)
"""


@dataclass(frozen=True, slots=True)
class Survey:
    """Digests by path. `left_alone`: links, special and oversized files, names we do not take.
    `mark` is what `MARKER` holds."""

    files: dict[str, str]
    left_alone: frozenset[str]
    mark: str


async def survey(sandbox: Sandbox) -> Survey:
    """Raises SandboxUnavailable when the sandbox cannot say."""
    arguments = json.dumps(
        [
            WORKSPACE_ROOT,
            MARKER,
            IGNORED_FOLDERS,
            IGNORED_NAMES,
            IGNORED_SUFFIXES,
            MAX_FILES,
            MAX_FILE_BYTES,
        ]
    )
    result = await sandbox.run(
        f"python3 -I -S -c {shlex.quote(_SCRIPT)} {shlex.quote(arguments)}",
        cwd="/",
        timeout_s=SURVEY_TIMEOUT_S,
        max_output_bytes=MAX_SURVEY_BYTES,
    )
    if result.exit_code != 0:
        raise SandboxUnavailable(
            f"The sandbox could not list its files: {result.stderr.strip()[-300:]}"
        )
    return _read(result.stdout)


def _read(answer: str) -> Survey:
    try:
        told = json.loads(answer)
        files, skipped, mark = dict(told["files"]), list(told["skipped"]), str(told["mark"])
    except (ValueError, TypeError, KeyError) as error:
        raise SandboxUnavailable("The sandbox's list of files cannot be read.") from error
    clean = {
        path: str(digest)
        for path, digest in files.items()
        if isinstance(path, str) and _is_clean(path)
    }
    strange = {str(path) for path in files if path not in clean}
    return Survey(clean, frozenset(strange | {str(path) for path in skipped}), mark)


def _is_clean(path: str) -> bool:
    try:
        checked_path(path)
    except InvalidPath:
        return False
    return True
