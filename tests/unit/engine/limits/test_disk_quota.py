"""One sandbox's disk, with real files and pretended writes."""

import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from stackwright.engine.limits.disk_quota import DiskQuota
from stackwright.engine.limits.usage import DiskUse, ProcessUse

MB = 1 << 20
LIMIT = 32 * MB
QUIET = DiskUse(used_bytes=0, free_bytes=1 << 40, bytes_per_file=0)


@pytest.fixture
def upper() -> Iterator[Path]:
    """Not below /tmp, which may be memory."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        path = Path(folder) / "upper"
        path.mkdir()
        yield path


@pytest.fixture
def quota(upper: Path) -> Iterator[DiskQuota]:
    quota = DiskQuota(upper, LIMIT)
    yield quota
    quota.close()


def use(written: int | None) -> ProcessUse:
    return ProcessUse(resident_bytes=0, written_bytes=written, descriptors=0, is_runnable=False)


def fill(upper: Path, name: str, size: int) -> None:
    (upper / name).write_bytes(os.urandom(size))


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
def test_writes_add_up_over_looks(
    quota: DiskQuota, looks: list[dict[int, int | None]], counted: int
) -> None:
    for look in looks:
        quota.count({pid: use(written) for pid, written in look.items()})
    assert quota.used_bytes == counted
    assert quota.growth() == counted
    assert quota.growth() == 0


async def test_it_is_measured_first_and_then_only_for_a_reason(quota: DiskQuota) -> None:
    assert quota.must_measure({}, QUIET, 0)
    await quota.measure([], QUIET)
    quota._measure_at = 0.0
    fuller = DiskUse(3 * MB, 1 << 40, 0)
    assert not quota.must_measure({1: use(0)}, QUIET, 1)
    assert quota.must_measure({1: use(None)}, QUIET, 1)
    assert quota.must_measure({1: use(0)}, fuller, 1)
    assert not quota.must_measure({1: use(0)}, fuller, 0)
    assert quota.must_measure({1: use(0)}, DiskUse(LIMIT + 1, 1 << 40, 0), 0)
    quota.count({1: use(LIMIT)})
    assert quota.must_measure({1: use(LIMIT)}, QUIET, 1)


async def test_a_measurement_corrects_what_was_counted_twice(quota: DiskQuota, upper: Path) -> None:
    fill(upper, "file", MB)
    quota.count({1: use(LIMIT + MB)})
    assert quota.verdict(is_measured=False) == "same"
    await quota.measure([], QUIET)
    assert MB <= quota.used_bytes < 2 * MB
    assert quota.verdict(is_measured=True) == "same"


async def test_files_without_content_count_too(quota: DiskQuota, upper: Path) -> None:
    for number in range(100):
        (upper / str(number)).touch()
    await quota.measure([], DiskUse(0, 1 << 40, bytes_per_file=MB))
    assert quota.verdict(is_measured=True) == "full"
    assert 2 * LIMIT <= quota.used_bytes < 100 * MB, "nobody counts to the end what is too much"
    for _ in range(3):
        await quota.measure([], DiskUse(0, 1 << 40, bytes_per_file=MB))
        assert quota.verdict(is_measured=True) == "same", "what was not counted is no growth"
    assert quota.used_bytes >= 100 * MB


async def test_what_is_surely_too_much_is_not_measured_first(quota: DiskQuota) -> None:
    quota.count({1: use(2 * LIMIT)})
    assert quota.verdict(is_measured=False) == "full"
    assert quota.verdict(is_measured=False) == "same"


async def test_a_full_one_may_not_grow(quota: DiskQuota, upper: Path) -> None:
    async def after(size: int, name: str) -> str:
        fill(upper, name, size)
        await quota.measure([], QUIET)
        return quota.verdict(is_measured=True)

    assert await after(LIMIT + MB, "a") == "full"
    assert await after(8 * MB, "b") == "same", "written before its programs had ended"
    assert await after(64 << 10, "c") == "same"
    assert await after(2 * MB, "d") == "grows"
    assert await after(64 << 10, "e") == "same"
    assert await after(2 * MB, "f") == "grows"
    assert await after(8 * MB, "g") == "cannot be held"
    (upper / "a").unlink()
    assert await after(0, "h") == "free again"
    assert await after(0, "i") == "same"


async def test_what_fills_the_hosts_disk_is_let_write_again_below_its_own_limit(
    quota: DiskQuota,
) -> None:
    quota.fill()
    assert quota.must_measure({}, QUIET, 0)
    await quota.measure([], QUIET)
    assert quota.verdict(is_measured=True) == "free again"


async def test_what_was_full_begins_full_when_it_is_booted_again(
    quota: DiskQuota, upper: Path
) -> None:
    assert not quota.is_full
    fill(upper, "file", LIMIT + MB)
    await quota.measure([], QUIET)
    assert quota.verdict(is_measured=True) == "full"
    await quota.store()
    with closing(DiskQuota(upper, LIMIT)) as again:
        assert again.is_full
        (upper / "file").unlink()
        await again.measure([], QUIET)
        assert again.verdict(is_measured=True) == "free again"
        await again.store()
    with closing(DiskQuota(upper, LIMIT)) as once_more:
        assert not once_more.is_full


async def test_a_mark_that_the_disk_refuses_is_tried_again(quota: DiskQuota, upper: Path) -> None:
    mark = upper.parent / "disk-full"
    mark.symlink_to(upper / "no" / "such" / "folder")
    quota.fill()
    await quota.store()
    mark.unlink()
    await quota.store()
    assert mark.exists()


async def test_one_that_is_closed_is_marked_no_more(upper: Path) -> None:
    quota = DiskQuota(upper, LIMIT)
    quota.fill()
    quota.close()
    await quota.store()
    assert not (upper.parent / "disk-full").exists()


async def test_what_was_written_and_cannot_be_seen_counts_as_far_as_the_disk_filled(
    quota: DiskQuota, upper: Path
) -> None:
    def disk(used_bytes: int) -> DiskUse:
        return DiskUse(used_bytes, 1 << 40, 0)

    left, right = socket.socketpair()
    with left, right, (upper / "gone").open("w+b") as file:
        await quota.measure([os.getpid()], disk(0))
        (upper / "gone").unlink()
        socket.send_fds(left, [b"x"], [file.fileno()])
        quota.count({1: use(8 * MB)})
        await quota.measure([os.getpid()], disk(8 * MB))
        assert quota.used_bytes >= 8 * MB, "eight were hidden"
        quota.count({1: use(16 * MB)})
        await quota.measure([os.getpid()], disk(8 * MB))
        assert 8 * MB <= quota.used_bytes < 9 * MB, "written over, since the disk did not fill"
        fill(upper, "seen", 4 * MB)
        quota.count({1: use(20 * MB)})
        await quota.measure([os.getpid()], disk(12 * MB))
        assert 12 * MB <= quota.used_bytes < 13 * MB
        socket.recv_fds(right, 1, 1)
    await quota.measure([os.getpid()], disk(12 * MB))
    assert quota.used_bytes < 5 * MB
