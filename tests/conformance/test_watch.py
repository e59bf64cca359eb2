import asyncio
import json
from typing import Any

import e2b
import httpx
import pytest
from e2b import FilesystemEventType, NotFoundException, SandboxException, TimeoutException

from conformance.sdk import Threaded, Watching
from fixtures.engine_process import EngineProcess

CREATE, WRITE = FilesystemEventType.CREATE, FilesystemEventType.WRITE
REMOVE, RENAME = FilesystemEventType.REMOVE, FilesystemEventType.RENAME


async def test_changes_of_a_folder_are_reported(sandbox: Any, folder: str) -> None:
    await sandbox.files.make_dir(folder)
    watching = await Watching(sandbox).start(folder)
    await sandbox.files.write(f"{folder}/a.txt", "new")
    await watching.until(CREATE, "a.txt")
    await watching.until(WRITE, "a.txt")
    await sandbox.commands.run(f"chmod 600 {folder}/a.txt")
    await watching.until(FilesystemEventType.CHMOD, "a.txt")
    await sandbox.files.rename(f"{folder}/a.txt", f"{folder}/b.txt")
    await watching.until(RENAME, "a.txt")
    await watching.until(CREATE, "b.txt")
    await sandbox.files.remove(f"{folder}/b.txt")
    await watching.until(REMOVE, "b.txt")
    await watching.stop()


async def test_only_a_recursive_watch_sees_below(sandbox: Any, folder: str) -> None:
    await sandbox.files.make_dir(f"{folder}/inner")
    flat = await Watching(sandbox).start(folder)
    deep = await Watching(sandbox).start(folder, recursive=True)
    await sandbox.files.write(f"{folder}/inner/a.txt", "x")
    await sandbox.files.write(f"{folder}/last.txt", "x")
    await deep.until(WRITE, "inner/a.txt")
    await flat.until(WRITE, "last.txt")
    assert "inner/a.txt" not in [event.name for event in flat.events]
    await flat.stop()
    await deep.stop()


async def test_folders_made_later_are_watched_too(sandbox: Any, folder: str) -> None:
    await sandbox.files.make_dir(folder)
    watching = await Watching(sandbox).start(folder, recursive=True)
    await sandbox.files.make_dir(f"{folder}/later")
    await watching.until(CREATE, "later")
    await sandbox.files.write(f"{folder}/later/a.txt", "x")
    await watching.until(WRITE, "later/a.txt")
    await watching.stop()


async def test_what_a_new_folder_already_holds_is_told_too(sandbox: Any, folder: str) -> None:
    await sandbox.files.make_dir(folder)
    watching = await Watching(sandbox).start(folder, recursive=True)
    await sandbox.files.write(f"{folder}/at/once/a.txt", "x")
    for name in ("at", "at/once", "at/once/a.txt"):
        await watching.until(CREATE, name)
    await sandbox.files.write(f"{folder}/at/once/a.txt", "y")
    await watching.until(WRITE, "at/once/a.txt")
    await watching.stop()


async def test_a_watch_ends_at_its_time(engine: EngineProcess, shared_id: str, folder: str) -> None:
    sandbox = await e2b.AsyncSandbox.connect(shared_id, **engine.options)
    await sandbox.files.make_dir(folder)
    ending: asyncio.Future[Exception | None] = asyncio.get_running_loop().create_future()
    await sandbox.files.watch_dir(folder, print, on_exit=ending.set_result, timeout=0.2)
    assert isinstance(await asyncio.wait_for(ending, 10), TimeoutException)


async def test_a_quiet_watch_shows_that_it_lives(engine: EngineProcess, shared_id: str) -> None:
    sandbox = await e2b.AsyncSandbox.connect(shared_id, **engine.options)
    asked = json.dumps({"path": "/home/user"}).encode()
    headers = {
        **sandbox.connection_config.sandbox_headers,
        "Content-Type": "application/connect+json",
        "Keepalive-Ping-Interval": "1",
    }
    async with (
        httpx.AsyncClient(base_url=engine.url, headers=headers) as client,
        client.stream(
            "POST",
            "/filesystem.Filesystem/WatchDir",
            content=b"\0" + len(asked).to_bytes(4) + asked,
        ) as answer,
    ):
        blocks = answer.aiter_raw()
        assert json.loads((await anext(blocks))[5:]) == {"start": {}}
        assert json.loads((await anext(blocks))[5:]) == {"keepalive": {}}


async def test_an_event_may_carry_its_entry(sandbox: Any, folder: str) -> None:
    await sandbox.files.make_dir(folder)
    watching = await Watching(sandbox).start(folder, include_entry=True)
    await sandbox.files.write(f"{folder}/a.txt", "new")
    event = await watching.until(WRITE, "a.txt")
    assert event.entry is not None
    assert event.entry.path == f"{folder}/a.txt"
    await watching.stop()


async def test_only_folders_can_be_watched(sandbox: Any, folder: str) -> None:
    with pytest.raises(NotFoundException):
        await Watching(sandbox).start(folder)
    await sandbox.files.write(folder, "x")
    with pytest.raises(SandboxException):
        await Watching(sandbox).start(folder)


async def test_a_new_file_is_created_given_its_mode_and_written(sandbox: Any, folder: str) -> None:
    await sandbox.files.make_dir(folder)
    watching = await Watching(sandbox).start(folder)
    await sandbox.files.write(f"{folder}/a.txt", "new")
    await watching.until(WRITE, "a.txt")
    assert [event.type for event in watching.events] == [CREATE, FilesystemEventType.CHMOD, WRITE]
    await watching.stop()


async def test_asking_tells_all_that_has_happened_by_then(sandbox: Any, folder: str) -> None:
    if not isinstance(sandbox, Threaded):
        pytest.skip("the asynchronous face is told by callbacks")
    await sandbox.files.make_dir(folder)
    watch = await sandbox.files.watch_dir(folder, recursive=True)
    for n in range(20):
        await sandbox.files.make_dir(f"{folder}/{n}")
        await sandbox.files.write(f"{folder}/{n}/a.txt", "x")
        names = {event.name for event in await watch.get_new_events()}
        assert {str(n), f"{n}/a.txt"} <= names
    await watch.stop()
