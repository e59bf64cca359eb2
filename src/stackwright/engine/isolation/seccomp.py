"""The system call filter of every sandbox, as classic BPF in pure Python.

A list of refusals: kernel interfaces with a history of escapes that neither Node nor Python
needs. Namespaces, capabilities and no-new-privileges come from bubblewrap.
"""

import errno
import platform
import struct
from collections.abc import Sequence
from dataclasses import dataclass

_LOAD, _EQUALS, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_REFUSE, _ALLOW, _KILL = 0x00050000, 0x7FFF0000, 0x80000000
_NR, _ARCH, _ARG0, _ARG1, _ARG1_HIGH, _ARG2 = 0, 4, 16, 24, 28, 32
_LARGEST_SEGMENT = 1 << 16
"""Largest segment of shared memory. The kernel limits their number to 4096; nothing else limits their size."""
_X32_BIT = 0x40000000
_NEW_NAMESPACES = 0x7E020080
_CLONE_FILES, _CLONE_THREAD = 0x400, 0x10000
_CLOSE_RANGE, _CLOSE_RANGE_UNSHARE = 436, 2
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C
# unix, both internets, and netlink for the names of network interfaces. Others load kernel modules,
# and some (vsock) know no network namespaces: they lead to the host.
_FAMILIES = (1, 2, 10, 16)
_SOL_SOCKET, _SO_SNDBUF, _SO_RCVBUF = 1, 7, 8
_SIGXFSZ = 25

# Numbers shared by all architectures since Linux 5.1 (asm-generic).
_COMMON = {
    "pidfd_getfd": 438,
    "io_uring_setup": 425,
    "io_uring_enter": 426,
    "io_uring_register": 427,
    "open_tree": 428,
    "move_mount": 429,
    "fsopen": 430,
    "fsconfig": 431,
    "fsmount": 432,
    "fspick": 433,
    "mount_setattr": 442,
    "quotactl_fd": 443,
    "memfd_secret": 447,
    "open_tree_attr": 467,
}
_CLONE3 = 435


@dataclass(frozen=True)
class _Machine:
    audit_arch: int
    clone: int
    ioctl: int
    fallocate: int
    memfd_create: int
    shmget: int
    socket: int
    setsockopt: int
    rt_sigaction: int
    refused: tuple[int, ...]


_MACHINES = {
    "x86_64": _Machine(
        audit_arch=0xC000003E,
        clone=56,
        ioctl=16,
        fallocate=285,
        memfd_create=319,
        shmget=29,
        socket=41,
        setsockopt=54,
        rt_sigaction=13,
        # ptrace syslog personality modify_ldt pivot_root chroot acct settimeofday mount umount2
        # swapon swapoff reboot iopl ioperm init_module delete_module quotactl lookup_dcookie
        # clock_settime kexec_load add_key request_key keyctl unshare vmsplice perf_event_open
        # fanotify_init name_to_handle_at open_by_handle_at setns process_vm_readv
        # process_vm_writev kcmp finit_module kexec_file_load bpf userfaultfd
        refused=(
            *(101, 103, 135, 154, 155, 161, 163, 164, 165, 166, 167, 168, 169, 172, 173, 175, 176),
            *(179, 212, 227, 246, 248, 249, 250, 272, 278, 298, 300, 303, 304, 308, 310, 311, 312),
            *(313, 320, 321, 323),
        ),
    ),
    "aarch64": _Machine(
        audit_arch=0xC00000B7,
        clone=220,
        ioctl=29,
        fallocate=47,
        memfd_create=279,
        shmget=194,
        socket=198,
        setsockopt=208,
        rt_sigaction=134,
        # lookup_dcookie umount2 mount pivot_root chroot quotactl vmsplice acct personality
        # unshare kexec_load init_module delete_module clock_settime syslog ptrace reboot
        # settimeofday add_key request_key keyctl swapon swapoff perf_event_open fanotify_init
        # name_to_handle_at open_by_handle_at setns process_vm_readv process_vm_writev kcmp
        # finit_module bpf userfaultfd kexec_file_load
        refused=(
            *(18, 39, 40, 41, 51, 60, 75, 89, 92, 97, 104, 105, 106, 112, 116, 117, 142, 170, 217),
            *(218, 219, 224, 225, 241, 262, 264, 265, 268, 270, 271, 272, 273, 280, 282, 294),
        ),
    ),
}


class UnsupportedMachine(Exception):
    """No filter is known for this processor, so no sandbox is safe on it."""


def filter_program(machine: str = "", *, memory_is_limited: bool = True) -> bytes:
    """The filter for `bwrap --seccomp`, for this processor unless another is named.

    Without a limit on the memory of a whole sandbox, memory that belongs to no process is
    refused: the watchdog could not see it.
    """
    name = machine or platform.machine()
    if name not in _MACHINES:
        known = ", ".join(sorted(_MACHINES))
        raise UnsupportedMachine(f"No system call filter for {name!r} processors (known: {known}).")
    return _assemble(_MACHINES[name], memory_is_limited=memory_is_limited)


