"""From folders to a living sandbox: overlay, bubblewrap, agent; and how to reach and end it.

One chain of execs keeps one process id: unshare (user and mount namespace) → mount the overlay
→ bubblewrap → agent. The overlay exists in that mount namespace only. See
docs/decisions/sandbox-overlay.md.
"""

import asyncio
import contextlib
import os
import secrets
import shutil
import socket
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from stackwright.engine.agent.main import EGRESS_SOCKET
from stackwright.engine.agent.network import PROXY_PORT
from stackwright.engine.cgroups import Cgroups
from stackwright.engine.config import Limits
from stackwright.engine.egress import EgressPolicy, EgressProxy
from stackwright.engine.machine import Machine
from stackwright.engine.network_rules import NetworkRules
from stackwright.engine.rootfs import AGENT_INSIDE, HOSTNAME, UID, RootFs
from stackwright.engine.seccomp import filter_program
from stackwright.engine.toolchain import Toolchain

BACKLOG = 256
BUILD_CACHE_INSIDE = "/var/cache/build"
BOOT_ID = "/proc/sys/kernel/random/boot_id"
"""Each boot of a sandbox shows an id of its own there, as a machine does."""
_STAGE = """\
mount -t overlay overlay -o "$1" "$2" || exit 97
for tasks in $3; do echo $$ > "$tasks" || exit 98; done
shift 3
unset LIBMOUNT_FORCE_MOUNT2 PATH PWD OLDPWD
exec "$@"
"""
# The agent needs no TLS, and asyncio would spend milliseconds on importing it.
_AGENT_START = (
    "import sys; sys.modules['ssl'] = None; sys.path.insert(0, sys.argv[1]); "
    "from stackwright.engine.agent.main import main; main()"
)

_READ_ONLY_PROC = (
    *("/proc/sys", "/proc/sysrq-trigger", "/proc/irq", "/proc/bus", "/proc/fs"),
    *("/proc/driver", "/proc/mtrr", "/proc/pressure"),
)
_MASKED_PROC = (
    *("/proc/acpi", "/proc/scsi", "/proc/kcore", "/proc/kmsg", "/proc/kpagecount"),
    *("/proc/kpageflags", "/proc/kpagecgroup", "/proc/vmallocinfo", "/proc/slabinfo"),
    *("/proc/timer_list", "/proc/pagetypeinfo"),
)


class BootFailed(Exception):
    """The sandbox did not come up; the text ends with what its start printed."""


@dataclass(frozen=True)
class Blueprint:
    """What one boot is made of. `folder` has `upper`, `work`, `merged`; lowest layer last."""

    sandbox_id: str
    folder: Path
    layers: tuple[Path, ...]
    token: str
    env: dict[str, str]
    start: str | None = None
    step: str | None = None
    build_cache: Path | None = None
    network: NetworkRules = field(default_factory=NetworkRules)


