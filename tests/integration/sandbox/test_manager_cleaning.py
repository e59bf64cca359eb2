"""What the one process that cleans up does, and above all what it leaves alone."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from aiohttp import web

from fixtures.faulty_engine import Fault, FaultyEngine, faulty_engine
from fixtures.sandbox_managers import ANN, BOB, Managers
from stackwright.core.ids import ProjectId, UserId, new_id
from stackwright.db.notifications import RunNotifications
from stackwright.projects.service import ProjectService
from stackwright.runs.service import RunService
from stackwright.sandbox import control
from stackwright.sandbox.endpoint import Endpoint

pytestmark = pytest.mark.integration


@pytest.fixture
async def faulty(managers: Managers) -> AsyncIterator[FaultyEngine]:
    async with faulty_engine(managers.endpoint) as faulty:
        yield faulty


async def make_stray(managers: Managers, **marks: str) -> str:
    marks = {"platform": "stackwright", **marks}
    made = await control.create("base", marks, managers.endpoint, managers.http, 60)
    return made.id


async def test_sandboxes_of_deleted_projects_are_killed_and_foreign_ones_are_not(
    managers: Managers,
) -> None:
    manager, mine, gone = managers(), await managers.project(), await managers.project()
    ours = await managers.registry().installation()
    kept = {
        (await manager.get(ANN, mine)).id,
        await make_stray(managers, installation="another", user_id=ANN, project_id="x"),
        await make_stray(managers, user_id=ANN, project_id="x"),
    }
    await manager.get(ANN, gone)
    await ProjectService(managers.database).delete(ANN, gone)
    long_ago = "UPDATE projects SET deleted_at = '2020-01-01' WHERE id = %(gone)s"
    await managers.database.fetch(long_ago, {"gone": gone})
    await ProjectService(managers.database).remove_deleted()
    await make_stray(managers, installation=ours, user_id="mallory", project_id=mine)
    await manager.tend()
    assert set(await managers.listed()) == kept


async def test_a_deleted_project_brought_back_has_what_was_entered_in_its_app(
    managers: Managers,
) -> None:
    manager, mine = managers(), await managers.project()
    projects = ProjectService(managers.database)
    sandbox = await manager.get(ANN, mine)
    await sandbox.write({"entered": b"by a person"})
    await projects.delete(ANN, mine)
    await manager.put_away(ANN, mine)
    await manager.tend()
    assert (await managers.running(), list(await managers.listed())) == (0, [sandbox.id])
    await projects.undelete(ANN, mine)
    assert await (await manager.get(ANN, mine)).read("entered") == b"by a person"


async def test_a_new_project_with_the_id_of_a_deleted_one_never_gets_its_sandbox(
    managers: Managers,
) -> None:
    manager, mine = managers(), await managers.project()
    projects = ProjectService(managers.database)
    old = (await manager.get(ANN, mine)).id
    await projects.delete(ANN, mine)
    await manager.put_away(ANN, mine)
    await projects.create(ANN, mine, name="Begun anew")
    assert (await manager.get(ANN, mine)).id != old
    await manager.tend()
    assert old not in await managers.listed()


async def test_of_two_sandboxes_the_one_of_the_project_row_stays(managers: Managers) -> None:
    manager, mine = managers(), await managers.project()
    ours = await managers.registry().installation()
    older = await make_stray(managers, installation=ours, user_id=ANN, project_id=mine)
    await control.pause(older, managers.endpoint)
    sandbox = await manager.get(ANN, mine)
    assert sandbox.id == older
    await make_stray(managers, installation=ours, user_id=ANN, project_id=mine)
    await manager.tend()
    assert list(await managers.listed()) == [older]


async def test_a_run_in_progress_keeps_its_sandbox_however_old_and_idle(
    managers: Managers, signals: RunNotifications
) -> None:
    runs, mine = RunService(managers.database, signals), ProjectId(new_id())
    accepted = await runs.accept(user_id=ANN, project_id=mine, message="go")
    claimed = await runs.claim(accepted.run_id, worker="elsewhere")
    assert claimed is not None
    manager = managers(idle_timeout_s=0, max_age_s=0)
    await manager.get(ANN, mine)
    await manager.tend()
    assert await managers.running() == 1
    await runs.hand_over(claimed.lease)
    await manager.tend()
    assert await managers.running() == 0


async def test_a_run_that_begins_while_the_sandbox_is_put_away_gets_it_back(
    managers: Managers,
) -> None:
    idle, busy, mine = managers(idle_timeout_s=0), managers(), await managers.project()
    sandbox = await busy.get(ANN, mine)
    await sandbox.write({"/home/user/kept.txt": b"mine"})

    async def run() -> bytes:
        async with busy.in_use(ANN, mine) as used:
            return await used.read("/home/user/kept.txt")

    for _ in range(5):
        _, read = await asyncio.gather(idle.tend(), run())
        assert read == b"mine"


async def test_age_counts_from_the_last_use_not_from_the_making(
    managers: Managers, faulty: FaultyEngine
) -> None:
    mine = await managers.project()
    manager = managers(endpoint=faulty.endpoint, max_age_s=900, idle_timeout_s=10_000)
    await manager.get(ANN, mine)
    faulty.fault = made_yesterday(managers.endpoint)
    await managers.use(mine, minutes_ago=14)
    await manager.tend()
    assert await managers.running() == 1
    await managers.use(mine, minutes_ago=16)
    await manager.tend()
    assert await managers.running() == 0
    assert 'action="pause",cause="age"} 1.0' in managers.counted(manager)


def made_yesterday(endpoint: Endpoint) -> Fault:
    """The engine's list of sandboxes, but for their age."""

    async def fault(request: web.Request) -> web.Response | None:
        if request.method != "GET" or not request.path.endswith("/sandboxes"):
            return None
        headers = {"X-API-KEY": endpoint.api_key}
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{endpoint.api_url}{request.path_qs}", headers=headers) as answer,
        ):
            found = await answer.json()
        yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat()
        return web.json_response([{**one, "startedAt": yesterday} for one in found])

    return fault


