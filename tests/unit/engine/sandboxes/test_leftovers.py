import asyncio
import signal
import subprocess
from pathlib import Path

import pytest

from stackwright.engine.process_tree.host_processes import start_time
from stackwright.engine.record import Record
from stackwright.engine.sandboxes.leftovers import kill_orphan, left_below


def _record(name: str) -> Record:
    return Record(name, "base", [], "t", {}, {}, {}, None, timeout_s=60)


async def test_every_folder_is_told_and_what_cannot_be_read_has_no_record(tmp_path: Path) -> None:
    for name in ("sound", "torn", "empty", "foreign"):
        (tmp_path / name).mkdir()
    record = _record("sound")
    await record.save(tmp_path / "sound")
    (tmp_path / "torn" / "meta.json").write_text('{"id": "to')
    (tmp_path / "foreign" / "meta.json").write_text('{"other": 1}')
    left = await asyncio.to_thread(left_below, tmp_path)
    assert [(folder.name, found) for folder, found in left] == [
        *[("empty", None), ("foreign", None), ("sound", record), ("torn", None)]
    ]


@pytest.mark.parametrize("is_the_same", [True, False])
def test_an_orphan_is_ended_but_no_process_that_has_its_number_now(*, is_the_same: bool) -> None:
    with subprocess.Popen(["sleep", "60"]) as program:
        record = _record("gone")
        record.first_pid = program.pid
        record.first_started = start_time(program.pid) if is_the_same else "1"
        kill_orphan(record)
        if not is_the_same:
            assert program.poll() is None
            program.terminate()
        assert program.wait(10) == -(signal.SIGKILL if is_the_same else signal.SIGTERM)
