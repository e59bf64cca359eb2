"""Programs that take all they can get: it ends in their own sandbox, and a neighbour notices
nothing but the noise."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from e2b import AsyncSandbox, CommandExitException, SandboxException

from fixtures.attack import SMALL_LIMITS, eventually, host_processes
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
    assert (await sandbox.commands.run("echo usable", timeout=60)).stdout == "usable\n"


async def test_the_number_of_processes_is_limited(sandbox: AsyncSandbox) -> None:
    marker = "54321.5"
    program = (
        f"import subprocess, time\nfor _ in range({MANY}): subprocess.Popen(['sleep', '{marker}'])"
    )
    await sandbox.files.write("many.py", program)
    with contextlib.suppress(CommandExitException, SandboxException):
        await sandbox.commands.run("python3 many.py", timeout=20)
    assert len(host_processes(marker)) <= SMALL_LIMITS["processes"]


async def test_a_full_disk_refuses_writes_until_something_is_deleted(
    engine: EngineProcess, sandbox: AsyncSandbox
) -> None:
    with pytest.raises(CommandExitException):
        await sandbox.commands.run("head -c 3G /dev/zero > big", timeout=60)
    used = (engine.data_dir / "sandboxes" / sandbox.sandbox_id / "upper/home/user/big").stat()
    assert used.st_blocks * 512 < 2 << 30

    async def is_refused() -> bool:
        try:
            await sandbox.files.write("more", "more")
        except SandboxException as error:
            return "File too large" in str(error)
        return False

    async def is_accepted() -> bool:
        return not await is_refused()

    await eventually(is_refused)
    assert "sandbox_disk_full" in engine.data_dir.with_suffix(".log").read_text()
    await sandbox.commands.run("rm big")
    await eventually(is_accepted)
    assert await sandbox.files.read("more") == "more"


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
    await asyncio.sleep(1)


def _resident_mb(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) // 1024
    raise AssertionError(pid)


async def test_no_bomb_of_these_is_left_on_the_host() -> None:
    await eventually(lambda: not host_processes("bomb.py"))
