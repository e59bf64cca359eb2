"""Programs call kernel interfaces that have led out of sandboxes before."""

import pytest
from e2b import AsyncSandbox

from fixtures.attack import attack

X86_64 = {
    "io_uring_setup": (425, "8, ctypes.create_string_buffer(120)"),
    "bpf": (321, "0, ctypes.create_string_buffer(120), 120"),
    "keyctl": (250, "0, -3, 1"),
    "add_key": (248, "b'user', b'a', b'b', 1, -3"),
    "request_key": (249, "b'user', b'a', None, -3"),
    "ptrace": (101, "0, 0, 0, 0"),
    "process_vm_readv": (310, "1, None, 0, None, 0, 0"),
    "process_vm_writev": (311, "1, None, 0, None, 0, 0"),
    "perf_event_open": (298, "ctypes.create_string_buffer(120), 0, -1, -1, 0"),
    "userfaultfd": (323, "1"),
    "kexec_load": (246, "0, 0, None, 0"),
    "init_module": (175, "None, 0, b''"),
    "finit_module": (313, "0, b'', 0"),
    "open_by_handle_at": (304, "-100, None, 0"),
    "name_to_handle_at": (303, "-100, b'/', None, None, 0"),
    "mount": (165, "b'x', b'/mnt', b'tmpfs', 0, None"),
    "umount2": (166, "b'/usr', 2"),
    "pivot_root": (155, "b'/', b'/'"),
    "unshare of users": (272, "0x10000000"),
    "unshare of networks": (272, "0x40000000"),
    "clone of users": (56, "0x10000011, 0, 0, 0, 0"),
    "setns": (308, "0, 0"),
    "swapon": (167, "b'/x', 0"),
    "reboot": (169, "0, 0, 0, None"),
    "settimeofday": (164, "None, None"),
    "acct": (163, "b'/home/user/acct'"),
    "personality": (135, "0x0040000"),
    "syslog": (103, "3, ctypes.create_string_buffer(9), 8"),
    "memfd_secret": (447, "0"),
    "modify_ldt": (154, "0, ctypes.create_string_buffer(100), 100"),
    "fanotify_init": (300, "0, 0"),
    "quotactl_fd": (443, "0, 0, 0, None"),
    "io_uring_enter": (426, "0, 0, 0, 0, None, 0"),
    "io_uring_register": (427, "0, 0, None, 0"),
    "open_tree": (428, "-100, b'/', 1"),
    "move_mount": (429, "-100, b'/usr', -100, b'/mnt', 0"),
    "fsopen": (430, "b'tmpfs', 0"),
    "fsconfig": (431, "0, 0, None, None, 0"),
    "fsmount": (432, "0, 0, 0"),
    "fspick": (433, "-100, b'/', 0"),
    "mount_setattr": (442, "-100, b'/', 0, None, 0"),
    "pidfd_getfd": (438, "os.pidfd_open(2), 0, 0"),
    "kcmp": (312, "1, 2, 0, 0, 0"),
    "kexec_file_load": (320, "0, 0, 0, None, 0"),
    "clock_settime": (227, "0, ctypes.create_string_buffer(16)"),
    "vmsplice": (278, "0, None, 0, 0"),
}


async def test_each_is_refused(sandbox: AsyncSandbox) -> None:
    calls = ", ".join(f"{n!r}: call({nr}, {a})" for n, (nr, a) in X86_64.items())
    found = await attack(sandbox, f"tell({{}} if os.uname().machine != 'x86_64' else {{{calls}}})")
    if not found:
        pytest.skip("the numbers of these calls are those of x86-64")
    assert {name: result for name, result in found.items() if result != "EPERM"} == {}


async def test_numbers_of_other_tables_are_no_detour(sandbox: AsyncSandbox) -> None:
    """The 32-bit entry ends the program; the x32 table does not exist."""
    found = await attack(
        sandbox,
        """
tell([call(0x40000000 + 101, 0, 0, 0, 0), call(0x40000000 + 272, 0x10000000), call(435, 0, 0)])
""",
    )
    assert found == ["ENOSYS", "ENOSYS", "ENOSYS"]


async def test_threads_have_no_descriptors_of_their_own(sandbox: AsyncSandbox) -> None:
    """They would be in no count. Threads as libraries start them are not meant."""
    found = await attack(
        sandbox,
        """
import threading
threading.Thread(target=lambda: None).start()
THREAD, OTHERS = 0x10000, 0x900
tell([call(56, THREAD | OTHERS, 0, 0, 0, 0), call(436, 3, 2**32 - 1, 2), call(436, 5000, 6000, 0)])
""",
    )
    assert found == ["EPERM", "ENOSYS", 0]


async def test_no_socket_knows_ways_around_the_network(sandbox: AsyncSandbox) -> None:
    """A vsock socket reaches the host of a virtual machine from every network namespace."""
    found = await attack(
        sandbox,
        """
kinds = (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET)
opened = {f for f in range(64) for kind in kinds if not isinstance(tried("s", socket.socket, f, kind), str)}
tell([sorted(opened), tried("vsock", socket.socket, 40, socket.SOCK_STREAM)])
""",
    )
    assert found == [[1, 2, 10, 16], "EAFNOSUPPORT"]


async def test_nested_namespaces_cannot_be_made(sandbox: AsyncSandbox) -> None:
    found = await attack(
        sandbox,
        """
def status(*command):
    return subprocess.run(command, capture_output=True).returncode
kinds = ("--user", "--mount", "--net", "--pid", "--ipc", "--uts", "--cgroup", "--time")
found = {kind: status("unshare", kind, "true") for kind in kinds}
found["root of its own"] = status("unshare", "--user", "--map-root-user", "true")
found["enter"] = status("nsenter", "--target", "1", "--all", "true")
found["chroot"] = status("chroot", "/home", "/usr/bin/true")
tell(found)
""",
    )
    assert 0 not in found.values(), found


async def test_terminals_cannot_be_typed_into(sandbox: AsyncSandbox) -> None:
    found = await attack(
        sandbox,
        """
import fcntl, pty
master, slave = pty.openpty()
tell([tried("type", fcntl.ioctl, slave, 0x5412, b"x"), tried("linux", fcntl.ioctl, slave, 0x541C, b"x")])
""",
    )
    assert found == ["EPERM", "EPERM"]


async def test_ids_and_priorities_cannot_be_raised(sandbox: AsyncSandbox) -> None:
    found = await attack(
        sandbox,
        """
import resource
tell({
    "root": tried("uid", os.setresuid, 0, 0, 0),
    "group": tried("gid", os.setgid, 0),
    "groups": tried("groups", os.setgroups, [0]),
    "nice": tried("nice", os.nice, -5),
    "real time": tried("fifo", os.sched_setscheduler, 0, os.SCHED_FIFO, os.sched_param(1)),
    "files": tried("files", lambda: [resource.setrlimit(resource.RLIMIT_NOFILE, (2**20, 2**20))]),
    "host name": tried("host", socket.sethostname, "x"),
    "clock": tried("clock", time.clock_settime, time.CLOCK_REALTIME, 1.0),
})
""",
    )
    assert all(
        result in ("EPERM", "EINVAL", "EACCES", "ValueError") for result in found.values()
    ), found