class Launcher:
    """Boots sandboxes on this host. `sockets_dir` is private to this engine process."""

    def __init__(
        self,
        *,
        data_dir: Path,
        sockets_dir: Path,
        rootfs: RootFs,
        toolchain: Toolchain,
        egress: EgressPolicy,
        limits: Limits,
        env: dict[str, str],
    ) -> None:
        self._data_dir = data_dir
        self._sockets_dir = sockets_dir
        self._rootfs = rootfs
        self._toolchain = toolchain
        self._egress = egress
        self._limits = limits
        self._env = env
        self._filter = filter_program()
        self._cgroups = Cgroups.detect(limits)
        self._cgroups.sweep()
        self._bwrap = shutil.which("bwrap") or "/usr/bin/bwrap"

    async def boot(self, blueprint: Blueprint) -> Machine:
        """Returns when the agent answers. Raises BootFailed and leaves nothing behind."""
        machine = await self._start(blueprint, output=asyncio.subprocess.PIPE)
        try:
            async with asyncio.timeout(self._limits.boot_s):
                await machine.ready()
        except (TimeoutError, ConnectionError) as error:
            await machine.stop()
            raise BootFailed(f"the sandbox did not start: {machine.log_tail()}") from error
        return machine

    async def run_step(self, blueprint: Blueprint, *, timeout_s: float) -> int:
        """Run `blueprint.step` in a sandbox of its own; its output goes to `folder/log`."""
        machine = await self._start(blueprint, output=None)
        try:
            async with asyncio.timeout(timeout_s):
                return await machine.exited()
        finally:
            await machine.stop()

    async def _start(self, blueprint: Blueprint, *, output: int | None) -> Machine:
        for name in ("upper", "work", "merged"):
            (blueprint.folder / name).mkdir(parents=True, exist_ok=True)
        stem = self._sockets_dir / secrets.token_hex(6)
        proxy = EgressProxy(self._egress, blueprint.network, blueprint.sandbox_id)
        await proxy.start(stem.with_suffix(".egress"))
        group = self._cgroups.create(blueprint.sandbox_id)
        log_path = blueprint.folder / "log"
        with contextlib.ExitStack() as stack:
            doors = [_listen(stem.with_suffix(name), stack) for name in (".agent", ".ports")]
            log = stack.enter_context(log_path.open("ab"))
            filter_file = stack.enter_context(_memory_file(self._filter))
            boot_id = stack.enter_context(_memory_file(f"{uuid.uuid4()}\n".encode()))
            inherited = [filter_file.fileno(), boot_id.fileno()]
            process = await asyncio.create_subprocess_exec(
                *self._command(blueprint, stem, group, *inherited),
                stdin=asyncio.subprocess.PIPE,
                stdout=log if output is None else output,
                stderr=log,
                cwd=self._data_dir,
                env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LIBMOUNT_FORCE_MOUNT2": "always"},
                pass_fds=[*inherited, *(door.fileno() for door in doors)],
                start_new_session=True,
            )
            boot = self._boot_message(blueprint, [door.fileno() for door in doors])
        machine = Machine(process, stem, proxy, self._cgroups, group, log_path)
        await machine.tell(boot)
        return machine

    def _boot_message(self, blueprint: Blueprint, doors: Sequence[int]) -> dict[str, Any]:
        limits = self._limits
        return {
            "token": blueprint.token,
            "envs": self._environment() | blueprint.env,
            "agent_fd": doors[0],
            "ports_fd": doors[1],
            "limits": {
                "NPROC": limits.processes,
                "NOFILE": limits.open_files,
                "FSIZE": limits.file_mb << 20,
                "CORE": 0,
            },
            "start": blueprint.start,
            "step": blueprint.step,
        }

    def _environment(self) -> dict[str, str]:
        proxy = f"http://127.0.0.1:{PROXY_PORT}"
        local = "localhost,127.0.0.1,::1"
        env = {"PATH": ":".join(self._toolchain.path()), "LANG": "C.UTF-8", "E2B_SANDBOX": "true"}
        for name in ("HTTP_PROXY", "HTTPS_PROXY"):
            env |= {name: proxy, name.lower(): proxy}
        env |= {"NO_PROXY": local, "no_proxy": local}
        if (bundle := self._rootfs.certificates) is not None:
            names = ("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE", "npm_config_cafile")
            # not NODE_EXTRA_CA_CERTS: it adds 35 ms to every start of Node, and npm needs it not
            env |= dict.fromkeys(names, bundle)
        return env | self._env

    def _command(
        self,
        blueprint: Blueprint,
        stem: Path,
        group: Sequence[Path],
        filter_fd: int,
        boot_id_fd: int,
    ) -> list[str]:
        folder = self._relative(blueprint.folder)
        layers = ":".join(self._relative(layer) for layer in blueprint.layers)
        overlay = f"lowerdir={layers},upperdir={folder}/upper,workdir={folder}/work,userxattr"
        return [
            *("/usr/bin/unshare", "--user", "--map-root-user", "--mount", "--"),
            *("/bin/sh", "-c", _STAGE, "sh", overlay, f"{folder}/merged"),
            " ".join(str(path) for path in group),
            *self._bwrap_command(blueprint, stem, filter_fd, boot_id_fd),
            *(str(self._toolchain.python), "-I", "-S", "-X", "utf8", "-c", _AGENT_START),
            str(AGENT_INSIDE),
        ]

    def _relative(self, path: Path) -> str:
        """Relative to the data folder: mount options are short and may not contain `:` or `,`."""
        return str(path.relative_to(self._data_dir))

    def _bwrap_command(
        self, blueprint: Blueprint, stem: Path, filter_fd: int, boot_id_fd: int
    ) -> list[str]:
        tmp_bytes = str(self._limits.tmp_mb << 20)
        command = [
            *(self._bwrap, "--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc"),
            *("--unshare-uts", "--unshare-cgroup-try", "--die-with-parent", "--new-session"),
            *("--uid", str(UID), "--gid", str(UID), "--hostname", HOSTNAME, "--clearenv"),
            *("--bind", str(blueprint.folder / "merged"), "/"),
        ]
        for host, inside in self._rootfs.binds:
            command += ["--ro-bind", str(host), str(inside)]
        command += ["--proc", "/proc", *_masks(), "--dev", "/dev", "--tmpfs", "/run"]
        command += ["--perms", "0444", "--ro-bind-data", str(boot_id_fd), BOOT_ID]
        command += [
            *("--perms", "1777", "--size", tmp_bytes, "--tmpfs", "/tmp"),  # noqa: S108 - inside
            *("--perms", "1777", "--size", tmp_bytes, "--tmpfs", "/dev/shm"),  # noqa: S108
            *("--ro-bind", str(stem.with_suffix(".egress")), EGRESS_SOCKET),
        ]
        if blueprint.build_cache is not None:
            command += ["--bind", str(blueprint.build_cache), BUILD_CACHE_INSIDE]
        return [*command, "--chdir", "/", "--seccomp", str(filter_fd), "--"]


def _masks() -> list[str]:
    """Kernel files that the owner id of a root engine could write or read although it has no
    capability: bubblewrap takes /proc/sys for protected because its folder is not writable.
    An ordinary user owns none of them, and each bind costs a third of a millisecond."""
    command: list[str] = []
    if os.geteuid() != 0:
        return command
    for path in _READ_ONLY_PROC:
        if Path(path).exists():
            command += ["--ro-bind", path, path]
    for path in _MASKED_PROC:
        if Path(path).is_dir():
            command += ["--tmpfs", path, "--remount-ro", path]
        elif Path(path).exists():
            command += ["--ro-bind", "/dev/null", path]
    return command


def _listen(path: Path, stack: contextlib.ExitStack) -> socket.socket:
    door = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
    door.bind(str(path))
    door.listen(BACKLOG)
    return door


def _memory_file(content: bytes) -> IO[bytes]:
    file = os.fdopen(os.memfd_create("seccomp"), "w+b")
    file.write(content)
    file.flush()
    file.seek(0)
    return file
