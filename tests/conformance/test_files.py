import io
import os
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import httpx
import pytest
from e2b import FileType, InvalidArgumentException, NotFoundException, SandboxException

from conformance.sdk import Sdk


async def test_text_comes_back_as_it_was_written(sandbox: Any, folder: str) -> None:
    info = await sandbox.files.write(f"{folder}/deep/er/today.txt", "grüße ☃\r\n")
    assert (info.name, info.path) == ("today.txt", f"{folder}/deep/er/today.txt")
    assert info.type == FileType.FILE
    assert await sandbox.files.read(f"{folder}/deep/er/today.txt") == "grüße ☃\r\n"


@pytest.mark.parametrize(
    "name",
    ["back\\slash", "p%22q", "a;b", " lead", "ünï ☃", "+plus&=#?", "'", "dots..", "a:b", "[id]"],
)
async def test_any_name_is_the_files_own(sandbox: Any, folder: str, name: str) -> None:
    files = [{"path": f"{folder}/{each}", "data": each} for each in (name, "another")]
    for together in (True, False):
        if together:
            await sandbox.files.write_files(files)
        else:
            await sandbox.files.write(**files[0])
        assert name in [entry.name for entry in await sandbox.files.list(folder)]
        assert await sandbox.files.read(f"{folder}/{name}") == name
        await sandbox.files.remove(f"{folder}/{name}")


@pytest.mark.parametrize("name", ["a\nb", "a\r\nX-Evil: 1", 'q"q', 'a"; filename="z', "\x7f\x01"])
async def test_no_name_ends_the_header_that_tells_it(sandbox: Any, folder: str, name: str) -> None:
    await sandbox.files.write(f"{folder}/{name}", "content")
    assert await sandbox.files.read(f"{folder}/{name}") == "content"
    async with httpx.AsyncClient() as client:
        answer = await client.get(sandbox.download_url(f"{folder}/{name}"))
    assert answer.headers["content-disposition"] == f"inline; filename*=UTF-8''{quote(name)}"
    assert "x-evil" not in answer.headers


async def test_relative_paths_start_at_home(sandbox: Any, folder: str) -> None:
    name = folder.removeprefix("/home/user/")
    info = await sandbox.files.write(name, "x")
    assert info.path == folder
    assert await sandbox.files.read(f"~/{name}") == "x"


async def test_bytes_and_open_files_are_written(sandbox: Any, folder: str) -> None:
    noise = os.urandom(100_000)
    await sandbox.files.write(f"{folder}/a", noise)
    await sandbox.files.write(f"{folder}/b", io.BytesIO(noise))
    for name in "ab":
        assert bytes(await sandbox.files.read(f"{folder}/{name}", format="bytes")) == noise


async def test_an_empty_file_is_empty(sandbox: Any, folder: str) -> None:
    await sandbox.files.write(folder, "")
    assert await sandbox.files.read(folder) == ""
    assert await sandbox.files.exists(folder)


async def test_writing_again_replaces_the_content(sandbox: Any, folder: str) -> None:
    await sandbox.files.write(folder, "a long first text")
    await sandbox.files.write(folder, "second")
    assert await sandbox.files.read(folder) == "second"


async def test_a_long_file_is_replaced_as_a_whole_and_stays_the_same_file(
    sandbox: Any, folder: str
) -> None:
    noise = os.urandom(3_000_000)
    await sandbox.files.write(f"{folder}/one", noise)
    await sandbox.commands.run(f"ln {folder}/one {folder}/other")
    for size in (3_000_000, 2_500_000, 10, 0):
        shorter = noise[-size:] if size else b""
        await sandbox.files.write(f"{folder}/one", shorter)
        assert bytes(await sandbox.files.read(f"{folder}/other", format="bytes")) == shorter
        await sandbox.files.write(f"{folder}/one", noise)


async def test_several_files_are_written_by_one_request(sandbox: Any, folder: str) -> None:
    assert await sandbox.files.write_files([]) == []
    files = [{"path": f"{folder}/{n}.txt", "data": f"file {n}\r\n--x"} for n in range(12)]
    written = await sandbox.files.write_files(files)
    assert [entry.path for entry in written] == [f"{folder}/{n}.txt" for n in range(12)]
    assert await sandbox.files.read(f"{folder}/11.txt") == "file 11\r\n--x"


async def test_files_of_the_kernel_can_be_read(sandbox: Any) -> None:
    assert "MemTotal" in await sandbox.files.read("/proc/meminfo")


async def test_missing_and_wrong_paths_are_told_apart(sandbox: Any, folder: str) -> None:
    with pytest.raises(NotFoundException):
        await sandbox.files.read(folder)
    with pytest.raises(InvalidArgumentException):
        await sandbox.files.read("/home/user")
    with pytest.raises(InvalidArgumentException):
        await sandbox.files.write("/home/user", "a folder")


async def test_existence(sandbox: Any, folder: str) -> None:
    assert await sandbox.files.exists("/home/user")
    assert not await sandbox.files.exists(folder)


async def test_files_and_folders_are_renamed(sandbox: Any, folder: str) -> None:
    await sandbox.files.write(f"{folder}/old.txt", "content")
    info = await sandbox.files.rename(f"{folder}/old.txt", f"{folder}/in/new.txt")
    assert (info.path, info.type) == (f"{folder}/in/new.txt", FileType.FILE)
    assert not await sandbox.files.exists(f"{folder}/old.txt")
    await sandbox.files.rename(f"{folder}/in", f"{folder}/out")
    assert await sandbox.files.read(f"{folder}/out/new.txt") == "content"
    with pytest.raises(NotFoundException):
        await sandbox.files.rename(f"{folder}/nothing", f"{folder}/x")


@pytest.mark.parametrize("other", ["/home/user", "/tmp"])
async def test_only_an_empty_folder_is_replaced_by_another(
    sandbox: Any, folder: str, other: str
) -> None:
    """Whether or not both lie on one file system."""
    target = f"{other}/{uuid4().hex}"
    await sandbox.files.write(f"{folder}/mine", "x")
    await sandbox.files.write(f"{target}/kept", "y")
    for source in (folder, f"{folder}/mine"):
        with pytest.raises(SandboxException, match="error renaming"):
            await sandbox.files.rename(source, target)
    assert [entry.name for entry in await sandbox.files.list(target)] == ["kept"]
    await sandbox.files.remove(f"{target}/kept")
    await sandbox.files.rename(folder, target)
    assert await sandbox.files.read(f"{target}/mine") == "x"
    assert not await sandbox.files.exists(folder)


async def test_files_and_folders_are_removed(sandbox: Any, folder: str) -> None:
    await sandbox.files.write(f"{folder}/a/b.txt", "x")
    await sandbox.files.remove(f"{folder}/a/b.txt")
    assert not await sandbox.files.exists(f"{folder}/a/b.txt")
    await sandbox.files.remove(folder)
    assert not await sandbox.files.exists(folder)
    await sandbox.files.remove(folder)


async def test_making_a_folder_twice_says_so(sandbox: Any, folder: str) -> None:
    assert await sandbox.files.make_dir(f"{folder}/once/twice") is True
    assert await sandbox.files.make_dir(f"{folder}/once/twice") is False


async def test_a_file_is_written_as_the_user_that_was_named(sdk: Sdk, sandbox: Any) -> None:
    del sdk
    info = await sandbox.files.write("/tmp/by-user.txt", "x", user="user")
    assert (await sandbox.files.get_info(info.path)).owner == "user"
