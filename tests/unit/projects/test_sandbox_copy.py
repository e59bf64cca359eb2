from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from stackwright.db.files import FileRecord
from stackwright.projects.portions import PORTION_BYTES
from stackwright.projects.sandbox_copy import (
    READS_TOGETHER,
    CopyDifference,
    absolute,
    compare,
    read_changes,
)
from stackwright.projects.scan import WorkspaceScan
from stackwright.testing.memory_sandbox import MemorySandbox

FILE_BYTES = PORTION_BYTES // READS_TOGETHER + 1
PATHS = tuple(f"{number:02}.bin" for number in range(READS_TOGETHER + 1))


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[MemorySandbox]:
    made = MemorySandbox(tmp_path)
    await made.write({absolute(path): path.encode().ljust(FILE_BYTES) for path in PATHS})
    yield made
    await made.end()


def _seen(**files: str) -> WorkspaceScan:
    return WorkspaceScan(files, frozenset(), frozenset(), frozenset(), frozenset(), "")


def test_what_is_newer_than_the_sandbox_goes_into_it_and_the_rest_is_recorded() -> None:
    known = {
        "new": FileRecord("new", "n", 1, version=3),
        "gone": FileRecord("gone", None, 0, version=3),
        "edited": FileRecord("edited", "e", 1, version=2),
        "removed": FileRecord("removed", "r", 1, version=1),
    }
    found = compare(known, _seen(gone="g", edited="e2", made="m"), 2)
    assert found == CopyDifference(("new",), ("gone",), ("edited", "made"), ("removed",))


def test_a_new_sandbox_decides_nothing() -> None:
    known = {"a": FileRecord("a", "1", 1, version=1)}
    assert compare(known, _seen(b="2"), None) == CopyDifference(("a",), ("b",), (), ())


def test_files_in_closed_folders_are_left_alone() -> None:
    seen = replace(_seen(), closed=frozenset({"a/b/"}), beyond=frozenset({"full"}))
    known = {path: FileRecord(path, "1", 1, 1) for path in ("a/b/c", "a/bc", "full/x", "full/y/z")}
    assert compare(known, seen, 1).to_forget == ("a/bc", "full/y/z")
    everything = replace(_seen(), closed=frozenset({""}))
    assert compare(known, everything, 1).to_forget == ()


def test_twenty_thousand_closed_folders_take_no_time() -> None:
    """Each path was held against each folder: four seconds in which nothing else was answered."""
    many = range(20_000)
    seen = replace(
        _seen(**{f"d{number}": "x" for number in many}),
        closed=frozenset(f"c{number}/" for number in many),
        beyond=frozenset(f"b{number}" for number in many),
    )
    assert len(compare({}, seen, 1).to_record) == len(many)


async def test_many_bytes_are_recorded_in_portions(sandbox: MemorySandbox) -> None:
    found = CopyDifference((), (), (*PATHS, "gone.bin"), ("old.txt",))
    portions = [set(changes) async for changes in read_changes(sandbox, found, is_first=False)]
    assert portions == [{*PATHS[:-1], "old.txt"}, {PATHS[-1]}]


async def test_a_projects_first_files_are_recorded_together(sandbox: MemorySandbox) -> None:
    found = CopyDifference((), (), PATHS, ())
    portions = [set(changes) async for changes in read_changes(sandbox, found, is_first=True)]
    assert portions == [set(PATHS)]
    nothing = CopyDifference((), (), (), ())
    assert [changes async for changes in read_changes(sandbox, nothing, is_first=True)] == [{}]
