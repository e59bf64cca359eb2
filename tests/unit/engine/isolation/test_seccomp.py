import struct

import pytest

from stackwright.engine.isolation.seccomp import UnsupportedMachine, filter_program

ALLOW, EPERM, ENOSYS, KILL = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000
ENOMEM, EOPNOTSUPP, EAFNOSUPPORT, DONE = 0x0005000C, 0x0005005F, 0x00050061, 0x00050000
X86 = 0xC000003E


def verdict(program: bytes, *, arch: int, number: int, args: tuple[int, ...] = ()) -> int:
    data = struct.pack("<iIQ6Q", number, arch, 0, *(args + (0,) * 6)[:6])
    steps = list(struct.iter_unpack("HBBI", program))
    accumulator, at = 0, 0
    while True:
        code, if_true, if_false, value = steps[at]
        at += 1
        match code:
            case 0x20:
                accumulator = struct.unpack_from("<I", data, value)[0]
            case 0x15:
                at += if_true if accumulator == value else if_false
            case 0x35:
                at += if_true if accumulator >= value else if_false
            case 0x45:
                at += if_true if accumulator & value else if_false
            case _:
                return value


@pytest.mark.parametrize(
    ("name", "number", "args", "expected"),
    [
        ("read", 0, (), ALLOW),
        ("execve", 59, (), ALLOW),
        ("clone of a thread", 56, (0x3D0F00,), ALLOW),
        ("clone of a process", 56, (0x1200011,), ALLOW),
        ("clone of a child that shares memory, for posix_spawn", 56, (0x4111,), ALLOW),
        ("clone of a thread with descriptors of its own", 56, (0x3D0B00,), EPERM),
        ("closing many descriptors", 436, (3, 0xFFFFFFFF, 0), ALLOW),
        ("closing many at the next program", 436, (3, 0xFFFFFFFF, 4), ALLOW),
        ("closing many in a table of its own", 436, (3, 0xFFFFFFFF, 2), ENOSYS),
        ("clone with a new user namespace", 56, (0x10000000,), EPERM),
        ("clone with a new time namespace", 56, (0x80,), EPERM),
        ("clone3", 435, (), ENOSYS),
        ("terminal size", 16, (0, 0x5413), ALLOW),
        ("typing into a terminal", 16, (0, 0x5412), EPERM),
        ("mount", 165, (), EPERM),
        ("unshare", 272, (), EPERM),
        ("ptrace", 101, (), EPERM),
        ("bpf", 321, (), EPERM),
        ("what to do about a file that is too large", 13, (25, 0x7F00_0000_1000), DONE),
        ("the same, at an address whose low half is zero", 13, (25, 1 << 32), DONE),
        ("asking for it", 13, (25, 0), ALLOW),
        ("what to do about another signal", 13, (15, 0x7F00_0000_1000), ALLOW),
        ("io_uring_setup", 425, (), EPERM),
        ("x32 read", 0x40000000, (), ENOSYS),
        ("fallocate", 285, (), EOPNOTSUPP),
        ("memfd_create", 319, (), ALLOW),
        ("memfd_secret", 447, (), EPERM),
        ("a large shared segment", 29, (0, 1 << 30), ALLOW),
        ("modify_ldt", 154, (), EPERM),
        ("syslog", 103, (), EPERM),
        ("a unix socket", 41, (1,), ALLOW),
        ("an internet socket", 41, (2,), ALLOW),
        ("an IPv6 socket", 41, (10,), ALLOW),
        ("a netlink socket", 41, (16,), ALLOW),
        ("a raw packet socket", 41, (17,), EAFNOSUPPORT),
        ("a socket to the virtual machine's host", 41, (40,), EAFNOSUPPORT),
        ("a crypto socket", 41, (38,), EAFNOSUPPORT),
        ("a large socket buffer", 54, (3, 1, 7), ALLOW),
    ],
)
def test_each_call_gets_its_verdict(
    name: str, number: int, args: tuple[int, ...], expected: int
) -> None:
    program = filter_program("x86_64")
    assert verdict(program, arch=X86, number=number, args=args) == expected, name


def test_calls_of_another_architecture_end_the_process() -> None:
    assert verdict(filter_program("x86_64"), arch=0x40000003, number=0) == KILL


def test_arm_machines_have_a_filter_too() -> None:
    program = filter_program("aarch64")
    assert verdict(program, arch=0xC00000B7, number=40) == EPERM
    assert verdict(program, arch=0xC00000B7, number=63) == ALLOW
    assert verdict(program, arch=0xC00000B7, number=198, args=(1,)) == ALLOW
    assert verdict(program, arch=0xC00000B7, number=198, args=(40,)) == EAFNOSUPPORT


def test_an_unknown_processor_is_refused() -> None:
    with pytest.raises(UnsupportedMachine, match="sparc"):
        filter_program("sparc")


@pytest.mark.parametrize(
    ("name", "number", "args", "expected"),
    [
        ("memfd_create", 319, (), ENOSYS),
        ("a small shared segment", 29, (0, 1 << 16), ALLOW),
        ("a large shared segment", 29, (0, 1 << 17), ENOMEM),
        ("a large socket buffer", 54, (3, 1, 7), DONE),
        ("a large buffer for receiving", 54, (3, 1, 8), DONE),
        ("a reusable address", 54, (3, 1, 2), ALLOW),
        ("no delay", 54, (3, 6, 1), ALLOW),
        ("an option of another layer with the same number", 54, (3, 6, 7), ALLOW),
        ("a shared segment of many gigabytes", 29, (0, 1 << 33), ENOMEM),
        ("mount", 165, (), EPERM),
        ("read", 0, (), ALLOW),
    ],
)
def test_memory_that_belongs_to_no_process_is_refused_where_none_is_limited(
    name: str, number: int, args: tuple[int, ...], expected: int
) -> None:
    program = filter_program("x86_64", memory_is_limited=False)
    assert verdict(program, arch=X86, number=number, args=args) == expected, name
