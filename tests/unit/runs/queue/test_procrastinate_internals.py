import inspect
import re
from importlib.metadata import version
from pathlib import Path

import procrastinate

REQUIREMENTS = Path(__file__).parents[4] / "requirements.txt"


def test_the_version_is_the_pinned_one() -> None:
    pinned = re.search(r"^procrastinate==(\S+)", REQUIREMENTS.read_text(), flags=re.MULTILINE)
    assert pinned is not None
    assert version("procrastinate") == pinned[1]


def test_the_connector_listens_before_it_loops_over_notifications() -> None:
    connector = procrastinate.PsycopgConnector
    assert list(inspect.signature(connector._loop_notify).parameters)[1] == "on_notification"
    listening = inspect.getsource(connector.listen_notify)
    assert 0 < listening.index("listen_queue") < listening.index("self._loop_notify(")
