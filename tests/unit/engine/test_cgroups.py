import os
from pathlib import Path

import pytest

from stackwright.engine.cgroups import PARENT, Cgroups
from stackwright.engine.config import Limits

LIMITS = Limits(memory_mb=64, processes=10)


@pytest.fixture
def hierarchy(tmp_path: Path) -> Path:
    for name in ("pids", "memory"):
        (tmp_path / name).mkdir()
    return tmp_path


async def test_a_group_is_made_per_hierarchy_and_goes_with_its_sandbox(hierarchy: Path) -> None:
    groups = Cgroups.detect(LIMITS, mount=hierarchy)
    doors = groups.create("i1")
    assert [door.relative_to(hierarchy).parts[:2] for door in doors] == [
        ("pids", PARENT),
        ("memory", PARENT),
    ]
    await groups.remove(doors)
    assert not any(door.parent.exists() for door in doors)


def test_only_groups_of_engines_that_are_gone_are_swept(hierarchy: Path) -> None:
    groups = Cgroups.detect(LIMITS, mount=hierarchy)
    [mine, _] = groups.create("i1")
    gone = hierarchy / "pids" / PARENT / "i2-999999999"
    gone.mkdir()
    groups.sweep()
    assert mine.parent.name == f"i1-{os.getpid()}"
    assert mine.parent.exists()
    assert not gone.exists()


def test_without_control_groups_there_are_no_doors(tmp_path: Path) -> None:
    groups = Cgroups.detect(LIMITS, mount=tmp_path / "none")
    assert groups.create("i1") == []
