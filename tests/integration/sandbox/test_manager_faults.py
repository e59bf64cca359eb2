"""An engine that fails: tried again when that helps, told plainly when it does not."""

import asyncio
import json
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from fixtures.attack import eventually, stopped_agents
from fixtures.engine_process import running_engine
from fixtures.sandbox_managers import ANN, Managers
from fixtures.waiting import stays
from stackwright.core.errors import SandboxUnavailable
from stackwright.core.tasks import spawn
from stackwright.sandbox import client, control, retrying
from stackwright.sandbox.base import EngineRefused, SandboxGone
from stackwright.sandbox.endpoint import Endpoint
from stackwright.testing.fault_proxy import FaultProxy

pytestmark = pytest.mark.integration


def proxied(managers: Managers) -> FaultProxy:
    address = urlsplit(str(managers.endpoint.api_url))
    assert address.hostname is not None
    assert address.port is not None
    return FaultProxy((address.hostname, address.port))


async def test_an_engine_that_is_away_for_a_moment_is_waited_for(managers: Managers) -> None:
    async with proxied(managers) as proxy:
        url = f"http://127.0.0.1:{proxy.port}"
        manager = managers(endpoint=replace(managers.endpoint, api_url=url, sandbox_url=url))
        await proxy.refuse()
        getting = spawn(manager.get(ANN, await managers.project()), name="get")
        await stays(lambda: not getting.done(), for_s=0.3)
        await proxy.accept()
        assert (await (await getting).run("true", cwd="/")).exit_code == 0


async def test_an_engine_that_stays_away_is_said_after_a_bounded_time(managers: Managers) -> None:
    async with proxied(managers) as proxy:
        url = f"http://127.0.0.1:{proxy.port}"
        manager = managers(endpoint=replace(managers.endpoint, api_url=url, sandbox_url=url))
        await proxy.refuse()
        async with asyncio.timeout(60):
            with pytest.raises(SandboxUnavailable) as told:
                await manager.get(ANN, await managers.project())
        assert told.value.status == 503
        assert told.value.retry_after_s
    assert 'engine_failures_total{code="sandbox_unavailable"} 5.0' in managers.counted(manager)


async def test_health_asks_an_engine_that_is_away_only_once(managers: Managers) -> None:
    async with proxied(managers) as proxy:
        url = f"http://127.0.0.1:{proxy.port}"
        manager = managers(endpoint=replace(managers.endpoint, api_url=url, sandbox_url=url))
        await proxy.refuse()
        with pytest.raises(SandboxUnavailable):
            await manager.counts()
    assert 'engine_failures_total{code="sandbox_unavailable"} 1.0' in managers.counted(manager)


async def test_a_sandbox_that_cannot_be_started_again_is_replaced(
    managers: Managers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retrying, "PATIENCE_S", 1.0)  # the real one is longer than a test
    mine = await managers.project()
    with running_engine(tmp_path / "engine", may_complain=True) as engine:
        manager = managers(endpoint=Endpoint(**engine.options))
        broken = await manager.get(ANN, mine)
        await control.pause(broken.id, Endpoint(**engine.options))
        disk = tmp_path / "engine" / "sandboxes" / broken.id / "upper"
        shutil.rmtree(disk)
        disk.touch()
        given = await managers(endpoint=Endpoint(**engine.options)).get(ANN, mine)
        assert given.id != broken.id
        assert (await given.run("true", cwd="/")).exit_code == 0
        assert (await managers.row(ANN, mine)).active_sandbox_id == given.id


async def test_a_wrong_key_and_an_unknown_template_are_not_tried_again(managers: Managers) -> None:
    stranger = managers(endpoint=replace(managers.endpoint, api_key="e2b_" + "9" * 40))
    with pytest.raises(EngineRefused, match="E2B_API_KEY"):
        await stranger.get(ANN, await managers.project())
    nameless = managers(template="no-such-template")
    with pytest.raises(EngineRefused, match="E2B_TEMPLATE_ID"):
        await nameless.get(ANN, await managers.project())
    for manager in (stranger, nameless):
        assert 'engine_failures_total{code="sandbox_refused"} 1.0' in managers.counted(manager)


async def test_a_sandbox_whose_agent_was_stopped_is_told_soon_and_started_again(
    managers: Managers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Programs inside may stop the program that answers for the sandbox."""
    monkeypatch.setattr(client, "REQUEST_TIMEOUT_S", 2.0)  # the real one is longer than a test
    monkeypatch.setattr(client, "HEALTH_TIMEOUT_S", 1.0)  # asked several times
    manager, mine = managers(), await managers.project()
    sandbox = await manager.get(ANN, mine)
    await sandbox.write({"/home/user/kept.txt": b"mine"})
    await sandbox.run("(sleep 0.2; kill -STOP 2) > /dev/null 2>&1 &", cwd="/")
    await eventually(stopped_agents)
    silent: tuple[Callable[[], Awaitable[object]], ...] = (
        sandbox.processes,
        lambda: sandbox.list("/home/user"),
        lambda: sandbox.remove(["/home/user/kept.txt"]),
        lambda: sandbox.kill(99),
        lambda: sandbox.start("true", cwd="/"),
        lambda: sandbox.run("true", cwd="/", timeout_s=600),
    )
    for call in silent:
        async with asyncio.timeout(10):
            with pytest.raises(SandboxGone):
                await call()
    again = await manager.get(ANN, mine)
    assert again.id == sandbox.id
    assert await again.read("/home/user/kept.txt") == b"mine"
    assert (await managers.row(ANN, mine)).sandbox_state == "running"


async def test_a_broken_connection_is_no_dead_sandbox(managers: Managers) -> None:
    async with proxied(managers) as proxy:
        url = f"http://127.0.0.1:{proxy.port}"
        manager = managers(endpoint=replace(managers.endpoint, api_url=url, sandbox_url=url))
        mine = await managers.project()
        first = await manager.get(ANN, mine)
        await proxy.reset_all()
        again = await manager.get(ANN, mine)
        assert again.id == first.id
        assert (await again.run("true", cwd="/")).exit_code == 0


async def test_a_sandbox_that_does_not_know_our_token_is_looked_up_again(
    managers: Managers, tmp_path: Path, unused_tcp_port: int
) -> None:
    mine = await managers.project()
    with running_engine(tmp_path / "engine", port=unused_tcp_port) as engine:
        endpoint = Endpoint(**engine.options)
        manager = managers(endpoint=endpoint)
        first = await manager.get(ANN, mine)
    record = tmp_path / "engine" / "sandboxes" / first.id / "meta.json"
    record.write_text(json.dumps({**json.loads(record.read_text()), "token": "another"}))
    with running_engine(tmp_path / "engine", port=unused_tcp_port):
        await managers(endpoint=endpoint).get(ANN, mine)
        with pytest.raises(SandboxGone, match="does not know us"):
            await first.run("true", cwd="/")
        again = await manager.get(ANN, mine)
        assert again is not first
        assert again.id == first.id
        assert (await again.run("true", cwd="/")).exit_code == 0
