"""Programs that take all they can get: it ends in their own sandbox, and a neighbour notices
nothing but the noise."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from e2b import AsyncSandbox, CommandExitException, SandboxException

from fixtures.attack import PREAMBLE, SMALL_LIMITS, attack, eventually, host_processes
from fixtures.engine_process import EngineProcess

MANY = 3 * SMALL_LIMITS["processes"]
BOMBS = {
    "forks": f"import os, time\nfor _ in range({MANY}):\n    os.fork() or time.sleep(54.25)",
    "forks of forks": "import os, time\nwhile True:\n    try: os.fork()\n    except OSError: time.sleep(1)",
    "memory": "held = []\nwhile True: held.append(bytearray(8 << 20))",
    "memory of many": (
        "import os, time\nfor _ in range(16):\n    if not os.fork():\n"
        "        held = bytearray(os.urandom(1 << 20) * 64)\n        time.sleep(99)\nos.wait()"
    ),
    "shared memory": (
        "import mmap\nheld = []\nwhile True:\n"
        "    held.append(mmap.mmap(-1, 8 << 20)); held[-1].write(b'x' * (8 << 20))"
    ),
    "unmapped memory": (
        "import os\nwhile True:\n    fd = os.memfd_create('x')\n"
        "    for _ in range(8): os.write(fd, b'x' * (8 << 20))"
    ),
    "disk": "with open('big', 'wb') as file:\n    while True: file.write(b'x' * (1 << 20))",
    "deleted files": (
        "import os\nfile = open('gone', 'wb'); os.unlink('gone')\n"
        "while True: file.write(b'x' * (1 << 20))"
    ),
    "hidden folder": (
        "import os\nos.makedirs('a/b'); os.chdir('a/b'); os.chmod('..', 0)\n"
        "with open('big', 'wb') as file:\n    while True: file.write(b'x' * (1 << 20))"
    ),
    "temporary files": "with open('/tmp/big', 'wb') as file:\n    while True: file.write(b'x' * 65536)",
    "files of the system": "with open('/run/big', 'wb') as file:\n    while True: file.write(b'x' * 65536)",
    "shared segments": (
        "import ctypes\nlibc = ctypes.CDLL(None)\nlibc.shmat.restype = ctypes.c_void_p\n"
        "for size in [(1 << 20) - 4096] * 4096 + [1 << 16] * 4096:\n"
        "    number = libc.shmget(0, size, 0o1666)\n    if number < 0: continue\n"
        "    at = libc.shmat(number, None, 0)\n    ctypes.memset(at, 1, size)\n"
        "    libc.shmdt(ctypes.c_void_p(at))"
    ),
    "socket buffers": (
        "import socket\nheld = []\nwhile True:\n    held += socket.socketpair()\n"
        "    for one in held[-2:]:\n        one.setblocking(False)\n"
        "        one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8 << 20)\n"
        "        try:\n            while True: one.send(b'x' * 65536)\n"
        "        except BlockingIOError: pass"
    ),
    "buffers of connections": (
        "import socket\ndoor = socket.create_server(('127.0.0.1', 7777))\nheld = []\n"
        "while True:\n    held += [socket.create_connection(('127.0.0.1', 7777)), door.accept()[0]]\n"
        "    for one in held[-2:]:\n        one.setblocking(False)\n"
        "        try:\n            while True: one.send(b'x' * 65536)\n"
        "        except BlockingIOError: pass"
    ),
    "zombies": "import os, time\nfor _ in range(9999):\n    if not os.fork(): os._exit(0)\ntime.sleep(54.25)",
    "descriptors": (
        "import os, resource, time\n_, hard = resource.getrlimit(resource.RLIMIT_NOFILE)\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))\n"
        "for _ in range(40):\n    if not os.fork():\n        for _ in range(1000): os.pipe()\n"
        "        time.sleep(99)\nos.wait()"
    ),
    "terminals": "import os, time\nheld = [os.openpty() for _ in range(2000)]\ntime.sleep(99)",
    "watches": (
        "import ctypes\nlibc = ctypes.CDLL(None)\nheld = [libc.inotify_init1(0) for _ in range(1000)]\n"
        "raise SystemExit(held.count(-1) == 0)"
    ),
}


METADATA = {
    "empty files": "os.close(os.open(name, os.O_CREAT | os.O_WRONLY))",
    "folders": "os.mkdir(name)",
    "long links": "os.symlink('x' * 4000, name)",
    "attributes": "os.close(os.open(name, os.O_CREAT | os.O_WRONLY)); os.setxattr(name, 'user.a', b'x' * 3900)",
}


@pytest.fixture
async def bystander(neighbour: AsyncSandbox) -> AsyncIterator[AsyncSandbox]:
    """Works all the while, and is intact at the end."""
    await neighbour.files.write("kept", "kept")
    yield neighbour
    assert await neighbour.files.read("kept") == "kept"


async def _works(sandbox: AsyncSandbox) -> None:
    done = await sandbox.commands.run(
        "echo x > note && cat note && python3 -c 'print(sum(range(10)))'", timeout=60
    )
    assert done.stdout == "x\n45\n"


@pytest.mark.parametrize("bomb", BOMBS)
async def test_a_bomb_ends_in_its_own_sandbox(
    bomb: str, engine: EngineProcess, sandbox: AsyncSandbox, bystander: AsyncSandbox
) -> None:
    await sandbox.files.write("bomb.py", BOMBS[bomb])
    exploding = asyncio.create_task(sandbox.commands.run("exec python3 bomb.py", timeout=5))
    for _ in range(3):
        await _works(bystander)
    with contextlib.suppress(CommandExitException, SandboxException):
        await exploding
    assert engine.process.poll() is None
    await _works(bystander)
    await AsyncSandbox.connect(sandbox.sandbox_id, **engine.options)

    async def is_usable() -> bool:
        """On a busy host what the bomb left takes its time to end."""
        with contextlib.suppress(SandboxException):
            return (await sandbox.commands.run("echo usable", timeout=60)).stdout == "usable\n"
        return False

    await eventually(is_usable)


async def test_what_a_bomb_holds_in_memory_is_bounded(
    engine: EngineProcess, sandbox: AsyncSandbox
) -> None:
    """Of the kernel's memory too, which belongs to no process."""
    held = ["files of the system", "shared segments", "socket buffers"]
    if "No control groups" not in engine.data_dir.with_suffix(".log").read_text():
        held.append(
            "buffers of connections"
        )  # else the kernel limits them for all programs together
    limit = SMALL_LIMITS["memory_mb"]
    for bomb in held:
        before = lowest = _available_mb()
        await sandbox.files.write("bomb.py", BOMBS[bomb])
        exploding = asyncio.create_task(sandbox.commands.run("exec python3 bomb.py", timeout=6))
        while not exploding.done():
            lowest = min(lowest, _available_mb())
            await asyncio.sleep(0.1)
        with contextlib.suppress(CommandExitException, SandboxException):
            await exploding
        await AsyncSandbox.connect(sandbox.sandbox_id, **engine.options)
        # what other programs of this host take meanwhile is not the bomb's
        assert before - lowest < 2 * limit + 500, bomb
        await sandbox.commands.run("rm -f /run/big")


