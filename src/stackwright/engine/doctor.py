"""What this host can do for sandboxes, and the exact fix for what it cannot."""

import asyncio
import contextlib
import shutil
import sys
import tempfile
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from pathlib import Path

from stackwright.engine.seccomp import UnsupportedMachine, filter_program
from stackwright.engine.trees import erase_tree

PROBE_TIMEOUT_S = 20.0
OLDEST_PYTHON, NEWEST_PYTHON = (3, 11), (3, 13)
_OVERLAY_PROBE = (
    'mount -t overlay overlay -o "lowerdir=l,upperdir=u,workdir=w,userxattr" m && touch m/x'
)


@dataclass(frozen=True)
class Finding:
    """One capability. `fix` is empty when `ok`."""

    name: str
    ok: bool
    detail: str
    fix: str = ""


async def diagnose(data_dir: Path | None = None) -> list[Finding]:
    """All capabilities, checked by use. `data_dir` is where overlays will live."""
    checks: Sequence[Awaitable[Finding]] = (
        _bubblewrap(),
        _namespaces(),
        _overlay(data_dir),
        _seccomp(),
        _node(),
        _python(),
    )
    return list(await asyncio.gather(*checks))


async def _bubblewrap() -> Finding:
    path = shutil.which("bwrap")
    if path is None:
        return Finding(
            "bubblewrap", False, "bubblewrap is not installed.", "Run: apt install bubblewrap."
        )
    _, output = await _try(path, "--version")
    return Finding("bubblewrap", True, f"{output.strip()} at {path}.")


async def _namespaces() -> Finding:
    status, output = await _try(
        *("unshare", "--user", "--map-root-user", "--mount", "--"),
        *(
            shutil.which("bwrap") or "bwrap",
            "--unshare-all",
            "--unshare-user",
            "--ro-bind",
            "/",
            "/",
        ),
        *("--proc", "/proc", "--dev", "/dev", "--", "/bin/true"),
    )
    if status == 0:
        return Finding("namespaces", True, "User, process and network namespaces can be made.")
    return Finding(
        "namespaces",
        False,
        f"This host does not let us make namespaces ({output.strip()[-200:]}).",
        "In Docker start the container with --security-opt seccomp=unconfined --security-opt "
        "systempaths=unconfined; on Ubuntu 23.10 or newer allow it by sysctl "
        "kernel.apparmor_restrict_unprivileged_userns=0; on Debian by sysctl "
        "kernel.unprivileged_userns_clone=1.",
    )


async def _overlay(data_dir: Path | None) -> Finding:
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="probe-", dir=data_dir))
    try:
        for name in "luwm":
            (folder / name).mkdir()
        command = ("unshare", "--user", "--map-root-user", "--mount", "--", "/bin/sh", "-c")
        status, output = await _try(*command, _OVERLAY_PROBE, cwd=folder)
    finally:
        await asyncio.to_thread(erase_tree, folder)
    if status == 0:
        return Finding("overlay", True, "Overlay file systems can be mounted in a namespace.")
    return Finding(
        "overlay",
        False,
        f"No overlay can be mounted on {folder.parent} ({output.strip()[-200:]}).",
        "Put the data folder on ext4 or xfs (in Docker: on a volume) and use Linux 5.11 or newer.",
    )


async def _seccomp() -> Finding:
    try:
        filter_program()
    except UnsupportedMachine as error:
        return Finding("seccomp", False, str(error), "Use an x86-64 or arm64 machine.")
    return Finding("seccomp", True, "A system call filter is known for this processor.")


async def _node() -> Finding:
    path = shutil.which("node")
    if path is None:
        return Finding("node", False, "Node.js is not on PATH.", "Install Node.js 20.9 or newer.")
    _, output = await _try(path, "--version")
    return Finding("node", True, f"Node.js {output.strip()} at {path}.")


async def _python() -> Finding:
    version = sys.version_info[:2]
    text = f"Python {version[0]}.{version[1]} at {sys.base_prefix}."
    if OLDEST_PYTHON <= version <= NEWEST_PYTHON:
        return Finding("python", True, text)
    return Finding("python", False, text, "Run the platform on Python 3.11, 3.12 or 3.13.")


async def _try(*command: str, cwd: Path | None = None) -> tuple[int, str]:
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            cwd=cwd,
        )
    except OSError as error:
        return 127, str(error)
    try:
        async with asyncio.timeout(PROBE_TIMEOUT_S):
            output, _ = await process.communicate()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        return 124, "timed out"
    return process.returncode or 0, output.decode(errors="replace")
