import subprocess
from pathlib import Path

import pytest

from stackwright.engine import autogroups


@pytest.mark.skipif(
    not Path("/proc/self/autogroup").exists(), reason="this kernel shares no core among sessions"
)
def test_a_session_gives_way_and_comes_back() -> None:
    with subprocess.Popen(["sleep", "30"], start_new_session=True) as process:
        session = Path(f"/proc/{process.pid}/autogroup")
        own = Path("/proc/self/autogroup").read_text()
        for does, niceness in ((True, "19"), (True, "19"), (False, "0")):
            autogroups.give_way([process.pid], does=does)
            assert session.read_text().split()[-1] == niceness
        assert Path("/proc/self/autogroup").read_text() == own
        process.kill()
    autogroups.give_way([process.pid], does=True)  # it is gone