async def test_who_computes_for_long_gives_way_until_it_rests(
    engine: EngineProcess, sandbox: AsyncSandbox
) -> None:
    """Of its control group, or of the session of each program."""
    program = (
        "import time\nuntil = time.time() + 8\nwhile time.time() < until: pass\ntime.sleep(54.75)"
    )
    await sandbox.files.write("spin.py", program)
    await sandbox.commands.run("exec python3 spin.py", background=True)
    switches = _idle_switches(sandbox)
    if not switches:
        assert "No control groups" in engine.data_dir.with_suffix(".log").read_text()
        [pid] = await eventually(lambda: host_processes("spin.py"))
        switches = [Path(f"/proc/{pid}/autogroup")]
    [switch] = switches
    gives, rests = ("1", "0") if switch.name == "cpu.idle" else ("19", "0")
    assert switch.read_text().split()[-1] == rests
    await eventually(lambda: switch.read_text().split()[-1] == gives)
    await eventually(lambda: switch.read_text().split()[-1] == rests)


def _idle_switches(sandbox: AsyncSandbox) -> list[Path]:
    return list(Path("/sys/fs/cgroup").glob(f"**/{sandbox.sandbox_id}-*/cpu.idle"))


def _available_mb() -> int:
    found = Path("/proc/meminfo").read_text().partition("MemAvailable:")[2]
    return int(found.split()[0]) >> 10


