import asyncio
import hashlib
import os

import httpx
import pytest
from e2b import (
    AsyncSandbox,
    FilesystemEvent,
    FilesystemEventType,
    FileType,
    InvalidArgumentException,
    NotFoundException,
)

from fixtures.engine_process import EngineProcess

pytestmark = pytest.mark.integration


async def test_text_and_bytes_come_back_equal(sandbox: AsyncSandbox) -> None:
    noise = os.urandom(100_000)
    await sandbox.files.write("notes/today.txt", "grüße ☃\n")
    await sandbox.files.write("/tmp/noise", noise)
    assert await sandbox.files.read("/home/user/notes/today.txt") == "grüße ☃\n"
    assert bytes(await sandbox.files.read("/tmp/noise", format="bytes")) == noise


async def test_ten_megabytes_are_streamed_in_and_out(sandbox: AsyncSandbox) -> None:
    content = os.urandom(1 << 20) * 10
    await sandbox.files.write("big", content)
    digest = hashlib.sha256()
    async for block in await sandbox.files.read("big", format="stream"):
        digest.update(block)
    assert digest.hexdigest() == hashlib.sha256(content).hexdigest()
    inside = await sandbox.commands.run("sha256sum big")
    assert inside.stdout.split()[0] == digest.hexdigest()


async def test_several_files_are_written_by_one_request(sandbox: AsyncSandbox) -> None:
    files = [{"path": f"many/{n}.txt", "data": f"file {n}\r\n--x"} for n in range(20)]
    written = await sandbox.files.write_files(files)
    assert [entry.path for entry in written] == [f"/home/user/many/{n}.txt" for n in range(20)]
    assert await sandbox.files.read("many/19.txt") == "file 19\r\n--x"


async def test_compressed_uploads_and_downloads_work(sandbox: AsyncSandbox) -> None:
    await sandbox.files.write("z.txt", "z" * 50_000, gzip=True)
    assert await sandbox.files.read("z.txt", gzip=True) == "z" * 50_000


async def test_folders_are_listed_to_the_depth_asked_for(sandbox: AsyncSandbox) -> None:
    await sandbox.files.write("tree/a/b/c.txt", "deep")
    await sandbox.commands.run("ln -s a tree/link")
    shallow = await sandbox.files.list("tree")
    assert [(entry.name, entry.type) for entry in shallow] == [
        ("a", FileType.DIR),
        ("link", FileType.DIR),
    ]
    deep = await sandbox.files.list("tree", depth=3)
    assert [entry.path for entry in deep] == [
        "/home/user/tree/a",
        "/home/user/tree/a/b",
        "/home/user/tree/a/b/c.txt",
        "/home/user/tree/link",
    ]


async def test_an_entry_tells_its_size_owner_and_permissions(sandbox: AsyncSandbox) -> None:
    await sandbox.files.write("run.sh", "#!/bin/sh\n")
    await sandbox.commands.run("chmod 750 run.sh")
    info = await sandbox.files.get_info("run.sh")
    assert (info.size, info.mode, info.permissions) == (10, 0o750, "-rwxr-x---")
    assert (info.owner, info.group) == ("user", "user")


async def test_files_are_renamed_and_removed(sandbox: AsyncSandbox) -> None:
    await sandbox.files.write("old.txt", "content")
    await sandbox.files.rename("old.txt", "moved/new.txt")
    assert await sandbox.files.read("moved/new.txt") == "content"
    assert not await sandbox.files.exists("old.txt")
    await sandbox.files.remove("moved")
    assert not await sandbox.files.exists("moved")


async def test_making_a_folder_twice_says_so(sandbox: AsyncSandbox) -> None:
    assert await sandbox.files.make_dir("once/twice") is True
    assert await sandbox.files.make_dir("once/twice") is False


async def test_missing_and_wrong_paths_are_told_apart(sandbox: AsyncSandbox) -> None:
    with pytest.raises(NotFoundException):
        await sandbox.files.read("nowhere.txt")
    with pytest.raises(InvalidArgumentException):
        await sandbox.files.read("/home/user")
    with pytest.raises(NotFoundException):
        await sandbox.files.list("nowhere")
    with pytest.raises(InvalidArgumentException):
        await sandbox.files.write("/etc", "a folder")


async def test_changes_in_a_watched_folder_are_reported(sandbox: AsyncSandbox) -> None:
    seen: dict[FilesystemEventType, asyncio.Event] = {
        kind: asyncio.Event() for kind in FilesystemEventType
    }
    names: set[str] = set()

    async def changed(event: FilesystemEvent) -> None:
        names.add(event.name)
        seen[event.type].set()

    await sandbox.files.make_dir("watched")
    watch = await sandbox.files.watch_dir("watched", changed, recursive=True)
    await sandbox.files.make_dir("watched/inner")
    async with asyncio.timeout(5):
        await seen[FilesystemEventType.CREATE].wait()
        await sandbox.files.write("watched/inner/f.txt", "x")
        await seen[FilesystemEventType.WRITE].wait()
        await sandbox.files.rename("watched/inner/f.txt", "elsewhere.txt")
        await seen[FilesystemEventType.RENAME].wait()
    await watch.stop()
    assert {"inner", "inner/f.txt"} <= names


async def test_metadata_stays_with_its_file(sandbox: AsyncSandbox) -> None:
    await sandbox.files.write("labelled.txt", "x", metadata={"origin": "upload"})
    assert (await sandbox.files.get_info("labelled.txt")).metadata == {"origin": "upload"}


async def test_a_signed_address_needs_no_token_and_cannot_be_bent(
    engine: EngineProcess, sandbox: AsyncSandbox
) -> None:
    await sandbox.files.write("public.txt", "shared")
    await sandbox.files.write("secret.txt", "mine")
    url = sandbox.download_url("/home/user/public.txt", use_signature_expiration=60)
    headers = {"E2b-Sandbox-Id": sandbox.sandbox_id, "E2b-Sandbox-Port": "49983"}
    async with httpx.AsyncClient(headers=headers) as client:
        assert (await client.get(url)).text == "shared"
        assert (await client.get(url.replace("public", "secret"))).status_code == 401
        assert (await client.get(url.partition("&signature")[0])).status_code == 401
        upload = sandbox.upload_url("/home/user/sent.txt")
        await client.post(upload, files={"file": ("sent.txt", b"from outside")})
        bare = await client.get(f"{engine.url}/files", params={"path": "/etc/passwd"})
        assert bare.status_code == 401
    assert await sandbox.files.read("sent.txt") == "from outside"


async def test_a_range_of_a_file_can_be_read(sandbox: AsyncSandbox) -> None:
    await sandbox.files.write("digits", "0123456789")
    url = sandbox.download_url("/home/user/digits")
    headers = {"E2b-Sandbox-Id": sandbox.sandbox_id, "E2b-Sandbox-Port": "49983"}
    async with httpx.AsyncClient(headers=headers) as client:
        part = await client.get(url, headers={"Range": "bytes=2-4"})
        assert (part.status_code, part.text) == (206, "234")
        assert part.headers["content-range"] == "bytes 2-4/10"
        last = await client.get(url, headers={"Range": "bytes=-3"})
        assert last.text == "789"
        outside = await client.get(url, headers={"Range": "bytes=50-60"})
        assert outside.status_code == 416
