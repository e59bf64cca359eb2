"""The command lines that start a sandbox, for an engine that is an ordinary user and for root."""

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stackwright.engine.config import Limits
from stackwright.engine.envd.main import EGRESS_SOCKET
from stackwright.engine.isolation import mount_namespace
from stackwright.engine.isolation.rootfs import AGENT_INSIDE, HOSTNAME, UID, RootFs
from stackwright.engine.isolation.toolchain import Toolchain

BUILD_CACHE_INSIDE = "/var/cache/build"
RUN_BYTES = 16 << 20
BOOT_ID = "/proc/sys/kernel/random/boot_id"
"""Each boot of a sandbox shows an id of its own there, as a machine does."""
# Out of memory the kernel ends a sandbox's process before the platform's.
_JOIN_AND_EXEC = """\
echo 500 > /proc/self/oom_score_adj
for tasks in $1; do echo $$ > "$tasks" || exit 98; done
shift
unset LIBMOUNT_FORCE_MOUNT2 PATH PWD OLDPWD
exec "$@"
"""
# The limits of /proc/sys/user are those of the namespace just made: bubblewrap's two namespaces
# and none below them, and a share of the watches that all sandboxes of one user have together.
_WATCHES_PART, _LEAST_WATCHES = 8, 8192
_MOUNT_JOIN_AND_EXEC = f"""\
mount -t overlay overlay -o "$1" "$2" || exit 97
shift 2
{{ echo 2 > /proc/sys/user/max_user_namespaces
echo 48 > /proc/sys/user/max_inotify_instances
read -r watches < /proc/sys/fs/inotify/max_user_watches; watches=$((watches / {_WATCHES_PART}))
[ "$watches" -gt {_LEAST_WATCHES} ] || watches={_LEAST_WATCHES}
echo "$watches" > /proc/sys/user/max_inotify_watches; }} 2> /dev/null
{_JOIN_AND_EXEC}"""
# The agent needs no TLS, and asyncio would spend milliseconds on importing it; nor OpenSSL's hashes,
# which take 3 MB: Python has its own.
_AGENT_START = (
    "import sys; sys.modules['ssl'] = sys.modules['_hashlib'] = None; "
    "sys.path.insert(0, sys.argv[1]); "
    "from stackwright.engine.envd.main import main; main()"
)
# A program that writes to the memory of the first process decides what it does, and it must end with its parent.
_FIRST_PROCESS = ("/proc/1/mem", "/proc/1/task/1/mem")
# Settings of a sandbox's own namespaces, and pressure alarms, are writable to the program that made them.
_READ_ONLY_PROC = ("/proc/sys", "/proc/pressure")
_READ_ONLY_FOR_ROOT = (
    *("/proc/sysrq-trigger", "/proc/irq", "/proc/bus", "/proc/fs", "/proc/driver", "/proc/mtrr"),
)
_MASKED_FOR_ROOT = (
    *("/proc/acpi", "/proc/scsi", "/proc/kcore", "/proc/kmsg", "/proc/kpagecount"),
    *("/proc/kpageflags", "/proc/kpagecgroup", "/proc/vmallocinfo", "/proc/slabinfo"),
    *("/proc/timer_list", "/proc/pagetypeinfo"),
)


@dataclass(frozen=True)
class Inherited:
    """What a start inherits: `tasks` are control group files to join; descriptors have the
    system call filter and the boot id."""

    tasks: Sequence[Path]
    filter_fd: int
    boot_id_fd: int


@dataclass(frozen=True)
class CommandLines:
    """The two ways to start."""

    rootfs: RootFs
    toolchain: Toolchain
    limits: Limits
    bwrap: str = shutil.which("bwrap") or "/usr/bin/bwrap"

    def for_ordinary_user(
        self,
        *,
        overlay: str,
        merged: Path,
        egress: Path,
        build_cache: Path | None,
        inherited: Inherited,
    ) -> list[str]:
        """To be run in the folder that the `overlay` options are relative to."""
        binds = list[str]()
        for host, inside in self.rootfs.binds:
            binds += ["--ro-bind", str(host), str(inside)]
        if build_cache is not None:
            binds += ["--bind", str(build_cache), BUILD_CACHE_INSIDE]
        return [
            *("/usr/bin/unshare", "--user", "--map-root-user", "--mount", "--"),
            *(
                "/bin/sh",
                "-c",
                _MOUNT_JOIN_AND_EXEC,
                "sh",
                overlay,
                str(merged),
                _words(inherited.tasks),
            ),
            *self._bwrap(str(merged), str(egress), binds, _masks_for_root(), inherited),
        ]

    def for_root(self, uid: int, namespace_fd: int, inherited: Inherited) -> list[str]:
        """Everything is bound already in the mount namespace that this process has open as
        `namespace_fd`. It is not inherited: the agent would have it too."""
        return [
            *("/bin/sh", "-c", _JOIN_AND_EXEC, "sh", _words(inherited.tasks)),
            *("/usr/bin/nsenter", f"--mount=/proc/{os.getpid()}/fd/{namespace_fd}"),
            *("--setgid", str(uid), "--setuid", str(uid), "--"),
            *self._bwrap(str(mount_namespace.ROOT), str(mount_namespace.EGRESS), [], [], inherited),
        ]

    def _bwrap(
        self, root: str, egress: str, binds: list[str], masks: list[str], inherited: Inherited
    ) -> list[str]:
        tmp_bytes = str(self.limits.tmp_mb << 20)
        return [
            *(self.bwrap, "--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc"),
            *("--unshare-uts", "--unshare-cgroup-try", "--die-with-parent", "--new-session"),
            *("--uid", str(UID), "--gid", str(UID), "--hostname", HOSTNAME, "--clearenv"),
            *("--bind", root, "/", *binds),
            *("--proc", "/proc", *_read_only(_READ_ONLY_PROC), *masks),
            *(word for path in _FIRST_PROCESS for word in ("--ro-bind", "/dev/null", path)),
            *("--dev", "/dev", "--remount-ro", "/dev"),
            *("--size", str(RUN_BYTES), "--tmpfs", "/run"),
            *("--perms", "0444", "--ro-bind-data", str(inherited.boot_id_fd), BOOT_ID),
            *("--perms", "1777", "--size", tmp_bytes, "--tmpfs", "/tmp"),  # noqa: S108 - inside
            *("--perms", "1777", "--size", tmp_bytes, "--tmpfs", "/dev/shm"),  # noqa: S108
            *("--ro-bind", egress, EGRESS_SOCKET),
            *("--chdir", "/", "--seccomp", str(inherited.filter_fd), "--"),
            *(str(self.toolchain.python), "-I", "-S", "-X", "utf8", "-c", _AGENT_START),
            str(AGENT_INSIDE),
        ]


def _words(paths: Sequence[Path]) -> str:
    return " ".join(map(str, paths))


def _read_only(paths: Sequence[str]) -> list[str]:
    return [word for path in paths if Path(path).exists() for word in ("--ro-bind", path, path)]


def _masks_for_root() -> list[str]:
    """Kernel files that the owner id of a root engine could write or read although it has no
    capability: bubblewrap takes /proc/sys for protected because its folder is not writable.
    Other ids own none of them, and each bind costs a third of a millisecond."""
    if os.geteuid() != 0:
        return []
    command = _read_only(_READ_ONLY_FOR_ROOT)
    for path in _MASKED_FOR_ROOT:
        if Path(path).is_dir():
            command += ["--tmpfs", path, "--remount-ro", path]
        elif Path(path).exists():
            command += ["--ro-bind", "/dev/null", path]
    return command
