import asyncio
from pathlib import Path

import pytest
from e2b import (
    AsyncSandbox,
    InvalidArgumentException,
    SandboxException,
    SandboxNotFoundException,
)

from fixtures.engine_process import EngineProcess, running_engine

pytestmark = pytest.mark.integration

STATE = "cd /home/user; find . | sort; cat kept shared; ls -l kept run.sh; readlink link; ls /etc"


async def test_a_snapshot_holds_the_files_and_leaves_the_sandbox_running(
    engine: EngineProcess, sandbox: AsyncSandbox
) -> None:
    await sandbox.commands.run(
        "mkdir -p d/empty; echo one > kept; ln kept d/hard; ln -s kept link; touch run.sh;"
        "chmod 500 run.sh; echo x > shared; rm /etc/hostname; mkfifo pipe; truncate -s 10M sparse"
    )
    ticking = await sandbox.commands.run("sleep 4321", background=True)
    snapshot = await sandbox.create_snapshot()
    assert ticking.pid in [process.pid for process in await sandbox.commands.list()]
    before = (await sandbox.commands.run(STATE)).stdout
    await sandbox.files.write("kept", "changed later")
    one, two = await asyncio.gather(
        *(AsyncSandbox.create(snapshot.snapshot_id, timeout=60, **engine.options) for _ in range(2))
    )
    assert (await one.commands.run(STATE)).stdout == before
    await one.files.write("kept", "of one only")
    assert await two.files.read("kept") == "one\n"
    assert (await one.commands.run("du -k sparse")).stdout == "0\tsparse\n"
    await ticking.disconnect()
    await asyncio.gather(one.kill(), two.kill())
    assert await AsyncSandbox.delete_snapshot(snapshot.snapshot_id, **engine.options)


async def test_a_named_snapshot_is_found_by_name_and_replaced_by_its_successor(
    engine: EngineProcess, sandbox: AsyncSandbox
) -> None:
    await sandbox.files.write("version", "1")
    await sandbox.create_snapshot(name="Kept.work")
    await sandbox.files.write("version", "2")
    second = await sandbox.create_snapshot(name="Kept.work")
    tagged = await sandbox.create_snapshot(name="Kept.work:old")
    assert second.names == ["local/Kept.work:default"]
    for name, version in (("Kept.work", "2"), ("local/Kept.work:old", "2")):
        copy = await AsyncSandbox.create(name, timeout=60, **engine.options)
        assert await copy.files.read("version") == version
        await copy.kill()
    found = await AsyncSandbox.list_snapshots(name="Kept.work", **engine.options).next_items()
    assert [s.snapshot_id for s in found] == [tagged.snapshot_id, second.snapshot_id]
    for snapshot in (second, tagged):
        assert await AsyncSandbox.delete_snapshot(snapshot.snapshot_id, **engine.options)
        assert not await AsyncSandbox.delete_snapshot(snapshot.snapshot_id, **engine.options)
    with pytest.raises(SandboxException, match="404"):
        await AsyncSandbox.create("Kept.work", **engine.options)


async def test_snapshots_are_listed_by_sandbox_and_come_in_pages(
    engine: EngineProcess, sandbox: AsyncSandbox
) -> None:
    taken = [(await sandbox.create_snapshot()).snapshot_id for _ in range(3)]
    pages = sandbox.list_snapshots(limit=2)
    first = await pages.next_items()
    second = await pages.next_items()
    assert [s.snapshot_id for s in first + second] == taken[::-1]
    assert not pages.has_next
    for snapshot_id in taken:
        await AsyncSandbox.delete_snapshot(snapshot_id, **engine.options)
    assert await sandbox.list_snapshots().next_items() == []


async def test_a_deleted_snapshot_stays_on_disk_while_something_lies_on_it(
    engine: EngineProcess, sandbox: AsyncSandbox
) -> None:
    folder = engine.data_dir / "snapshots"
    await sandbox.files.write("kept", "1")
    snapshot = await sandbox.create_snapshot()
    copy = await AsyncSandbox.create(snapshot.snapshot_id, timeout=60, **engine.options)
    upper = await copy.create_snapshot()
    await AsyncSandbox.delete_snapshot(snapshot.snapshot_id, **engine.options)
    await copy.pause(keep_memory=False)
    await copy.connect()
    assert await copy.files.read("kept") == "1"
    await copy.kill()
    again = await AsyncSandbox.create(upper.snapshot_id, timeout=60, **engine.options)
    assert await again.files.read("kept") == "1"
    await again.kill()
    await AsyncSandbox.delete_snapshot(upper.snapshot_id, **engine.options)
    assert list(folder.iterdir()) == []


async def test_a_fork_inherits_files_variables_and_metadata(engine: EngineProcess) -> None:
    origin = await AsyncSandbox.create(
        "base", timeout=60, metadata={"a": "b"}, envs={"K": "v"}, **engine.options
    )
    await origin.files.write("state", "before")
    forks = await origin.fork(count=2, timeout=60)
    for fork in forks:
        assert isinstance(fork, AsyncSandbox)
        assert (await fork.get_info()).metadata == {"a": "b"}
        assert (await fork.commands.run("cat state; echo $K")).stdout == "beforev\n"
        await fork.files.write("state", "own")
        await fork.kill()
    assert await origin.files.read("state") == "before"
    await origin.kill()
    assert await AsyncSandbox.list_snapshots(**engine.options).next_items() == []
    assert list((engine.data_dir / "snapshots").iterdir()) == []
    with pytest.raises(SandboxNotFoundException):
        await origin.fork()
    with pytest.raises(SandboxNotFoundException):
        await origin.create_snapshot()


async def test_what_cannot_be_a_name_or_a_count_is_refused(
    engine: EngineProcess, sandbox: AsyncSandbox
) -> None:
    with pytest.raises(SandboxException, match="no name of a snapshot"):
        await sandbox.create_snapshot(name="../../etc")
    with pytest.raises(InvalidArgumentException):
        await sandbox.fork(count=21)
    assert not await AsyncSandbox.delete_snapshot("base", **engine.options)


async def test_snapshots_outlive_their_sandbox_and_their_engine(tmp_path: Path) -> None:
    with running_engine(tmp_path / "data") as first:
        sandbox = await AsyncSandbox.create("base", timeout=60, **first.options)
        await sandbox.files.write("kept", "1")
        snapshot = await sandbox.create_snapshot(name="lasting")
        await sandbox.kill()
    (tmp_path / "data/snapshots/.unfinished-x").mkdir()
    with running_engine(tmp_path / "data") as second:
        copy = await AsyncSandbox.create("lasting", timeout=60, **second.options)
        assert await copy.files.read("kept") == "1"
        [listed] = await AsyncSandbox.list_snapshots(**second.options).next_items()
        assert listed.snapshot_id == snapshot.snapshot_id
    assert len(list((tmp_path / "data/snapshots").iterdir())) == 1
