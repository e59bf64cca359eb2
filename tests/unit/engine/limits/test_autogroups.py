import subprocess
import time
from pathlib import Path

import pytest

from stackwright.engine.limits import autogroups


@pytest.mark.skipif(
    not Path("/proc/self/autogroup").exists(), reason="this kernel shares no core among sessions"
)
def test_a_session_gives_way_and_comes_back() -> None:
    with subprocess.Popen(["sleep", "30"], start_new_session=True) as process:
        session = Path(f"/proc/{process.pid}/autogroup")
        own = Path("/proc/self/autogroup").read_text()
        for does, niceness in ((True, "19"), (True, "19"), (False, "0")):
            while not autogroups.set_low_priority([process.pid], is_low=does):
                time.sleep(0.1)
            assert session.read_text().split()[-1] == niceness
        assert Path("/proc/self/autogroup").read_text() == own
        process.kill()
    assert autogroups.set_low_priority([process.pid], is_low=True), "it is gone"


def test_a_change_that_is_refused_for_now_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise BlockingIOError

    session = tmp_path / "autogroup"
    session.write_text("/autogroup-1 nice 0\n")
    monkeypatch.setattr(autogroups, "Path", lambda _: session)
    monkeypatch.setattr(Path, "write_text", refuse)
    assert not autogroups.set_low_priority([1, 2], is_low=True)
    assert autogroups.set_low_priority([1, 2], is_low=False), "nothing was to be changed"
