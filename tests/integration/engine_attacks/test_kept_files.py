"""Deleted files take their place on disk as long as somebody keeps them, however that is done."""

import contextlib

import pytest
from e2b import AsyncSandbox, CommandExitException, SandboxException

from fixtures.attack import eventually
from fixtures.engine_process import EngineProcess

KEEP = {
    "descriptor": "held.append(os.dup(fd))",
    "mapping": "held.append(map_one(None, 4096, 1, 2, fd, 0))",
    "message": "left.sendmsg([b'x'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [fd]))])",
    "message for one who never accepts": (
        "client = socket.socket(socket.AF_UNIX); client.connect('door')\n"
        "    client.sendmsg([b'x'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [fd]))])"
    ),
    "misleading name": "held.append(os.dup(fd))",
}
PROGRAM = """
import array, ctypes, os, socket, time
map_one = ctypes.CDLL(None).mmap
map_one.restype = ctypes.c_void_p
left, right = socket.socketpair()
door = socket.socket(socket.AF_UNIX)
door.bind("door")
door.listen(30)
block = os.urandom(1 << 20)
held = []
name = NAME
os.makedirs(os.path.dirname(name), exist_ok=True)
for _ in range(20):
    fd = os.open(name, os.O_RDWR | os.O_CREAT)
    os.unlink(name)
    for _ in range(50):
        os.write(fd, block)
    KEEP
    os.close(fd)
    time.sleep(0.3)
time.sleep(40)
"""


@pytest.mark.parametrize("way", KEEP)
async def test_a_deleted_file_counts_while_it_is_kept(
    way: str, engine: EngineProcess, sandbox: AsyncSandbox
) -> None:
    """Five times the limit: who is not noticed comes to an end."""
    name = "/memfd:/x" if way == "misleading name" else "/home/user/x"
    program = PROGRAM.replace("NAME", repr(name)).replace("KEEP", KEEP[way])
    await sandbox.files.write("keep.py", program)
    with pytest.raises(CommandExitException):
        await sandbox.commands.run("exec python3 keep.py", timeout=100)
    log = engine.data_dir.with_suffix(".log").read_text().splitlines()
    assert any("sandbox_disk_full" in line and sandbox.sandbox_id in line for line in log)

    async def can_write() -> bool:
        with contextlib.suppress(SandboxException):
            return (await sandbox.files.write("file", "x")).path == "/home/user/file"
        return False

    await eventually(can_write)
