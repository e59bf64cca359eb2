import asyncio
import os
from functools import partial
from pathlib import Path

from tests.fixtures.waiting import until

from stackwright.engine.sandboxes.trash import Trash


async def test_what_is_discarded_is_gone_at_once_and_erased_soon(tmp_path: Path) -> None:
    await asyncio.to_thread(os.makedirs, tmp_path / "one" / "upper")
    await Trash(tmp_path / "trash").discard(tmp_path / "one")
    assert await asyncio.to_thread(os.listdir, tmp_path) == ["trash"]
    await until(partial(_is_empty, tmp_path / "trash"))


async def test_what_an_earlier_engine_left_is_erased(tmp_path: Path) -> None:
    await asyncio.to_thread(os.makedirs, tmp_path / "trash" / "old")
    Trash(tmp_path / "trash").begin_emptying()
    await until(partial(_is_empty, tmp_path / "trash"))


async def _is_empty(folder: Path) -> bool:
    return not await asyncio.to_thread(os.listdir, folder)