async def test_a_page_that_is_open_keeps_its_sandbox(managers: Managers) -> None:
    visited, reaper, mine = managers(), managers(idle_timeout_s=60), await managers.project()
    await reaper.tend()
    await visited.get(ANN, mine)
    await visited.tend()
    with visited.with_open_page(ANN, mine):
        await managers.use(mine, minutes_ago=2)
        await visited.tend()
        await reaper.tend()
        assert await managers.running() == 1
    await visited.tend()
    await managers.use(mine, minutes_ago=2)
    await reaper.tend()
    assert await managers.running() == 0


async def test_a_sandbox_that_others_resumed_has_its_app_started(managers: Managers) -> None:
    manager, mine = managers(idle_timeout_s=60), await managers.project()
    started: asyncio.Queue[ProjectId] = asyncio.Queue()

    async def start(_user: UserId, project: ProjectId) -> None:
        started.put_nowait(project)

    manager.start_app = start
    sandbox = await manager.get(ANN, mine)
    await managers.use(mine, minutes_ago=2)
    await manager.tend()
    assert await managers.running() == 0
    await control.connect(sandbox.id, managers.endpoint, managers.http, 60)
    await managers.use(mine, minutes_ago=0)
    await manager.tend()
    async with asyncio.timeout(10):
        assert await started.get() == mine
    await manager.tend()
    assert started.empty()


async def test_use_in_one_process_counts_in_the_one_that_cleans_up(managers: Managers) -> None:
    visited, reaper = managers(), managers(idle_timeout_s=60)
    mine = await managers.project()
    await reaper.tend()
    assert (await reaper.counts())["cleans_up"]
    await visited.get(ANN, mine)
    await managers.use(mine, minutes_ago=2)
    await visited.find(ANN, mine)
    await visited.tend()
    await reaper.tend()
    assert await managers.running() == 1


async def test_a_row_without_sandbox_is_filled_in_when_the_engine_has_one(
    managers: Managers,
) -> None:
    manager, mine = managers(), await managers.project(BOB)
    ours = await managers.registry().installation()
    made = await make_stray(managers, installation=ours, user_id=BOB, project_id=mine)
    await manager.tend()
    row = await managers.row(BOB, mine)
    assert (row.sandbox_state, row.active_sandbox_id) == ("running", made)


async def test_a_project_of_another_user_is_no_reason_to_keep_a_sandbox(
    managers: Managers,
) -> None:
    mine, ours = await managers.project(), await managers.registry().installation()
    await make_stray(managers, installation=ours, user_id=UserId("eve"), project_id=mine)
    await managers().tend()
    assert await managers.listed() == {}
