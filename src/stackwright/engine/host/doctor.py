"""What this host can do for sandboxes, checked by use. The sentences are in `findings`."""

import asyncio
import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Awaitable, Sequence
from pathlib import Path

from stackwright.engine.cgroups import Cgroups
from stackwright.engine.config import Limits
from stackwright.engine.files import erase_tree
from stackwright.engine.host import findings
from stackwright.engine.host.findings import Finding, Host
from stackwright.engine.isolation import mount_namespace
from stackwright.engine.isolation.seccomp import UnsupportedMachine, filter_program
from stackwright.engine.isolation.uid_pool import UidPool

PROBE_TIMEOUT_S = 20.0
OLDEST_PYTHON, NEWEST_PYTHON = (3, 11), (3, 13)
_SETTINGS = (
    "kernel.unprivileged_userns_clone",
    "kernel.apparmor_restrict_unprivileged_userns",
    "user.max_user_namespaces",
)
_OVERLAY = "lowerdir=l,upperdir=u,workdir=w,userxattr"
_OVERLAY_PROBE = f'mount -t overlay overlay -o "{_OVERLAY}" m && touch m/x'
_OWN_UNSHARE = ("unshare", "--user", "--map-root-user", "--mount", "--")


async def diagnose(data_dir: Path | None = None) -> list[Finding]:
    """All capabilities. `data_dir` is where sandboxes will live."""
    host = await asyncio.to_thread(look_at_host)
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="probe-", dir=data_dir))
    checks: Sequence[Awaitable[Finding]] = (
        _bubblewrap(),
        _namespaces(host),
        _overlay(folder),
        _identities(folder, host),
        asyncio.to_thread(_seccomp),
        asyncio.to_thread(_control_groups, host),
        asyncio.to_thread(_disk, folder),
        asyncio.to_thread(_shared_memory),
        _node(),
        asyncio.to_thread(_python),
    )
    try:
        return list(await asyncio.gather(*checks))
    finally:
        await asyncio.to_thread(erase_tree, folder)


def has_identities(found: Sequence[Finding]) -> bool:
    """Whether this engine is root and can give each sandbox an id of its own."""
    return os.geteuid() == 0 and any(f.name == "identities" and f.ok for f in found)


def look_at_host() -> Host:
    settings: dict[str, int] = {}
    for name in _SETTINGS:
        with contextlib.suppress(OSError, ValueError):
            settings[name] = int(Path("/proc/sys", *name.split(".")).read_text())
    status = Path("/proc/self/status").read_text()
    return Host(
        is_root=os.geteuid() == 0,
        in_container=any(Path(path).exists() for path in ("/.dockerenv", "/run/.containerenv")),
        is_filtered="Seccomp:\t2" in status,
        settings=settings,
    )


async def _bubblewrap() -> Finding:
    path = shutil.which("bwrap")
    if path is None:
        return findings.bubblewrap(None, "")
    _, output = await _try(path, "--version")
    return findings.bubblewrap(path, output.strip())


async def _namespaces(host: Host) -> Finding:
    status, output = await _try(*_OWN_UNSHARE, *_empty_sandbox())
    return findings.namespaces(status, output, host)


async def _overlay(folder: Path) -> Finding:
    await asyncio.to_thread(_make_folders, folder / "overlay")
    command = (*_OWN_UNSHARE, "/bin/sh", "-c", _OVERLAY_PROBE)
    status, output = await _try(*command, cwd=folder / "overlay")
    return findings.overlay(status, output, str(folder.parent))


async def _identities(folder: Path, host: Host) -> Finding:
    if not host.is_root:
        return findings.identities(None, host)
    try:
        return findings.identities(await _identity_problem(folder / "identity"), host)
    except OSError as error:
        return findings.identities(str(error), host)


async def _identity_problem(folder: Path) -> str | None:
    """Boot nothing as an id of its own, as the launcher would."""
    await asyncio.to_thread(_make_folders, folder)
    identity = await UidPool().take()
    namespace = -1
    try:
        plan = mount_namespace.Plan(folder, _OVERLAY, folder / "egress", [])
        namespace = await mount_namespace.prepare(plan, identity)
        write = f"echo > {mount_namespace.ROOT}/written"
        status, output = await _try(
            *("nsenter", f"--mount=/proc/self/fd/{namespace}"),
            *("--setgid", str(identity.uid), "--setuid", str(identity.uid), "--"),
            *("/bin/sh", "-c", f'{write} && exec "$@"', "sh", *_empty_sandbox()),
            pass_fds=[namespace],
        )
    finally:
        for descriptor in {identity.namespace, namespace} - {-1}:
            os.close(descriptor)
    return None if status == 0 else output.strip()[-200:]


def _make_folders(folder: Path) -> None:
    for name in "luwm":
        (folder / name).mkdir(parents=True)
    (folder / "egress").touch()


def _empty_sandbox() -> list[str]:
    return [
        *(shutil.which("bwrap") or "bwrap", "--unshare-all", "--unshare-user"),
        *("--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "--", "/usr/bin/true"),
    ]


def _seccomp() -> Finding:
    try:
        filter_program()
    except UnsupportedMachine as error:
        return Finding("seccomp", False, str(error), "Use an x86-64 or arm64 machine.")
    return Finding("seccomp", True, "A system call filter is known for this processor.")


def _control_groups(host: Host) -> Finding:
    return findings.control_groups(Cgroups.detect(Limits()).kinds, host)


def _disk(folder: Path) -> Finding:
    return findings.disk(shutil.disk_usage(folder).free >> 20, str(folder.parent))


def _shared_memory() -> Finding:
    return findings.shared_memory(Path("/dev/shm").is_dir())  # noqa: S108 - looked at only


async def _node() -> Finding:
    path = shutil.which("node")
    if path is None:
        return findings.node(None, "")
    _, output = await _try(path, "--version")
    return findings.node(path, output.strip())


def _python() -> Finding:
    version = sys.version_info[:2]
    text = f"Python {version[0]}.{version[1]} at {sys.base_prefix}."
    if OLDEST_PYTHON <= version <= NEWEST_PYTHON:
        return Finding("python", True, text)
    return Finding("python", False, text, "Run the platform on Python 3.11, 3.12 or 3.13.")


async def _try(
    *command: str, cwd: Path | None = None, pass_fds: Sequence[int] = ()
) -> tuple[int, str]:
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            cwd=cwd,
            pass_fds=pass_fds,
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
