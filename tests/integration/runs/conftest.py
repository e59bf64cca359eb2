"""What tests of runs share."""

import pytest
import pytest_asyncio

from fixtures.queue_workers import Person
from stackwright.core.ids import ProjectId, UserId, new_id
from stackwright.db.engine import Database
from stackwright.db.notifications import RunNotifications
from stackwright.runs.events.log import EventLog
from stackwright.runs.service import RunService


@pytest.fixture
def service(database: Database, signals: RunNotifications) -> RunService:
    return RunService(database, signals)


@pytest.fixture
def log(database: Database, signals: RunNotifications) -> EventLog:
    return EventLog(database, signals)


@pytest.fixture
def user() -> UserId:
    return UserId(new_id())


@pytest.fixture
def project() -> ProjectId:
    return ProjectId(new_id())


@pytest_asyncio.fixture
async def empty_queue(database: Database) -> None:
    """What an earlier test's worker left would be rescued in the middle of the next test."""
    await database.fetch("DELETE FROM procrastinate_jobs", {})


@pytest.fixture
def person(service: RunService, log: EventLog, user: UserId, project: ProjectId) -> Person:
    return Person(service, log, user, project)
