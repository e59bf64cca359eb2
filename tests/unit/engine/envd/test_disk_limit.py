import subprocess

import pytest

from stackwright.engine.envd.disk_limit import SMALL_FILE_BYTES, DiskLimit


def test_nothing_is_limited_before_the_sandbox_is_full() -> None:
    disk = DiskLimit()
    disk.take(1 << 40)
    assert disk.limited(["ls", "-l"]) == ["ls", "-l"]


def test_a_full_sandbox_has_one_reserve_until_it_is_free_again() -> None:
    disk = DiskLimit()
    disk.set_full(limit_mb=10, reserve_bytes=100)
    disk.check(100)
    disk.take(60)
    disk.set_full(limit_mb=10, reserve_bytes=100)
    with pytest.raises(OSError, match="full \\(10 MB\\)"):
        disk.take(41)
    disk.take(40)
    disk.set_free()
    disk.take(1000)
    disk.set_full(limit_mb=10, reserve_bytes=100)
    disk.take(100)


def test_programs_of_a_full_sandbox_write_small_files_only() -> None:
    disk = DiskLimit()
    disk.set_full(limit_mb=10, reserve_bytes=100)
    said = subprocess.check_output(
        disk.limited(["/bin/bash", "-c", "ulimit -S -f; echo $0 $1", "a b", "c"])
    )
    assert said.split() == [b"%d" % (SMALL_FILE_BYTES // 1024), b"a", b"b", b"c"]
