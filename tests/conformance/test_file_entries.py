from typing import Any

import pytest
from e2b import FileType, InvalidArgumentException, NotFoundException, SandboxException


@pytest.fixture
async def tree(sandbox: Any, folder: str) -> str:
    for path in ("one/inner", "two/inner", "two/other"):
        await sandbox.files.make_dir(f"{folder}/{path}")
    await sandbox.files.write(f"{folder}/file.txt", "Hello!")
    return folder


@pytest.mark.parametrize(
    ("depth", "expected"),
    [
        (None, ["file.txt", "one", "two"]),
        (1, ["file.txt", "one", "two"]),
        (2, ["file.txt", "one", "one/inner", "two", "two/inner", "two/other"]),
        (9, ["file.txt", "one", "one/inner", "two", "two/inner", "two/other"]),
    ],
)
async def test_folders_are_listed_to_the_depth_asked_for(
    sandbox: Any, tree: str, depth: int | None, expected: list[str]
) -> None:
    entries = await sandbox.files.list(tree, depth=depth)
    assert [entry.path for entry in entries] == [f"{tree}/{name}" for name in expected]
    assert [e.type for e in entries] == [
        FileType.FILE if name == "file.txt" else FileType.DIR for name in expected
    ]


@pytest.mark.parametrize("mode", ["000", "444"])
async def test_a_closed_folder_hides_no_other(sandbox: Any, tree: str, mode: str) -> None:
    await sandbox.commands.run(f"chmod {mode} {tree}/one")
    names = [entry.name for entry in await sandbox.files.list(tree, depth=2)]
    assert names == ["file.txt", "one", "two", "inner", "other"]
    with pytest.raises(SandboxException, match="Permission denied"):
        await sandbox.files.list(f"{tree}/one")
    await sandbox.commands.run(f"chmod 755 {tree}/one")


async def test_an_empty_folder_is_an_empty_list(sandbox: Any, tree: str) -> None:
    assert await sandbox.files.list(f"{tree}/one/inner") == []


async def test_what_is_no_folder_cannot_be_listed(sandbox: Any, tree: str) -> None:
    with pytest.raises(NotFoundException):
        await sandbox.files.list(f"{tree}/nowhere")
    with pytest.raises(InvalidArgumentException):
        await sandbox.files.list(f"{tree}/file.txt")
    with pytest.raises(SandboxException, match="depth should be at least 1"):
        await sandbox.files.list(tree, depth=-1)


async def test_a_file_tells_all_about_itself(sandbox: Any, tree: str) -> None:
    info = await sandbox.files.get_info(f"{tree}/file.txt")
    assert info == next(e for e in await sandbox.files.list(tree) if e.name == "file.txt")
    assert (info.name, info.path, info.type) == ("file.txt", f"{tree}/file.txt", FileType.FILE)
    assert (info.size, info.mode, info.permissions) == (6, 0o644, "-rw-r--r--")
    assert (info.owner, info.group, info.symlink_target) == ("user", "user", None)
    changed = (await sandbox.commands.run(f"stat -c %Y {tree}/file.txt")).stdout
    assert int(info.modified_time.timestamp()) == int(changed)


async def test_a_folder_tells_all_about_itself(sandbox: Any, tree: str) -> None:
    info = await sandbox.files.get_info(f"{tree}/one")
    assert (info.name, info.path, info.type) == ("one", f"{tree}/one", FileType.DIR)
    assert info.size > 0
    assert (info.mode, info.permissions) == (0o755, "drwxr-xr-x")
    assert (info.owner, info.group) == ("user", "user")


async def test_changed_permissions_are_shown(sandbox: Any, tree: str) -> None:
    await sandbox.commands.run(f"chmod 750 {tree}/file.txt")
    info = await sandbox.files.get_info(f"{tree}/file.txt")
    assert (info.mode, info.permissions) == (0o750, "-rwxr-x---")


async def test_a_link_shows_where_it_leads(sandbox: Any, tree: str) -> None:
    await sandbox.commands.run("ln -s file.txt to-file; ln -s one to-folder", cwd=tree)
    file = await sandbox.files.get_info(f"{tree}/to-file")
    assert (file.type, file.symlink_target) == (FileType.FILE, f"{tree}/file.txt")
    folder = await sandbox.files.get_info(f"{tree}/to-folder")
    assert (folder.type, folder.symlink_target) == (FileType.DIR, f"{tree}/one")
    below = await sandbox.files.list(f"{tree}/to-folder")
    assert [entry.path for entry in below] == [f"{tree}/to-folder/inner"]


async def test_nothing_is_known_of_a_missing_path(sandbox: Any, folder: str) -> None:
    with pytest.raises(NotFoundException):
        await sandbox.files.get_info(folder)
