"""In Docker with the documented options: sandboxes work, and what they share with the host's root is a
user id without any right."""

import os
from collections.abc import Iterator

import pytest
from e2b import AsyncSandbox

from fixtures.attack import SMALL_LIMITS, attack
from fixtures.contained import engine_in_container
from fixtures.engine_process import EngineProcess


@pytest.fixture(scope="module")
def engine() -> Iterator[EngineProcess]:
    if os.geteuid() != 0:
        pytest.skip("the tests do not run as root")
    with engine_in_container(limits=SMALL_LIMITS) as process:
        yield process


async def test_a_sandbox_lives_there_as_anywhere(
    engine: EngineProcess, sandbox: AsyncSandbox
) -> None:
    told = engine.data_dir.with_suffix(".log").read_text()
    assert "Sandboxes keep root's user id, without its capabilities" in told
    assert "No control groups for pids, memory, cpu" in told
    await sandbox.files.write("kept", "kept")
    for keeps_memory in (True, False):
        await sandbox.pause(keep_memory=keeps_memory)
        await sandbox.connect(timeout=60)
        assert (await sandbox.commands.run("cat kept; id -un")).stdout == "keptuser\n"
    snapshot = await sandbox.create_snapshot()
    copy = await AsyncSandbox.create(snapshot.snapshot_id, **engine.options)
    assert await copy.files.read("kept") == "kept"
    await copy.kill()
    await AsyncSandbox.delete_snapshot(snapshot.snapshot_id, **engine.options)


async def test_the_id_of_root_opens_nothing(engine: EngineProcess, sandbox: AsyncSandbox) -> None:
    secret = engine.data_dir / "secret.txt"
    secret.write_text("secret of the host")
    secret.chmod(0o600)
    found = await attack(
        sandbox,
        f"""
opened = []
for folder, folders, names in os.walk("/proc"):
    if folder == "/proc":
        folders[:] = [name for name in folders if not name.isdecimal() and "self" not in name]
    for name in names:
        path = os.path.join(folder, name)
        if tried("open", opens_for_writing, path) == "opened" and os.stat(path).st_rdev != os.makedev(1, 3):
            opened.append(path)
hidden = ("kcore", "kmsg", "kpageflags", "kpagecount", "kpagecgroup", "vmallocinfo", "slabinfo", "timer_list")
doors = ["/proc/1/mem", "/proc/2/mem", "/proc/2/environ", "/proc/2/maps", "/proc/2/root/etc/passwd"]
doors += [f"/proc/2/fd/{{number}}" for number in range(32)] + [{str(secret)!r}]
status = dict(line.split(":", 1) for line in read("/proc/self/status").splitlines())
tell([
    opened,
    [tried("read", read, "/proc/" + name, 1) for name in hidden],
    [tried("read", read, door, 1) for door in doors],
    [status[name].strip() for name in ("CapEff", "CapPrm", "NoNewPrivs", "Seccomp")],
    [tried("uid", os.setuid, 0), tried("mknod", os.mknod, "disk", 0o600 | stat.S_IFBLK, os.makedev(254, 0))],
])
""",
    )
    opened, hidden, doors, rights, raised = found
    assert opened == []
    assert set(hidden) <= {"", "EACCES", "EPERM", "ENOENT"}
    assert set(doors) <= {"EACCES", "EPERM", "ENOENT"}
    assert rights == ["0" * 16, "0" * 16, "1", "2"]
    assert set(raised) <= {"EPERM", "EINVAL"}
