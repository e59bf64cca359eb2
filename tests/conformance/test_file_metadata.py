from typing import Any

import pytest

LABELS = {"author": "ann", "purpose": "upload"}


@pytest.mark.parametrize("use_octet_stream", [False, True])
async def test_metadata_is_kept_and_shown(
    sandbox: Any, folder: str, use_octet_stream: bool
) -> None:
    written = await sandbox.files.write(
        f"{folder}/a", "x", metadata=LABELS, use_octet_stream=use_octet_stream
    )
    assert written.metadata == LABELS
    assert (await sandbox.files.get_info(f"{folder}/a")).metadata == LABELS
    [listed] = await sandbox.files.list(folder)
    assert listed.metadata == LABELS


async def test_without_metadata_there_is_none(sandbox: Any, folder: str) -> None:
    assert (await sandbox.files.write(folder, "x")).metadata is None
    assert (await sandbox.files.get_info(folder)).metadata is None


async def test_metadata_of_a_request_goes_to_each_of_its_files(sandbox: Any, folder: str) -> None:
    files = [{"path": f"{folder}/{n}", "data": "x"} for n in range(2)]
    for written in await sandbox.files.write_files(files, metadata=LABELS):
        assert written.metadata == LABELS
        assert (await sandbox.files.get_info(written.path)).metadata == LABELS


async def test_metadata_moves_with_its_file(sandbox: Any, folder: str) -> None:
    await sandbox.files.write(f"{folder}/old", "x", metadata=LABELS)
    assert (await sandbox.files.rename(f"{folder}/old", f"{folder}/new")).metadata == LABELS


async def test_writing_again_without_metadata_removes_it(sandbox: Any, folder: str) -> None:
    await sandbox.files.write(folder, "first", metadata=LABELS)
    assert (await sandbox.files.write(folder, "second")).metadata is None
    assert (await sandbox.files.get_info(folder)).metadata is None


async def test_programs_inside_set_metadata_as_extended_attributes(
    sandbox: Any, folder: str
) -> None:
    await sandbox.files.write(folder, "x")
    set_attribute = f"import os; os.setxattr('{folder}', 'user.e2b.author', b'bob')"
    await sandbox.commands.run(f'python3 -c "{set_attribute}"')
    assert (await sandbox.files.get_info(folder)).metadata == {"author": "bob"}
