"""What /metrics says of the database and the sandboxes."""

import pytest

from fixtures.sandbox_managers import ANN, Managers, managers
from stackwright.core.ids import ProjectId, new_id
from stackwright.core.metrics import Metrics
from stackwright.core.settings import load_settings
from stackwright.db.engine import Database
from stackwright.db.notifications import RunNotifications
from stackwright.db.statistics import LiveRuns
from stackwright.runs.metrics import PlatformMetrics
from stackwright.runs.service import RunService

pytestmark = pytest.mark.integration

__all__ = ["managers"]


async def test_runs_queue_sandboxes_and_limits_are_told_without_naming_anybody(
    managers: Managers, signals: RunNotifications
) -> None:
    project = ProjectId(new_id())
    runs = RunService(managers.database, signals)
    await runs.accept(user_id=ANN, project_id=project, message="a secret message")
    assert await runs.live() == LiveRuns(waiting=1, working=0)
    manager = managers(max_total=7)
    sandbox = await manager.get(ANN, project)
    readings = PlatformMetrics(Metrics(), managers.database, manager, max_connections=30)
    told = (await readings.rendered()).decode()
    for line in (
        'stackwright_part_up{part="database"} 1.0',
        'stackwright_part_up{part="sandboxes"} 1.0',
        'stackwright_runs{status="queued"} 1.0',
        'stackwright_queue_jobs{status="todo"} 1.0',
        'stackwright_projects_with_sandbox{state="running"} 1.0',
        'stackwright_sandboxes{state="running"} 1.0',
        'stackwright_sandboxes_limit{limit="total"} 7.0',
        'stackwright_database_connections{kind="limit"} 30.0',
        "# TYPE stackwright_events_written_total counter",
    ):
        assert line in told
    for secret in (ANN, project, sandbox.id, "secret"):
        assert f'"{secret}' not in told


async def test_a_database_that_is_away_is_told_and_the_rest_is_shown(
    managers: Managers, unused_tcp_port: int
) -> None:
    manager = managers()
    await manager.counts()
    nowhere = f"postgresql://nobody@127.0.0.1:{unused_tcp_port}/none"
    away = Database(nowhere, load_settings({"database_url": nowhere}).database)
    told = (await PlatformMetrics(Metrics(), away, manager, max_connections=30).rendered()).decode()
    assert 'stackwright_part_up{part="database"} 0.0' in told
    assert 'stackwright_part_up{part="sandboxes"} 1.0' in told
    assert "stackwright_runs" not in told
    await away.close()
