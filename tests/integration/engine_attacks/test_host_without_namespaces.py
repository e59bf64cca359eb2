"""A host that does not let us isolate: the engine refuses and says what to change.

What a default Docker container lacks is taken away here: capabilities, new namespaces (its system
call filter, in our own words) and a /proc whose parts are hidden.
"""

import ctypes
import errno
import json
import os
import platform
import struct
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from fixtures.engine_process import KEY

DOCKER_OPTIONS = (
    "docker run --security-opt seccomp=unconfined --security-opt systempaths=unconfined"
)
_LOAD, _EQUALS, _ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
_REFUSE, _ALLOW, _NAMESPACES = 0x00050000 | errno.EPERM, 0x7FFF0000, 0x7E020000
_CALLS = {"x86_64": (272, 56, 165, 308), "aarch64": (97, 220, 40, 268)}
_ENOSYS = 0x00050000 | errno.ENOSYS
_HIDE_PROC = """\
mount --make-rprivate /
for path in /proc/kcore /proc/timer_list; do mount --bind /dev/null "$path"; done
for path in /proc/acpi /proc/scsi; do [ ! -d "$path" ] || mount -t tmpfs tmpfs "$path"; done
mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys
exec "$@"
"""


def _docker_filter() -> bytes:
    unshare, clone, mount, setns = _CALLS[platform.machine()]
    program = [(_LOAD, 0, 0, 0)]
    for number in (unshare, mount, setns):
        program += [(_EQUALS, 0, 1, number), (_RETURN, 0, 0, _REFUSE)]
    program += [(_EQUALS, 0, 1, 435), (_RETURN, 0, 0, _ENOSYS)]
    program += [(_EQUALS, 0, 3, clone), (_LOAD, 0, 0, 16), (_ANY_BIT, 0, 1, _NAMESPACES)]
    program += [(_RETURN, 0, 0, _REFUSE), (_RETURN, 0, 0, _ALLOW)]
    return b"".join(struct.pack("HBBI", *step) for step in program)


def _apply_filter() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    program = _docker_filter()
    buffer = ctypes.create_string_buffer(program, len(program))

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_void_p))

    steps = Program(len(program) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    assert libc.prctl(38, 1, 0, 0, 0) == 0
    assert libc.prctl(22, 2, ctypes.byref(steps), 0, 0) == 0


def _start(
    *prefix: str, path: Sequence[str] = (), filtered: bool = False, data_dir: Path
) -> subprocess.CompletedProcess[str]:
    config = {"data_dir": str(data_dir), "api_key": KEY}
    folders = [*path] or os.environ["PATH"].split(":")
    return subprocess.run(
        [*prefix, sys.executable, "-m", "stackwright.engine"],
        input=json.dumps(config),
        env={"PATH": ":".join(folders)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        preexec_fn=_apply_filter if filtered else None,
    )


@pytest.mark.skipif(platform.machine() not in _CALLS, reason="the filter is for two processors")
def test_under_dockers_filter_it_names_the_options(tmp_path: Path) -> None:
    refused = _start(filtered=True, data_dir=tmp_path / "data")
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert DOCKER_OPTIONS in refused.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="hiding parts of /proc needs root")
def test_with_dockers_proc_and_capabilities_it_names_the_options(tmp_path: Path) -> None:
    """A /proc with hidden parts may not be mounted anew in a namespace by whom has no power."""
    hide = ("unshare", "--mount", "--", "/bin/sh", "-c", _HIDE_PROC, "sh")
    weak = ("setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin")
    refused = _start(*hide, *weak, data_dir=tmp_path / "data")
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert "docker run" in refused.stderr or "systempaths=unconfined" in refused.stderr


def test_without_bubblewrap_it_says_how_to_install_it(tmp_path: Path) -> None:
    empty = tmp_path / "bin"
    empty.mkdir()
    refused = _start(path=[str(empty)], data_dir=tmp_path / "data")
    assert refused.returncode == 1
    assert "apt-get install bubblewrap" in refused.stderr