def _assemble(machine: _Machine, *, memory_is_limited: bool) -> bytes:
    refuse = _op(_RETURN, _REFUSE | errno.EPERM)
    unknown = _op(_RETURN, _REFUSE | errno.ENOSYS)
    allow = _op(_RETURN, _ALLOW)
    program = [
        _op(_LOAD, _ARCH),
        _jump(_EQUALS, machine.audit_arch, 1, 0),
        _op(_RETURN, _KILL),
        _op(_LOAD, _NR),
        _jump(_AT_LEAST, _X32_BIT, 0, 1),
        unknown,
        # clone3 hides its flags behind a pointer; refused as unknown, libc falls back to clone
        *_on(_CLONE3, unknown),
        # the descriptors of a process are counted once for all of its threads
        *_on(
            machine.clone,
            _op(_LOAD, _ARG0),
            _jump(_ANY_BIT, _NEW_NAMESPACES, 2, 0),
            _jump(_ANY_BIT, _CLONE_THREAD, 0, 2),
            _jump(_ANY_BIT, _CLONE_FILES, 1, 0),
            refuse,
            allow,
        ),
        *_on(
            _CLOSE_RANGE,
            _op(_LOAD, _ARG2),
            _jump(_ANY_BIT, _CLOSE_RANGE_UNSHARE, 0, 1),
            unknown,
            allow,
        ),
        *_on(machine.ioctl, _op(_LOAD, _ARG1), *_if_one_of((_TIOCSTI, _TIOCLINUX), refuse, allow)),
        *_on(
            machine.socket,
            _op(_LOAD, _ARG0),
            *_if_one_of(_FAMILIES, allow, _op(_RETURN, _REFUSE | errno.EAFNOSUPPORT)),
        ),
        *_on(machine.rt_sigaction, *_if_it_sets(_SIGXFSZ)),
        # disk space taken without writing would escape the count; libc writes zeros instead
        *_on(machine.fallocate, _op(_RETURN, _REFUSE | errno.EOPNOTSUPP)),
    ]
    if not memory_is_limited:
        program += _without_unseen_memory(machine)
    for number in (*machine.refused, *_COMMON.values()):
        program += _on(number, refuse)
    return b"".join([*program, allow])


def _without_unseen_memory(machine: _Machine) -> list[bytes]:
    """No memory files, no large shared segments, and a wish for larger buffers of a socket is ignored."""
    allow, ignore = _op(_RETURN, _ALLOW), _op(_RETURN, _REFUSE)
    return [
        *_on(machine.memfd_create, _op(_RETURN, _REFUSE | errno.ENOSYS)),
        *_on(
            machine.shmget,
            _op(_LOAD, _ARG1_HIGH),
            _jump(_EQUALS, 0, 0, 2),
            _op(_LOAD, _ARG1),
            _jump(_AT_LEAST, _LARGEST_SEGMENT + 1, 0, 1),
            _op(_RETURN, _REFUSE | errno.ENOMEM),
            allow,
        ),
        *_on(
            machine.setsockopt,
            _op(_LOAD, _ARG1),
            _jump(_EQUALS, _SOL_SOCKET, 1, 0),
            allow,
            _op(_LOAD, _ARG2),
            *_if_one_of((_SO_SNDBUF, _SO_RCVBUF), ignore, allow),
        ),
    ]


def _if_it_sets(number: int) -> list[bytes]:
    """Every program ignores this signal, as the engine does that starts the first one: a write beyond
    the limit of a file is then an error that the program can tell, and does not end it in silence."""
    allow, ignore = _op(_RETURN, _ALLOW), _op(_RETURN, _REFUSE)
    return [
        _op(_LOAD, _ARG0),
        _jump(_EQUALS, number, 1, 0),
        allow,
        # a call that only asks has no new action
        _op(_LOAD, _ARG1),
        _jump(_EQUALS, 0, 0, 2),
        _op(_LOAD, _ARG1_HIGH),
        _jump(_EQUALS, 0, 1, 0),
        ignore,
        allow,
    ]


def _on(number: int, *steps: bytes) -> list[bytes]:
    """For this call the steps, of which the last returns."""
    return [_jump(_EQUALS, number, 0, len(steps)), *steps]


def _if_one_of(values: Sequence[int], then: bytes, otherwise: bytes) -> list[bytes]:
    """About what was loaded last."""
    last = len(values) - 1
    tests = [_jump(_EQUALS, value, last - at, int(at == last)) for at, value in enumerate(values)]
    return [*tests, then, otherwise]


def _op(code: int, value: int) -> bytes:
    return struct.pack("HBBI", code, 0, 0, value)


def _jump(code: int, value: int, if_true: int, if_false: int) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)
