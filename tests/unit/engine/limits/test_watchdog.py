"""The watchdog's looks at processes and files, with real ones."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from stackwright.engine.config import Limits
from stackwright.engine.limits import usage
from stackwright.engine.limits.watchdog import Watchdog


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


async def test_files_count_below_folders_and_when_deleted_but_open(on_disk: Path) -> None:
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

    async def taken(pids: list[int], bytes_per_file: int, enough: int = sys.maxsize) -> int:
        found, are_others = await usage.of_files(folder, pids, bytes_per_file, enough)
        assert not are_others
        return found

    try:
        with _running(program) as process:
            assert await taken([], 0) >= 2 << 20
            assert await taken([process.pid], 0) >= 3 << 20
        (on_disk / "deep").rename(on_disk / "moved")
        plain = await taken([], 0)
        assert plain >= 2 << 20
        # two files in two folders, in one
        assert await taken([], 1000) == plain + 5000
        os.link(on_disk / "moved" / "file", on_disk / "moved" / "second name")
        assert await taken([], 1000) == plain + 5000
        assert 1 << 20 <= await taken([], 0, enough=1 << 20) < plain
    finally:
        os.close(folder)
        hidden.chmod(0o700)


def test_a_disk_has_a_price_for_files(on_disk: Path) -> None:
    before = usage.of_disk(on_disk)
    assert before.bytes_per_file >= 512
    assert 0 < before.free_bytes <= shutil.disk_usage(on_disk).free + (1 << 30)


def test_the_hosts_free_memory_is_known() -> None:
    assert 0 < usage.free_memory_mb() < 1 << 30


def test_only_without_a_limit_on_memory_descriptors_are_limited_by_it(tmp_path: Path) -> None:
    limits = Limits(memory_mb=64, descriptors=10_000)
    assert Watchdog(limits, ("memory",), tmp_path).most_descriptors == 10_000
    assert Watchdog(limits, (), tmp_path).most_descriptors == 256