async def test_watches_of_one_sandbox_leave_some_to_others(
    sandbox: AsyncSandbox, neighbour: AsyncSandbox
) -> None:
    """The kernel counts them for a user of the host, which may have many sandboxes."""
    grab = """
refused = False
for _ in range(200):
    fd = libc.inotify_init1(0)
    if fd < 0: break
    for folder, _, names in os.walk("/usr"):
        for name in names:
            if libc.inotify_add_watch(fd, os.path.join(folder, name).encode(), 2) < 0:
                refused = refused or ctypes.get_errno() == errno.ENOSPC
        if refused: break
    if refused: break
print("grabbed", flush=True)
time.sleep(60)
"""
    grabbed = asyncio.Event()
    await sandbox.files.write("grab.py", PREAMBLE + grab)
    grabbing = await sandbox.commands.run(
        "exec python3 grab.py", background=True, timeout=90, on_stdout=lambda _: grabbed.set()
    )
    async with asyncio.timeout(60):
        await grabbed.wait()
    watching = await attack(
        neighbour,
        """
fd = libc.inotify_init1(0)
folders = [folder for folder, _, _ in os.walk("/usr/share")][:2000]
tell([len(folders), sum(libc.inotify_add_watch(fd, f.encode(), 2) >= 0 for f in folders)])
""",
    )
    await grabbing.kill()
    assert watching[0] == watching[1] > 100


@pytest.mark.parametrize("kind", METADATA)
async def test_what_takes_place_without_content_is_counted(
    kind: str, engine: EngineProcess, sandbox: AsyncSandbox
) -> None:
    """A file system has only so many places for files, and folders and names are no writes."""
    before = os.statvfs(engine.data_dir)
    program = f"import os\nos.mkdir('all'); os.chdir('all')\nfor name in map(str, range(10**6)): {METADATA[kind]}"
    await sandbox.files.write("bomb.py", program)
    with pytest.raises(CommandExitException):
        await sandbox.commands.run("exec python3 bomb.py", timeout=100)
    after = os.statvfs(engine.data_dir)
    assert before.f_ffree - after.f_ffree < 200_000
    assert (before.f_bfree - after.f_bfree) * after.f_frsize < 1 << 30


async def test_the_number_of_processes_is_limited(sandbox: AsyncSandbox) -> None:
    marker = "54321.5"
    program = (
        f"import subprocess, time\nfor _ in range({MANY}): subprocess.Popen(['sleep', '{marker}'])"
    )
    await sandbox.files.write("many.py", program)
    with contextlib.suppress(CommandExitException, SandboxException):
        await sandbox.commands.run("python3 many.py", timeout=20)
    assert len(host_processes(marker)) <= SMALL_LIMITS["processes"]


async def test_files_are_listed_and_removed_at_the_limit_of_processes(
    sandbox: AsyncSandbox,
) -> None:
    program = (
        f"import os, time\nfor _ in range({MANY}):\n    try: os.fork() or time.sleep(54.75)\n"
        "    except OSError: break\nprint('all', flush=True)\ntime.sleep(54.75)"
    )
    await sandbox.files.write("forks.py", program)
    full = asyncio.Event()
    bomb = await sandbox.commands.run(
        "exec python3 forks.py", background=True, on_stdout=lambda _: full.set()
    )
    await asyncio.wait_for(full.wait(), 20)
    assert "forks.py" in {entry.name for entry in await sandbox.files.list(".")}
    await sandbox.files.remove("forks.py")
    await bomb.kill()


