from pathlib import Path
from typing import Any

import pytest

from stackwright.engine.agent import watch


async def test_removed_folders_make_room_for_new_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "MAX_WATCHED_FOLDERS", 2)
    events: list[dict[str, Any]] = []
    watching = watch.Watch(str(tmp_path), recursive=True, with_entry=False, report=events.append)
    for number in range(3):
        folder = tmp_path / str(number)
        folder.mkdir()
        watching.read()
        (folder / "a.txt").touch()
        watching.read()
        assert f"{number}/a.txt" in [event["name"] for event in events]
        (folder / "a.txt").unlink()
        folder.rmdir()
        watching.read()
    watching.close()


async def test_a_folder_that_moves_is_watched_under_its_new_name(tmp_path: Path) -> None:
    events: list[dict[str, Any]] = []
    (tmp_path / "old").mkdir()
    watching = watch.Watch(str(tmp_path), recursive=True, with_entry=False, report=events.append)
    (tmp_path / "old").rename(tmp_path / "new")
    watching.read()
    (tmp_path / "new" / "a.txt").touch()
    watching.read()
    assert [(event["type"].removeprefix("EVENT_TYPE_"), event["name"]) for event in events] == [
        ("RENAME", "old"),
        ("CREATE", "new"),
        ("CREATE", "new/a.txt"),
    ]
    watching.close()
