import asyncio
from pathlib import Path

import pytest

from stackwright.engine.errors import NotFound
from stackwright.engine.record import Record
from stackwright.engine.templates.snapshots import Snapshots

_RECORD = Record("i1", "base", ["layers/a"], "t", {}, {}, {}, None, timeout_s=60)


@pytest.fixture
def snapshots(tmp_path: Path) -> Snapshots:
    (tmp_path / "upper").mkdir()
    made = Snapshots(tmp_path)
    made.restore([])
    return made


async def test_a_name_means_the_newest_also_for_the_next_engine(
    snapshots: Snapshots, tmp_path: Path
) -> None:
    await snapshots.take(_RECORD, tmp_path / "upper", name="app", listed=True)
    newest = await snapshots.take(_RECORD, tmp_path / "upper", name="app", listed=True)
    assert snapshots.listed() == [newest]
    later = Snapshots(tmp_path)
    await asyncio.to_thread(later.restore, [])
    assert later.listed() == [newest]


async def test_a_deleted_one_is_gone_also_for_the_next_engine(
    snapshots: Snapshots, tmp_path: Path
) -> None:
    taken = await snapshots.take(_RECORD, tmp_path / "upper", name=None, listed=True)
    await snapshots.delete(taken.id)
    with pytest.raises(NotFound):
        await snapshots.delete(taken.id)
    later = Snapshots(tmp_path)
    await asyncio.to_thread(later.restore, [])
    assert later.find(taken.id) is None
