"""One sandbox looks for another: files, sockets, processes, shared memory, the engine's doors."""

import asyncio
import secrets
from pathlib import Path

import httpx
from e2b import AsyncSandbox

from fixtures.attack import attack
from fixtures.engine_process import EngineProcess


async def test_no_folder_is_shared(sandbox: AsyncSandbox, neighbour: AsyncSandbox) -> None:
    name = f"note-{secrets.token_hex(8)}"
    folders = ("/", "/tmp", "/home/user", "/dev/shm", "/dev/mqueue", "/var/tmp", "/run", "/opt")
    await attack(
        sandbox,
        f"""
for folder in {folders!r}:
    tried("write", lambda: open(f"{{folder}}/{name}", "w").close())
tell(None)
""",
    )
    found = await attack(
        neighbour,
        f"tell([f for f in {folders!r} if os.path.lexists(f'{{f}}/{name}')])",
    )
    assert found == []


async def test_no_socket_is_shared(
    engine: EngineProcess, sandbox: AsyncSandbox, neighbour: AsyncSandbox
) -> None:
    name = secrets.token_hex(8)
    program = (
        "import socket, time; s = socket.socket(socket.AF_UNIX); "
        f"s.bind(chr(0) + '{name}'); s.listen(); t = socket.create_server(('', 4567)); "
        "print('up', flush=True); time.sleep(60)"
    )
    up = asyncio.Event()
    started = await sandbox.commands.run(
        f'python3 -c "{program}"', background=True, on_stdout=lambda _: up.set()
    )
    async with asyncio.timeout(30):
        await up.wait()
    try:
        found = await attack(
            neighbour,
            f"""
def connected(family, address):
    with socket.socket(family) as door:
        door.settimeout(3)
        door.connect(address)
        return "connected"
sockets = [p for f, _, names in os.walk("/run") for p in (os.path.join(f, n) for n in names)]
tell([
    tried("abstract", connected, socket.AF_UNIX, chr(0) + "{name}"),
    tried("port", connected, socket.AF_INET, ("127.0.0.1", 4567)),
    [path for path in sockets if stat.S_ISSOCK(os.stat(path).st_mode)],
    [line.split()[-1] for line in read("/proc/net/unix").splitlines()[1:] if "engine" in line],
])
""",
        )
    finally:
        await started.kill()
    abstract, port, sockets, listed = found
    assert (abstract, port) == ("ECONNREFUSED", "ECONNREFUSED")
    assert sockets == ["/run/engine/egress.sock"]
    assert listed == []


async def test_no_process_of_another_can_be_seen_or_signalled(
    sandbox: AsyncSandbox, neighbour: AsyncSandbox
) -> None:
    marker = f"6543.{secrets.randbelow(10**9)}"
    await neighbour.commands.run(f"sleep {marker}", background=True)
    found = await attack(
        sandbox,
        """
seen = [read(f"/proc/{pid}/cmdline") for pid in os.listdir("/proc") if pid.isdecimal()]
results = {tried("signal", os.kill, pid, 0) for pid in range(3, 5000) if not os.path.exists(f"/proc/{pid}")}
tell([seen, sorted(map(str, results))])
""",
    )
    seen, results = found
    assert not any(marker in line for line in seen)
    assert results == ["ESRCH"]
    assert [p.cmd for p in await neighbour.commands.list()] == ["/bin/bash"]


async def test_no_memory_or_queue_is_shared(sandbox: AsyncSandbox, neighbour: AsyncSandbox) -> None:
    key = secrets.randbelow(2**30)
    made = await attack(sandbox, f"tell(libc.shmget({key}, 4096, 0o1666) >= 0)")
    assert made is True
    found = await attack(
        neighbour,
        f"""
tell([libc.shmget({key}, 4096, 0o666), libc.msgget({key}, 0o666), libc.semget({key}, 1, 0o666),
      len(read("/proc/sysvipc/shm").splitlines())])
""",
    )
    assert found == [-1, -1, -1, 1]


async def test_a_sandbox_cannot_use_anothers_token_or_signed_address(
    engine: EngineProcess, sandbox: AsyncSandbox, neighbour: AsyncSandbox
) -> None:
    await neighbour.files.write("note", "the neighbour's")
    signed = httpx.URL(await _signed(neighbour))
    headers = {"E2b-Sandbox-Id": sandbox.sandbox_id, "E2b-Sandbox-Port": "49983"}
    token = neighbour._envd_access_token
    async with httpx.AsyncClient(base_url=engine.url, headers=headers) as client:
        for extra in ({}, {"X-Access-Token": str(token)}):
            answer = await client.post("/process.Process/List", json={}, headers=extra)
            assert answer.status_code == 401
        answer = await client.get("/files", params=signed.params)
        assert answer.status_code == 401


async def _signed(sandbox: AsyncSandbox) -> str:
    return sandbox.download_url("note", use_signature_expiration=60)


async def test_each_sandboxes_folder_is_closed_to_other_users(
    engine: EngineProcess, sandbox: AsyncSandbox
) -> None:
    assert _others_may_enter(engine.data_dir) is False
    assert (engine.data_dir / "sandboxes" / sandbox.sandbox_id / "upper").is_dir()


def _others_may_enter(folder: Path) -> bool:
    return bool(folder.stat().st_mode & 0o077)
