import asyncio
import json
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from stackwright.core.tasks import spawn
from stackwright.engine import files
from stackwright.engine.files import copy_entry, erase_tree, listed, store_json, write_json

LIMIT_S = 10.0


def test_a_folder_without_permissions_is_erased(tmp_path: Path) -> None:
    locked = tmp_path / "root/a/b"
    locked.mkdir(parents=True)
    (locked / "file").write_text("x")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("x")
    (tmp_path / "root/link").symlink_to(outside)
    locked.chmod(0)
    erase_tree(tmp_path / "root")
    assert not (tmp_path / "root").exists()
    assert (outside / "kept").exists()


def test_a_tree_too_deep_for_a_path_is_erased(tmp_path: Path) -> None:
    folder = os.open(tmp_path, os.O_RDONLY)
    for _ in range(200):
        os.mkdir("d" * 200, dir_fd=folder)
        os.close(os.open("file", os.O_WRONLY | os.O_CREAT, dir_fd=folder))
        inner = os.open("d" * 200, os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder = inner
    os.close(folder)
    erase_tree(tmp_path / ("d" * 200))
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_what_is_gone_and_what_is_a_link_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "link").symlink_to("kept")
    erase_tree(tmp_path / "link")
    erase_tree(tmp_path / "missing")
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_entries_are_listed_in_a_fixed_order_without_the_excluded(tmp_path: Path) -> None:
    for name in ("b/x.txt", "a.txt", "b/skip.log", "c/deep/y.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    found = [str(below) for _, below in listed(tmp_path, ("*.log", "c/deep"))]
    assert found == ["a.txt", "b", "b/x.txt", "c"]


def test_copies_get_plain_permissions_and_links_stay_links(tmp_path: Path) -> None:
    source = tmp_path / "run.sh"
    source.write_text("x")
    source.chmod(0o700)
    (tmp_path / "link").symlink_to("run.sh")
    copy_entry(source, tmp_path / "out/run.sh")
    copy_entry(tmp_path / "link", tmp_path / "out/link")
    assert (tmp_path / "out/run.sh").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "out/link").readlink() == Path("run.sh")


def test_json_is_replaced_whole(tmp_path: Path) -> None:
    write_json(tmp_path / "meta.json", {"a": 1})
    write_json(tmp_path / "meta.json", {"a": 2})
    assert [path.name for path in tmp_path.iterdir()] == ["meta.json"]


async def test_a_record_is_stored_off_the_event_loop(tmp_path: Path) -> None:
    await store_json(tmp_path / "meta.json", {"a": 1})
    stored = await asyncio.to_thread((tmp_path / "meta.json").read_text)
    assert json.loads(stored) == {"a": 1}


async def test_a_cancelled_caller_leaves_no_write_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop, begun, may_write = asyncio.get_running_loop(), asyncio.Event(), threading.Event()

    def write_when_allowed(path: Path, value: dict[str, Any]) -> None:
        loop.call_soon_threadsafe(begun.set)
        assert may_write.wait(LIMIT_S)
        write_json(path, value)

    monkeypatch.setattr(files, "write_json", write_when_allowed)
    storing = spawn(store_json(tmp_path / "meta.json", {"a": 1}), name="store")
    async with asyncio.timeout(LIMIT_S):
        await begun.wait()
        storing.cancel()
        may_write.set()
        await asyncio.wait([storing])
    assert storing.cancelled()
    assert await asyncio.to_thread(os.listdir, tmp_path) == ["meta.json"]


async def test_a_record_that_cannot_be_stored_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        await store_json(tmp_path / "gone" / "meta.json", {})
