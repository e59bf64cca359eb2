import os
from pathlib import Path

import pytest

from stackwright.engine.cgroups import PARENT, PLATFORM, Cgroups
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


def test_who_gives_way_is_switched_where_the_kernel_can(hierarchy: Path) -> None:
    doors = Cgroups.detect(LIMITS, mount=hierarchy).create("i1")
    Cgroups.set_idle(doors, is_idle=True)
    assert not any((door.parent / "cpu.idle").exists() for door in doors)
    switch = doors[0].parent / "cpu.idle"
    for does, written in ((True, "1"), (False, "0")):
        switch.touch()
        Cgroups.set_idle(doors, is_idle=does)
        assert switch.read_text() == written


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


def test_a_group_that_cannot_limit_is_not_used(hierarchy: Path) -> None:
    groups = Cgroups.detect(LIMITS, mount=hierarchy)
    name = f"i1-{os.getpid()}"
    (hierarchy / "memory" / PARENT / name / "memory.limit_in_bytes").mkdir(parents=True)
    with pytest.raises(OSError, match="directory"):
        groups.create("i1")
    assert not (hierarchy / "pids" / PARENT / name).exists()


def test_what_not_every_kernel_limits_may_fail(hierarchy: Path) -> None:
    groups = Cgroups.detect(LIMITS, mount=hierarchy)
    group = hierarchy / "memory" / PARENT / f"i1-{os.getpid()}"
    (group / "memory.memsw.limit_in_bytes").mkdir(parents=True)
    (group / "memory.kmem.tcp.limit_in_bytes").touch()
    assert len(groups.create("i1")) == 2
    assert (group / "memory.kmem.tcp.limit_in_bytes").read_text() == str(8 << 20)


def test_every_kind_of_limit_has_its_file(tmp_path: Path) -> None:
    for kind, file in (("pids", "pids.max"), ("memory", "memory.limit_in_bytes")):
        (tmp_path / kind / PARENT / f"i1-{os.getpid()}").mkdir(parents=True)
        (tmp_path / kind / PARENT / f"i1-{os.getpid()}" / file).touch()
    groups = Cgroups.detect(LIMITS, mount=tmp_path)
    assert groups.kinds == ("pids", "memory")
    files = [door.parent for door in groups.create("i1")]
    assert (files[0] / "pids.max").read_text() == "10"
    assert (files[1] / "memory.limit_in_bytes").read_text() == str(64 << 20)


def _unified(base: Path) -> None:
    base.mkdir(parents=True, exist_ok=True)
    for name in ("cgroup.controllers", "cgroup.subtree_control", "cgroup.procs"):
        (base / name).touch()


def test_version_2_enables_each_kind_below(tmp_path: Path) -> None:
    _unified(tmp_path)
    _unified(tmp_path / PARENT)
    groups = Cgroups.detect(LIMITS, mount=tmp_path)
    assert groups.kinds == ("pids", "memory", "cpu")
    [(base, files)] = groups.hierarchies
    assert base == tmp_path / PARENT
    assert files["memory.max"] == str(64 << 20)
    assert files["memory.swap.max"] == "0"


def test_version_2_beside_version_1_freezes_and_limits_nothing(hierarchy: Path) -> None:
    (hierarchy / "unified").mkdir()
    groups = Cgroups.detect(LIMITS, mount=hierarchy)
    assert groups.kinds == ("pids", "memory")
    assert groups.hierarchies[-1] == (hierarchy / "unified" / PARENT, {})


def test_a_group_that_systemd_delegated_is_used(tmp_path: Path) -> None:
    """The mount itself belongs to root; below it one group is ours."""
    (tmp_path / "cgroup.controllers").touch()
    own = tmp_path / "user.slice" / "run.scope"
    _unified(own)
    _unified(own / PARENT)
    (own / "cgroup.procs").write_text("17\n")
    line = tmp_path / "self"
    line.write_text("0::/user.slice/run.scope\n")
    groups = Cgroups.detect(LIMITS, mount=tmp_path, own=line)
    assert groups.hierarchies[0][0] == own / PARENT
    assert (own / PLATFORM / "cgroup.procs").read_text() == "17"
