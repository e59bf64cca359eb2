from pathlib import Path
from typing import Any

import pytest

from stackwright.engine.envd import watch


def _names(events: list[dict[str, Any]]) -> list[tuple[str, str]]:
    told = [(event["type"].removeprefix("EVENT_TYPE_"), event["name"]) for event in events]
    events.clear()
    return told


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
    assert _names(events) == [
        ("RENAME", "old"),
        ("CREATE", "new"),
        ("CREATE", "new/a.txt"),
    ]
    watching.close()


async def test_a_folder_that_moves_away_is_not_watched_any_more(tmp_path: Path) -> None:
    root, away = tmp_path / "root", tmp_path / "away"
    (root / "old" / "deep").mkdir(parents=True)
    (root / "older").mkdir()
    away.mkdir()
    events: list[dict[str, Any]] = []
    watching = watch.Watch(str(root), recursive=True, with_entry=False, report=events.append)
    (root / "old").rename(away / "one")
    (away / "one" / "deep" / "unseen").touch()
    (root / "old").mkdir()
    watching.read()
    assert _names(events) == [("RENAME", "old"), ("CREATE", "old")]
    (away / "one" / "unseen").touch()
    (away / "one" / "deep" / "unseen").touch()
    (root / "old" / "a.txt").touch()
    (root / "older" / "b.txt").touch()
    watching.read()
    assert set(_names(events)) == {("CREATE", "old/a.txt"), ("CREATE", "older/b.txt")}
    watching.close()


async def test_a_folder_that_moves_twice_is_where_it_came_to_lie(tmp_path: Path) -> None:
    root, away = tmp_path / "root", tmp_path / "away"
    for name in ("a", "x"):
        (root / name).mkdir(parents=True)
    events: list[dict[str, Any]] = []
    watching = watch.Watch(str(root), recursive=True, with_entry=False, report=events.append)
    for name, last in (("a", root / "c"), ("x", away)):
        (root / name).rename(root / "between")
        (root / "between").rename(last)
    watching.read()
    events.clear()
    for folder in (root / "c", away):
        (folder / "file").touch()
    watching.read()
    assert _names(events) == [("CREATE", "c/file")]
    watching.close()
