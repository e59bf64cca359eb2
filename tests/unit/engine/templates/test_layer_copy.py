import os
import stat
import subprocess
from pathlib import Path

import pytest

from stackwright.engine.templates.layer_copy import copy_layer


async def test_a_copy_is_exact_in_what_a_layer_needs(tmp_path: Path) -> None:
    source = tmp_path / "upper"
    (source / "a/empty").mkdir(parents=True)
    (source / "a/file").write_bytes(b"x" * 100_000)
    (source / "a/file").chmod(0o640)
    os.utime(source / "a/file", (1, 2))
    os.link(source / "a/file", source / "hard")
    (source / "outside").symlink_to("/etc/passwd")
    os.mkfifo(source / "pipe")
    with (source / "sparse").open("wb") as file:
        file.seek(5_000_000)
        file.write(b"end")
        file.truncate(9_000_000)
    os.setxattr(source / "a", "user.overlay.opaque", b"y")
    os.setxattr(source / "a/file", "user.note", b"kept")
    os.utime(source / "a", (3, 4))

    await copy_layer(source, tmp_path / "copy")

    copy = tmp_path / "copy"
    assert (copy / "a/file").read_bytes() == b"x" * 100_000
    assert (copy / "hard").stat().st_ino == (copy / "a/file").stat().st_ino
    assert (copy / "hard").stat().st_ino != (source / "hard").stat().st_ino
    assert stat.S_IMODE((copy / "a/file").stat().st_mode) == 0o640
    assert ((copy / "a/file").stat().st_mtime, (copy / "a").stat().st_mtime) == (2, 4)
    assert (copy / "outside").readlink() == Path("/etc/passwd")
    assert stat.S_ISFIFO((copy / "pipe").stat().st_mode)
    assert (copy / "sparse").read_bytes() == (source / "sparse").read_bytes()
    assert (copy / "sparse").stat().st_blocks * 512 < 1_000_000
    assert (copy / "a/empty").is_dir()
    assert os.getxattr(copy / "a", "user.overlay.opaque") == b"y"
    assert os.listxattr(copy / "a/file") == ["user.note"]


async def test_what_its_owner_may_not_read_is_copied_and_stays_so(tmp_path: Path) -> None:
    source = tmp_path / "upper"
    (source / "locked").mkdir(parents=True)
    (source / "locked/file").write_text("x")
    (source / "locked/file").chmod(0)
    (source / "locked").chmod(0)
    await copy_layer(source, tmp_path / "copy")
    for root in (source, tmp_path / "copy"):
        assert stat.S_IMODE((root / "locked").stat().st_mode) == 0
        (root / "locked").chmod(0o700)
        assert stat.S_IMODE((root / "locked/file").stat().st_mode) == 0
        (root / "locked/file").chmod(0o600)
        assert (root / "locked/file").read_text() == "x"


async def test_a_whiteout_stays_one(tmp_path: Path) -> None:
    (tmp_path / "upper").mkdir()
    os.mknod(tmp_path / "upper/gone", stat.S_IFCHR, 0)
    await copy_layer(tmp_path / "upper", tmp_path / "copy")
    assert stat.S_ISCHR((tmp_path / "copy/gone").stat().st_mode)
    assert (tmp_path / "copy/gone").stat().st_rdev == 0


async def test_folders_deeper_than_any_path_are_refused(tmp_path: Path) -> None:
    source = tmp_path / "upper"
    source.mkdir()
    try:
        at = os.open(source, os.O_RDONLY)
        for _ in range(3000):
            os.mkdir("d", dir_fd=at)
            below = os.open("d", os.O_RDONLY, dir_fd=at)
            os.close(at)
            at = below
        os.close(at)
        with pytest.raises(OSError, match="File name too long"):
            await copy_layer(source, tmp_path / "copy")
    finally:
        subprocess.run(["rm", "-rf", source, tmp_path / "copy"], check=True)
