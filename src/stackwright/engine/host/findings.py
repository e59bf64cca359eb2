"""The doctor's sentences: from what was observed on the host to a finding with its fix."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

DOCKER_OPTIONS = (
    "--security-opt seccomp=unconfined --security-opt systempaths=unconfined "
    "--security-opt apparmor=unconfined"
)
OLDEST_BUBBLEWRAP = (0, 8)
OLDEST_NODE = (20, 9)
NEEDED_FREE_MB = 2048
_DEBIAN_SWITCH = "kernel.unprivileged_userns_clone"
_UBUNTU_SWITCH = "kernel.apparmor_restrict_unprivileged_userns"
_NAMESPACES_MAX = "user.max_user_namespaces"


@dataclass(frozen=True)
class Finding:
    """One capability. `fix` is empty when `ok`. What is not `needed` weakens sandboxes but does
    not prevent them."""

    name: str
    ok: bool
    detail: str
    fix: str = ""
    needed: bool = True

    @property
    def is_fatal(self) -> bool:
        return self.needed and not self.ok


@dataclass(frozen=True)
class Host:
    """`settings` are kernel settings by their sysctl name, where the host has them."""

    is_root: bool
    in_container: bool
    is_filtered: bool
    settings: Mapping[str, int] = field(default_factory=dict[str, int])


def bubblewrap(path: str | None, version: str) -> Finding:
    name = "bubblewrap"
    if path is None:
        fix = "Run: apt-get install bubblewrap (Fedora: dnf install bubblewrap)."
        return Finding(name, False, "bubblewrap is not installed.", fix)
    if _numbers(version) < OLDEST_BUBBLEWRAP:
        fix = "Install bubblewrap 0.8 or newer (Debian 12, Ubuntu 24.04 and later have it)."
        return Finding(name, False, f"{version} at {path} is too old.", fix)
    return Finding(name, True, f"{version} at {path}.")


def namespaces(status: int, output: str, host: Host) -> Finding:
    """`status` and `output` of making all namespaces and mounting /proc in them."""
    name = "namespaces"
    if status == 0:
        return Finding(name, True, "User, process and network namespaces can be made.")
    detail = f"This host does not let us make namespaces ({output.strip()[-200:]})."
    return Finding(name, False, detail, _namespaces_fix(host))


def _namespaces_fix(host: Host) -> str:
    if host.settings.get(_NAMESPACES_MAX) == 0:
        return _set(_NAMESPACES_MAX, 15000)
    if not host.is_root and host.settings.get(_DEBIAN_SWITCH) == 0:
        return _set(_DEBIAN_SWITCH, 1)
    if host.in_container or host.is_filtered:
        return f"Start the container with: docker run {DOCKER_OPTIONS}; compose.yaml does so."
    if not host.is_root and host.settings.get(_UBUNTU_SWITCH) == 1:
        return f"Ubuntu's AppArmor refuses them. {_set(_UBUNTU_SWITCH, 0)}"
    return "Use a kernel with user namespaces (CONFIG_USER_NS), or E2B: set E2B_API_KEY."


def _set(name: str, value: int) -> str:
    return (
        f"Run as root: sysctl -w {name}={value}; to keep it: "
        f"echo {name}={value} > /etc/sysctl.d/60-stackwright.conf"
    )


def overlay(status: int, output: str, folder: str) -> Finding:
    if status == 0:
        return Finding("overlay", True, "Overlay file systems can be mounted in a namespace.")
    return Finding(
        "overlay",
        False,
        f"No overlay can be mounted on {folder} ({output.strip()[-200:]}).",
        "Use Linux 5.11 or newer and put the data folder (STACKWRIGHT_DATA_DIR) on ext4 or xfs; in "
        "Docker that means on a volume: docker run -v stackwright:/data.",
    )


def identities(problem: str | None, host: Host) -> Finding:
    """`problem` is why a root engine cannot give each sandbox a user id of its own."""
    name = "identities"
    if not host.is_root:
        return Finding(name, True, "Sandboxes have the rights of an ordinary user at most.")
    if problem is None:
        return Finding(name, True, "Each sandbox gets an unprivileged user id of its own.")
    return Finding(
        name,
        False,
        f"Sandboxes keep root's user id, without its capabilities ({problem}).",
        "Run the platform as an ordinary user, or on Linux 5.19 or newer with CAP_SYS_ADMIN.",
        needed=False,
    )


def control_groups(kinds: tuple[str, ...], host: Host) -> Finding:
    """`kinds` are the controllers in which groups can be made."""
    name = "control groups"
    missing = [kind for kind in ("pids", "memory", "cpu") if kind not in kinds]
    if not missing:
        return Finding(name, True, "Memory, processes and CPU are limited by control groups.")
    fix = "Run the platform under systemd with Delegate=yes (systemd-run --user --scope -p Delegate=yes stackwright serve)."
    if host.in_container:
        fix = "Start the container with: docker run --cgroupns=private -v /sys/fs/cgroup:/sys/fs/cgroup:rw."
    detail = f"No control groups for {', '.join(missing)}: a watchdog limits sandboxes instead."
    return Finding(name, False, detail, fix, needed=False)


def disk(free_mb: int, folder: str) -> Finding:
    if free_mb >= NEEDED_FREE_MB:
        return Finding("disk", True, f"{free_mb} MB are free on {folder}.")
    return Finding(
        "disk",
        False,
        f"Only {free_mb} MB are free on {folder}.",
        f"Free at least {NEEDED_FREE_MB} MB, or point STACKWRIGHT_DATA_DIR to a larger disk.",
        needed=False,
    )


def shared_memory(is_there: bool) -> Finding:
    if is_there:
        return Finding("shared memory", True, "/dev/shm is there.")  # noqa: S108 - told, not used
    fix = "Run as root: mkdir -p /dev/shm && mount -t tmpfs tmpfs /dev/shm (Docker: --shm-size=1g)."
    return Finding("shared memory", False, "/dev/shm is missing.", fix, needed=False)  # noqa: S108


def node(path: str | None, version: str) -> Finding:
    if path is None:
        return Finding("node", False, "Node.js is not on PATH.", "Install Node.js 20.9 or newer.")
    if _numbers(version) < OLDEST_NODE:
        detail = f"Node.js {version} at {path} is too old."
        return Finding("node", False, detail, "Install Node.js 20.9 or newer.")
    return Finding("node", True, f"Node.js {version} at {path}.")


def _numbers(version: str) -> tuple[int, ...]:
    """The first dotted number in a text; nothing known counts as old."""
    found = re.search(r"\d+(\.\d+)+", version)
    return tuple(map(int, found[0].split("."))) if found else ()
