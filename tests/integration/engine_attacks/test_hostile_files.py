"""Files that are none, names that are no text, trees that are too deep: through the files API, and when
their sandbox ends."""

import asyncio
import json
import os
import secrets
import shlex
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from e2b import AsyncSandbox, FileType, SandboxException

from fixtures.attack import attack, eventually
from fixtures.engine_process import EngineProcess, running_engine

DEEP = """
os.mkdir({name!r}); os.chdir({name!r})
for _ in range({depth}):
    os.mkdir({below!r}); os.chdir({below!r})
open("file", "w").close()
tell(None)
"""


GO_DOWN = """
import os
os.chmod("deep", 0o700); os.chdir("deep"); levels = 0
while (below := os.listdir()) != ["file"]: os.chdir(below[0]); levels += 1
print(levels)
"""


@pytest.fixture
async def files(engine: EngineProcess, sandbox: AsyncSandbox) -> AsyncIterator[httpx.AsyncClient]:
    headers = {
        "E2b-Sandbox-Id": sandbox.sandbox_id,
        "E2b-Sandbox-Port": "49983",
        "X-Access-Token": str(sandbox._envd_access_token),
    }
    async with httpx.AsyncClient(base_url=engine.url, headers=headers, timeout=10) as client:
        yield client


async def upload(files: httpx.AsyncClient, path: str) -> httpx.Response:
    kind = {"Content-Type": "application/octet-stream"}
    return await files.post("/files", params={"path": path}, content=b"x", headers=kind)


async def test_what_is_no_file_is_refused_at_once(
    sandbox: AsyncSandbox, files: httpx.AsyncClient
) -> None:
    await sandbox.commands.run(
        "mkfifo pipe; ln -s pipe to-pipe; mkdir folder; ln -s /dev/zero zero; ln -s loop loop; "
        "python3 -c \"import socket; socket.socket(socket.AF_UNIX).bind('socket')\""
    )
    for path in ("pipe", "to-pipe", "socket", "folder", "zero", "/dev/tty", "/proc/self/fd/0"):
        answer = await files.get("/files", params={"path": path})
        assert (answer.status_code, "not a regular file" in answer.text) == (400, True), path
    for path in ("pipe", "to-pipe", "socket"):
        answer = await upload(files, path)
        assert (answer.status_code, "not a regular file" in answer.text) == (400, True), path
    refused = (
        "folder",
        "loop",
        "/proc/new",
        "/proc/self/oom_score_adj",
        "/usr/bin/new",
        "/dev/new",
    )
    for path in (*refused, "pipe/below", "a" * 5000):
        assert (await upload(files, path)).status_code in (400, 403, 500), path
    assert (await sandbox.commands.run("echo fine")).stdout == "fine\n"


async def test_a_file_that_becomes_a_pipe_holds_nobody_up(
    sandbox: AsyncSandbox, files: httpx.AsyncClient
) -> None:
    """Between the look at a path and its opening a program inside changes what is there."""
    await sandbox.commands.run(
        "touch plain; mkfifo pipe; "
        "(while :; do ln -sfn plain it; ln -sfn pipe it; done) > /dev/null 2>&1 &"
    )
    for _ in range(100):
        answer = await files.get("/files", params={"path": "it"})
        assert answer.status_code in (200, 400, 404)
        assert (await upload(files, "it")).status_code in (200, 400)


async def test_names_of_any_bytes_can_be_listed(sandbox: AsyncSandbox) -> None:
    await attack(
        sandbox,
        r"""
os.mkdir("names")
for name in (b"line\nbreak", b"bad\xff", b"\x1b[31m", b"a" * 255):
    open(b"names/" + name, "w").close()
os.symlink(b"bad\xff", b"names/link")
os.mkdir(b"names/folder\xfe")
open(b"names/folder\xfe/inner", "w").close()
tell(None)
""",
    )
    listed = {entry.name: entry for entry in await sandbox.files.list("names", depth=9)}
    expected = {"line\nbreak", "bad\ufffd", "\x1b[31m", "a" * 255, "link", "folder\ufffd", "inner"}
    assert set(listed) == expected
    assert listed["folder\ufffd"].type == FileType.DIR


