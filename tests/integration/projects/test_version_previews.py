import pytest

from stackwright.core.ids import ProjectId, UserId
from stackwright.db.engine import Database
from stackwright.db.file_contents import FileContentRepository
from stackwright.db.notifications import RunNotifications
from stackwright.projects.restore_points import RestorePoints
from stackwright.projects.service import ProjectService
from stackwright.projects.version_previews import VersionPreviews
from stackwright.runs.service import RunService

pytestmark = pytest.mark.integration

ANN, SHOP = UserId("ann"), ProjectId("shop")


async def test_a_preview_that_nobody_closed_is_removed_a_day_later_and_with_its_project(
    database: Database, signals: RunNotifications
) -> None:
    projects, previews = ProjectService(database), VersionPreviews(database)
    await projects.create(ANN, SHOP, name="Shop")
    await FileContentRepository(database.fetch).write(ANN, SHOP, {"a.txt": b"a"})
    run = await RunService(database, signals).accept(user_id=ANN, project_id=SHOP, message="A shop")
    for title in ("one", "two"):
        await RestorePoints(database).create(ANN, SHOP, run.run_id, title=title, status="verified")
    left = await previews.open(ANN, SHOP, 1)
    assert await projects.remove_deleted() == []
    since = "UPDATE projects SET updated_at = now() - interval '25 hours' WHERE id = ANY(%(ids)s)"
    await database.fetch(since, {"ids": [left.id, SHOP]})
    assert [one.id for one in await projects.remove_deleted()] == [left.id]

    await previews.open(ANN, SHOP, 1)
    await projects.delete(ANN, SHOP)
    gone = "UPDATE projects SET deleted_at = now() - interval '11 minutes' WHERE id = %(id)s"
    await database.fetch(gone, {"id": SHOP})
    assert [one.id for one in await projects.remove_deleted()] == [SHOP]
    assert await database.fetch("SELECT id FROM projects WHERE user_id = 'ann'", {}) == []