async def test_a_full_disk_refuses_writes_until_something_is_deleted(
    engine: EngineProcess, sandbox: AsyncSandbox
) -> None:
    with pytest.raises(CommandExitException) as ended:
        await sandbox.commands.run("head -c 3G /dev/zero > big", timeout=60)
    assert "The disk of this sandbox is full" in ended.value.stderr
    used = (engine.data_dir / "sandboxes" / sandbox.sandbox_id / "upper/home/user/big").stat()
    assert used.st_blocks * 512 < 2 << 30
    assert "sandbox_disk_full" in engine.data_dir.with_suffix(".log").read_text()
    big = b"x" * (SMALL_LIMITS["disk_mb"] << 20)

    async def is_accepted() -> bool:
        try:
            await sandbox.files.write("more", big[: len(big) // 4])
        except SandboxException as error:
            return "The disk of this sandbox is full" not in str(error)
        return True

    assert not await is_accepted()
    await sandbox.commands.run("rm big")
    await eventually(is_accepted)


async def test_a_full_sandbox_has_room_for_records_and_says_why_programs_fail(
    engine: EngineProcess, sandbox: AsyncSandbox
) -> None:
    with pytest.raises(CommandExitException):
        await sandbox.commands.run("head -c 3G /dev/zero > big", timeout=60)
    await sandbox.files.write("small", b"x" * (256 << 10))
    with pytest.raises(CommandExitException) as refused:
        await sandbox.commands.run("head -c 1M /dev/zero > more")
    assert refused.value.exit_code == 1
    assert "File too large" in refused.value.stderr
    assert "The disk of this sandbox is full" in refused.value.stderr
    # node and Python give their children all signals as they were at first
    child = "head -c 1M /dev/zero > more; echo ended with $?"
    for parent in (
        f"node -e 'require(`child_process`).execSync(`{child}`, {{stdio: `inherit`}})'",
        f"python3 -c 'import subprocess; subprocess.run(\"{child}\", shell=True)'",
    ):
        said = await sandbox.commands.run(parent)
        assert "File too large" in said.stderr
        assert said.stdout == "ended with 1\n"
    recorded = "mkdir r && echo $$ > r/pid && rm big && echo $? > r/code && cat r/code"
    assert (await sandbox.commands.run(recorded)).stdout == "0\n"


async def test_a_full_disk_cannot_be_written_by_taking_back_the_limit(
    engine: EngineProcess, sandbox: AsyncSandbox
) -> None:
    """A program may raise its own limit again."""
    log = engine.data_dir.with_suffix(".log")

    def said(what: str) -> bool:
        lines = log.read_text().splitlines()
        return any(what in line and sandbox.sandbox_id in line for line in lines)

    with pytest.raises(CommandExitException):
        await sandbox.commands.run("head -c 3G /dev/zero > big", timeout=60)
    await eventually(lambda: said("sandbox_disk_full"))
    await asyncio.sleep(3)  # several looks at its disk
    with pytest.raises(CommandExitException):
        await sandbox.commands.run(
            "ulimit -S -f $(ulimit -H -f); for i in 1 2 3 4 5 6 7 8; do "
            "head -c 4M /dev/zero > more-$i && sleep 1; done; sleep 20",
            timeout=60,
        )
    assert said("it grows all the same")
    for number in range(60):
        with contextlib.suppress(SandboxException, CommandExitException):
            raised = "ulimit -S -f $(ulimit -H -f)"
            await sandbox.commands.run(f"{raised}; head -c 16M /dev/zero > piece-{number}")
        if said("sandbox_stopped_for_its_disk"):
            break
    # on a fast disk all of it is written between two looks
    await eventually(lambda: said("sandbox_stopped_for_its_disk"))
    again = await AsyncSandbox.connect(sandbox.sandbox_id, **engine.options)
    with pytest.raises(CommandExitException):
        await again.commands.run("head -c 1M /dev/zero > more-still")
    await again.commands.run("sleep 3; rm -f big more-* piece-*", timeout=60)
    upper = engine.data_dir / "sandboxes" / sandbox.sandbox_id / "upper"
    assert sum(file.stat().st_size for file in (upper / "home/user").iterdir()) < 1 << 20


async def test_output_without_a_reader_is_not_kept(
    engine: EngineProcess, sandbox: AsyncSandbox
) -> None:
    """`yes` writes as fast as anybody reads: while nobody does, nothing may pile up."""
    before = _resident_mb(engine.process.pid)
    flood = await sandbox.commands.run("yes | head -c 10G", background=True, timeout=0)
    await flood.disconnect()
    watched = await sandbox.commands.run("yes", background=True, timeout=0, on_stdout=_slow_reader)
    for _ in range(10):
        await sandbox.commands.run("true", timeout=60)
        await asyncio.sleep(0.2)
    agent_kb = await sandbox.commands.run("awk '/VmRSS/ {print $2}' /proc/2/status")
    assert int(agent_kb.stdout) < 100_000
    assert _resident_mb(engine.process.pid) < before + 60
    await watched.kill()


async def _slow_reader(chunk: str) -> None:
    del chunk
    await asyncio.sleep(1)  # how slow it is


def _resident_mb(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) // 1024
    raise AssertionError(pid)


async def test_no_bomb_of_these_is_left_on_the_host() -> None:
    await eventually(lambda: not host_processes("bomb.py"))