@pytest.mark.parametrize("path", ["a\0b", "\ud800", "../" * 2000 + "\udfff"])
async def test_a_path_that_no_file_can_have_is_named(files: httpx.AsyncClient, path: str) -> None:
    body = json.dumps({"path": path})
    for method in ("Stat", "ListDir", "MakeDir", "Remove", "CreateWatcher"):
        answer = await files.post(f"/filesystem.Filesystem/{method}", content=body)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_argument"), method


async def test_a_tree_of_any_depth_can_be_listed_watched_and_removed(
    sandbox: AsyncSandbox, files: httpx.AsyncClient
) -> None:
    await attack(sandbox, DEEP.format(name="low", below="d", depth=1200))
    listed = await files.post("/filesystem.Filesystem/ListDir", json={"path": "low", "depth": 5000})
    assert len(listed.json()["entries"]) == 1201
    await attack(sandbox, DEEP.format(name="deep", below="d" * 200, depth=1200))
    with pytest.raises(SandboxException, match="File name too long"):
        await sandbox.files.list("deep", depth=5000)
    body = {"path": "deep", "recursive": True}
    watcher = await files.post("/filesystem.Filesystem/CreateWatcher", json=body)
    assert watcher.status_code == 200
    await sandbox.files.remove("deep")
    await sandbox.files.remove("low")
    assert (await sandbox.commands.run("ls")).stdout == "attack.py\n"


async def test_ten_thousand_files_are_listed_while_others_are_served(
    sandbox: AsyncSandbox,
) -> None:
    await sandbox.commands.run("mkdir many; cd many; seq 10000 | xargs touch", timeout=120)
    listing = asyncio.create_task(sandbox.files.list("many", request_timeout=60))
    while not listing.done():
        async with asyncio.timeout(5):
            await sandbox.commands.run("true")
    assert len(await listing) == 10_000


async def test_a_tree_too_deep_for_paths_goes_with_its_sandbox(
    engine: EngineProcess, neighbour: AsyncSandbox
) -> None:
    """And what others left is erased too."""
    for name in ("d", "d" * 250):
        box = await AsyncSandbox.create("base", **engine.options)
        await attack(box, DEEP.format(name="deep", below=name, depth=2500))
        await box.commands.run("mkdir locked; touch locked/x; chmod 0 locked deep; ln -s / top")
        with pytest.raises(SandboxException, match="the snapshot cannot be kept"):
            await box.create_snapshot()
        reached = await box.commands.run(f"python3 -c {shlex.quote(GO_DOWN)}")
        assert int(reached.stdout) == 2500
        await box.kill()
    trash, snapshots = engine.data_dir / "trash", engine.data_dir / "snapshots"
    await eventually(lambda: not list(trash.iterdir()))
    assert list(snapshots.iterdir()) == []
    assert (await neighbour.commands.run("echo fine")).stdout == "fine\n"


async def test_an_engine_starts_whatever_is_left_to_erase() -> None:
    with tempfile.TemporaryDirectory(prefix="engine-left-") as folder:
        data_dir = Path(folder, "data")
        for below in ("trash/x", "starting/x", "snapshots/.unfinished-x"):
            (data_dir / below).mkdir(parents=True)
            _make_deep(data_dir / below)
        with running_engine(data_dir) as engine:
            box = await AsyncSandbox.create("base", **engine.options)
            await box.kill()
            await eventually(lambda: not list((data_dir / "trash").iterdir()))
            assert list((data_dir / "starting").iterdir()) == []
            assert list((data_dir / "snapshots").iterdir()) == []


def _make_deep(folder: Path) -> None:
    name = secrets.token_hex(100)
    opened = os.open(folder, os.O_RDONLY)
    for _ in range(300):
        os.mkdir(name, dir_fd=opened)
        inner = os.open(name, os.O_RDONLY, dir_fd=opened)
        os.close(opened)
        opened = inner
    os.close(opened)
