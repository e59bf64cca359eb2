"""Several processes, one engine, one database and no Redis: still one sandbox per project."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from fixtures.sandbox_managers import ANN, BOB, Managers, sandbox_settings
from fixtures.waiting import until
from stackwright.core.errors import SandboxLimitReached
from stackwright.core.ids import ProjectId, UserId
from stackwright.core.metrics import Metrics
from stackwright.projects.sandboxes import ProjectSandboxes
from stackwright.sandbox.capacity import SandboxCapacity
from stackwright.sandbox.provider import E2BProvider
from stackwright.sandbox.registry import Owner

pytestmark = pytest.mark.integration

HERE = Path(__file__).parent


@asynccontextmanager
async def process(
    managers: Managers, do: str, *projects: ProjectId, **limits: object
) -> AsyncGenerator[Process]:
    task = {
        "do": do,
        "user": ANN,
        "projects": projects,
        "limits": limits,
        "database": managers.database_url,
        "endpoint": asdict(managers.endpoint),
        "folder": str(managers.folder),
    }
    running = await asyncio.create_subprocess_exec(
        *(sys.executable, str(HERE / "manager_process.py")),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE.parents[1]), *sys.path])},
    )
    assert running.stdin is not None
    running.stdin.write(json.dumps(task).encode() + b"\n")
    await running.stdin.drain()
    try:
        yield running
    finally:
        if running.returncode is None:
            running.stdin.close()
            await asyncio.wait_for(running.wait(), 30)


async def said(running: Process) -> Any:
    assert running.stdout is not None
    line = await asyncio.wait_for(running.stdout.readline(), 60)
    assert line, "the process said nothing"
    return json.loads(line)


async def test_two_processes_at_once_get_one_sandbox(managers: Managers) -> None:
    mine = [await managers.project() for _ in range(2)]
    async with process(managers, "get", *mine) as one, process(managers, "get", *mine) as two:
        assert await said(one) == await said(two)
    assert await managers.running() == 2


async def test_many_managers_at_once_get_one_sandbox(managers: Managers) -> None:
    mine = await managers.project()
    each = await asyncio.gather(*(managers().get(ANN, mine) for _ in range(8)))
    assert len({sandbox.id for sandbox in each}) == 1
    assert await managers.running() == 1


class WithoutLock(ProjectSandboxes):
    """As if every connection that holds a lock had just been lost."""

    @asynccontextmanager
    async def making(self, owner: Owner) -> AsyncGenerator[None]:
        del owner
        yield


async def test_even_without_the_lock_one_sandbox_stays(managers: Managers) -> None:
    mine = await managers.project()

    def careless() -> ProjectSandboxes:
        known = managers.registry()
        return WithoutLock(known._database, known._locks)

    each = [managers(registry=careless()) for _ in range(4)]
    given = await asyncio.gather(*(manager.get(ANN, mine) for manager in each))
    assert len({sandbox.id for sandbox in given}) == 1
    assert list(await managers.listed()) == [given[0].id]
    assert (await managers.row(ANN, mine)).active_sandbox_id == given[0].id
    assert (await given[0].run("true", cwd="/")).exit_code == 0


async def test_the_users_limit_holds_across_processes(managers: Managers) -> None:
    mine = [await managers.project() for _ in range(6)]
    async with (
        process(managers, "get", *mine[:3], max_per_user=2) as one,
        process(managers, "get", *mine[3:], max_per_user=2) as two,
    ):
        given = [*await said(one), *await said(two)]
    assert 1 <= await managers.running() <= 2
    assert len([one for one in given if one != "sandbox_limit"]) >= 2


async def test_the_total_limit_holds_across_managers(managers: Managers) -> None:
    users = [UserId(f"user-{number}") for number in range(5)]
    projects = [await managers.project(user) for user in users]
    given = await asyncio.gather(
        *(managers(max_total=2).get(u, p) for u, p in zip(users, projects, strict=True)),
        return_exceptions=True,
    )
    refused = [one for one in given if isinstance(one, SandboxLimitReached)]
    assert len(refused) == 3
    assert "this server" in str(refused[0])
    assert await managers.running() == 2


async def test_what_another_process_uses_is_never_put_away(managers: Managers) -> None:
    mine = await managers.project()
    here = managers(max_per_user=1, idle_timeout_s=0)
    async with process(managers, "use", mine) as other:
        used = await said(other)
        with pytest.raises(SandboxLimitReached):
            await here.get(ANN, await managers.project())
        await here.tend()
        assert (await managers.listed())[used].is_running
        other.send_signal(signal.SIGKILL)
        await other.wait()

    async def is_paused() -> bool:
        await here.tend()
        return not (await managers.listed())[used].is_running

    await until(is_paused)


async def test_one_process_cleans_up_and_another_takes_over(managers: Managers) -> None:
    here = managers()
    async with process(managers, "clean") as other:
        assert await said(other) == "leads"
        await here.tend()
        assert not (await here.counts())["cleans_up"]
        other.send_signal(signal.SIGKILL)
        await other.wait()

        async def leads_here() -> bool:
            await here.tend()
            return (await here.counts())["cleans_up"]

        await until(leads_here)


async def test_a_place_is_kept_for_a_sandbox_that_another_process_is_making(
    managers: Managers,
) -> None:
    mine, being_made = await managers.project(), await managers.project()
    registry, here = managers.registry(), managers(max_per_user=1)
    async with registry.making((ANN, being_made)):
        await registry.reserve((ANN, being_made))
        with pytest.raises(SandboxLimitReached, match="this user"):
            await here.get(ANN, mine)
        assert await here.get(BOB, await managers.project(BOB))
        await registry.release((ANN, being_made))
    assert await here.get(ANN, mine)


async def test_a_place_is_kept_for_as_long_as_the_making_takes(managers: Managers) -> None:
    """The first build of a template takes longer than a reservation lasts."""
    owner, registry = (ANN, await managers.project()), managers.registry()
    settings = sandbox_settings(managers.folder)
    provider = E2BProvider(settings, managers.endpoint, managers.http, registry, Metrics())
    room = SandboxCapacity(provider, lambda _: None, renew_every_s=0.05)

    async def is_reserved() -> bool:
        return owner in await registry.reserved()

    async with room.place_for(owner):
        assert await is_reserved()
        await registry.release(owner)  # as if its time had run out
        await until(is_reserved)
    assert not await is_reserved()
