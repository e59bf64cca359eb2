"""The watchdog's looks at processes and files, with real ones."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from stackwright.engine import usage
from stackwright.engine.usage import ProcessUse
from stackwright.engine.watchdog import Watched, count_written


@contextmanager
def _running(program: str) -> Iterator[subprocess.Popen[bytes]]:
    """Until it has said a byte, then for the length of the block."""
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.read(1)
        yield process
        process.kill()


def test_memory_and_descriptors_of_a_process_are_seen() -> None:
    program = (
        "import os, sys; held = bytearray(os.urandom(1 << 20) * 32); "
        "fds = [os.dup(0) for _ in range(50)]; print('x', flush=True); sys.stdin.read()"
    )
    with _running(program) as process:
        use = usage.of_process(process.pid)
        assert use is not None
        assert use.resident_bytes > 32 << 20
        assert usage.proportional_bytes(process.pid) > 32 << 20
        assert 50 <= use.descriptors < 100


def test_what_a_process_writes_is_counted(tmp_path: Path) -> None:
    program = (
        f"import sys; open({str(tmp_path / 'file')!r}, 'wb').write(b'x' * (8 << 20)); "
        "print('x', flush=True); sys.stdin.read()"
    )
    with _running(program) as process:
        use = usage.of_process(process.pid)
    assert use is not None
    assert (use.written_bytes or 0) >= 8 << 20


def test_a_process_that_is_gone_counts_nothing() -> None:
    process = subprocess.Popen(["true"])
    process.wait()
    assert usage.of_process(process.pid) is None
    assert usage.proportional_bytes(process.pid) == 0
    assert usage.terminals(process.pid) == 0


@pytest.fixture
def on_disk() -> Iterator[Path]:
    """Not below /tmp, which is memory in a sandbox."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        yield Path(folder)


def test_files_count_below_folders_and_when_deleted_but_open(on_disk: Path) -> None:
    (on_disk / "deep").mkdir()
    (on_disk / "deep" / "file").write_bytes(os.urandom(1 << 20))
    hidden = on_disk / "hidden"
    hidden.mkdir()
    (hidden / "file").write_bytes(os.urandom(1 << 20))
    hidden.chmod(0)
    folder = os.open(on_disk, os.O_PATH)
    program = (
        f"import os, sys; f = open({str(on_disk / 'gone')!r}, 'wb'); "
        "f.write(os.urandom(1 << 20)); f.flush(); os.unlink(f.name); print('x', flush=True); "
        "sys.stdin.read()"
    )
    try:
        with _running(program) as process:
            assert usage.of_files(folder, []) >= 2 << 20
            assert usage.of_files(folder, [process.pid]) >= 3 << 20
        (on_disk / "deep").rename(on_disk / "moved")
        assert usage.of_files(folder, []) >= 2 << 20
    finally:
        os.close(folder)
        hidden.chmod(0o700)


def _use(written: int | None) -> ProcessUse:
    return ProcessUse(resident_bytes=0, written_bytes=written, descriptors=0, is_runnable=False)


@pytest.mark.parametrize(
    ("looks", "counted"),
    [
        ([{1: 100}, {1: 300}], 300),
        ([{1: 100, 2: 50}, {1: 100}], 150),
        ([{1: 100}, {}, {2: 40}], 140),
        ([{1: None}, {1: None}], 0),
        ([{1: 500}, {1: 200}], 500),
    ],
    ids=["more of one", "one ended", "another came", "unreadable", "cancelled"],
)
def test_writes_add_up_over_looks(looks: list[dict[int, int | None]], counted: int) -> None:
    watched = Watched("i1", machine=None, upper=-1)
    for look in looks:
        count_written(watched, {pid: _use(written) for pid, written in look.items()})
    assert watched.counted == counted
