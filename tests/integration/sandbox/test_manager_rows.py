"""The project row says what is: through every way a sandbox comes, changes and goes."""

from pathlib import Path

import pytest

from fixtures import engine_process
from fixtures.engine import running_engine
from fixtures.sandbox_managers import ANN, Managers
from fixtures.waiting import until
from stackwright.core.errors import SandboxUnavailable
from stackwright.core.ids import ProjectId
from stackwright.sandbox import control
from stackwright.sandbox.base import SandboxGone
from stackwright.sandbox.endpoint import Endpoint

pytestmark = pytest.mark.integration


async def told(managers: Managers, project: ProjectId) -> tuple[str, str | None]:
    row = await managers.row(ANN, project)
    return row.sandbox_state, row.active_sandbox_id


async def test_made_paused_resumed_and_ended(managers: Managers) -> None:
    manager, mine = managers(max_per_user=1), await managers.project()
    assert await told(managers, mine) == ("none", None)
    sandbox = await manager.get(ANN, mine)
    assert await told(managers, mine) == ("running", sandbox.id)
    await manager.get(ANN, await managers.project())
    assert await told(managers, mine) == ("paused", sandbox.id)
    assert (await manager.get(ANN, mine)).id == sandbox.id
    assert await told(managers, mine) == ("running", sandbox.id)
    await manager.end(ANN, mine)
    assert await told(managers, mine) == ("killed", None)


async def test_paused_by_the_upkeep(managers: Managers) -> None:
    manager, mine = managers(idle_timeout_s=0), await managers.project()
    sandbox = await manager.get(ANN, mine)
    await manager.tend()
    assert await told(managers, mine) == ("paused", sandbox.id)


async def test_paused_by_the_engine_when_its_time_ran_out(managers: Managers) -> None:
    manager, mine = managers(timeout_s=1), await managers.project()
    sandbox = await manager.get(ANN, mine)

    async def is_paused() -> bool:
        return not (await managers.listed())[sandbox.id].is_running

    await until(is_paused, within_s=30)
    await managers().tend()
    assert await told(managers, mine) == ("paused", sandbox.id)


async def test_killed_behind_our_back_and_replaced(managers: Managers) -> None:
    manager, mine = managers(), await managers.project()
    sandbox = await manager.get(ANN, mine)
    await control.kill(sandbox.id, managers.endpoint)
    await manager.tend()
    assert await told(managers, mine) == ("killed", None)
    replaced = await manager.get(ANN, mine)
    assert await told(managers, mine) == ("running", replaced.id)


async def test_found_by_another_process_or_by_a_visitor(managers: Managers) -> None:
    mine = await managers.project()
    sandbox = await managers().get(ANN, mine)
    await managers().get(ANN, mine)
    await managers().find(ANN, mine)
    assert await told(managers, mine) == ("running", sandbox.id)


async def test_after_the_engine_was_started_again(managers: Managers, tmp_path: Path) -> None:
    mine, folder = await managers.project(), tmp_path / "engine"
    with running_engine(folder) as first:
        sandbox = await managers(endpoint=first).get(ANN, mine)
        await sandbox.write({"/home/user/kept.txt": b"mine"})
    with running_engine(folder) as second:
        assert second.api_url != first.api_url
        manager = managers(endpoint=second)
        await manager.tend()
        assert await told(managers, mine) == ("paused", sandbox.id)
        again = await manager.get(ANN, mine)
        assert (again.id, await again.read("/home/user/kept.txt")) == (sandbox.id, b"mine")
        assert await told(managers, mine) == ("running", sandbox.id)


async def test_after_the_engine_was_killed_under_a_run(
    managers: Managers, tmp_path: Path, unused_tcp_port: int
) -> None:
    mine, kept, folder = await managers.project(), "/home/user/kept.txt", tmp_path / "engine"
    with engine_process.running_engine(folder, port=unused_tcp_port) as engine:
        manager = managers(endpoint=Endpoint(**engine.options))
        async with manager.in_use(ANN, mine) as sandbox:
            await sandbox.write({kept: b"mine"})
            engine.process.kill()
            engine.process.wait(10)
            with pytest.raises(SandboxUnavailable):
                await manager.tend()
            assert await told(managers, mine) == ("running", sandbox.id)
            with engine_process.running_engine(folder, port=unused_tcp_port):
                await manager.tend()
                assert await told(managers, mine) == ("paused", sandbox.id)
                again = await manager.get(ANN, mine)
                assert (again.id, await again.read(kept)) == (sandbox.id, b"mine")
                await manager.tend()
                assert await told(managers, mine) == ("running", sandbox.id)
                assert (await manager.counts())["running"] == 1


async def test_paused_behind_our_back_under_a_run(managers: Managers) -> None:
    manager, mine = managers(), await managers.project()
    async with manager.in_use(ANN, mine) as sandbox:
        await control.pause(sandbox.id, managers.endpoint)
        await manager.tend()
        assert await told(managers, mine) == ("paused", sandbox.id)
        with pytest.raises(SandboxGone):
            await sandbox.run("true", cwd="/")
        again = await manager.get(ANN, mine)
        assert again.id == sandbox.id
        assert await told(managers, mine) == ("running", sandbox.id)


async def test_refused_at_the_limit_changes_nothing(managers: Managers) -> None:
    manager, mine = managers(max_per_user=1), await managers.project()
    other = await managers.project()
    async with manager.in_use(ANN, mine) as sandbox:
        with pytest.raises(Exception, match="this user"):
            await manager.get(ANN, other)
        assert await told(managers, mine) == ("running", sandbox.id)
        assert await told(managers, other) == ("none", None)
