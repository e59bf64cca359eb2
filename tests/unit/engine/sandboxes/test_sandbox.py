import asyncio
import os
from pathlib import Path

from stackwright.engine.record import Record
from stackwright.engine.sandboxes.sandbox import Sandbox


def _sandbox(folder: Path) -> Sandbox:
    record = Record("i1", "base", [], "t", {}, {}, {}, None, timeout_s=60, pid=os.getpid())
    return Sandbox(record, folder)


async def test_its_record_is_stored_off_the_event_loop(tmp_path: Path) -> None:
    sandbox = _sandbox(tmp_path)
    sandbox.expire_in(30)
    await sandbox.save()
    assert await asyncio.to_thread(Record.load, tmp_path) == sandbox.record


async def test_without_processes_its_record_names_none(tmp_path: Path) -> None:
    sandbox = _sandbox(tmp_path)
    await sandbox.save()
    assert (await asyncio.to_thread(Record.load, tmp_path)).pid == 0


def test_a_time_that_is_only_to_be_longer_is_not_shortened(tmp_path: Path) -> None:
    sandbox = _sandbox(tmp_path)
    sandbox.expire_in(60)
    sandbox.expire_in_at_least(10)
    assert sandbox.deadline.left_s > 30
