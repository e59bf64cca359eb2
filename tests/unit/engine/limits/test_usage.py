"""What real processes use."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from stackwright.engine.limits import usage

HOLDER = """
import ctypes, os, threading, time
held = [os.open("/dev/null", os.O_RDONLY) for _ in range(300)]
memory = bytearray(os.urandom(1 << 20)) * 64

def hold():
    while open(f"/proc/{os.getpid()}/stat").read().rpartition(")")[2].split()[0] != "Z":
        time.sleep(0.001)
    print("alone", flush=True)
    time.sleep(1000)

threading.Thread(target=hold).start()
ctypes.CDLL(None).pthread_exit(None)
"""


@pytest.fixture
def without_first_thread() -> Iterator[int]:
    with subprocess.Popen([sys.executable, "-c", HOLDER], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"alone\n"
        yield process.pid
        process.kill()


def test_a_process_goes_on_when_its_first_thread_has_ended(without_first_thread: int) -> None:
    use = usage.of_process(without_first_thread)
    assert use is not None
    assert use.descriptors > 300
    assert use.resident_bytes > 64 << 20
    assert usage.proportional_bytes(without_first_thread) > 64 << 20


def test_what_is_gone_uses_nothing() -> None:
    process = subprocess.Popen(["true"])
    process.wait()
    assert usage.of_process(process.pid) is None
    assert usage.proportional_bytes(os.getpid()) > usage.proportional_bytes(process.pid) == 0
