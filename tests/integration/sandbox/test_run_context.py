"""What a run acts on, over a real engine: its sandbox may die under it."""

import asyncio
from typing import Any

import pytest

from fixtures.run_contexts import Played
from fixtures.sandbox_managers import ANN, Managers
from stackwright.sandbox import control
from stackwright.sandbox.base import Sandbox
from stackwright.sandbox.manager import SandboxManager
from stackwright.tools.registry import all_tools

pytestmark = pytest.mark.integration


@pytest.fixture
async def died(played: Played, managers: Managers) -> Played:
    """One whose sandbox is dead, as the next tool call will find out."""
    prepared = await played.context.prepared_sandbox()
    await control.kill(prepared.sandbox.id, managers.endpoint)
    assert not await prepared.sandbox.is_alive()
    with pytest.raises(Exception, match="sandbox"):
        await prepared.sandbox.run("true")
    played.told.clear()
    return played


async def test_tool_calls_that_find_the_sandbox_dead_together_have_it_rebuilt_once(
    died: Played,
) -> None:
    all_prepared = await asyncio.gather(*(died.context.prepared_sandbox() for _ in range(4)))
    assert len({id(prepared) for prepared in all_prepared}) == 1
    assert (await all_prepared[0].sandbox.run("echo here")).stdout == "here\n"
    assert died.states() == ["rebuilding", "preparing"]


@pytest.mark.parametrize("turns", [0, 3, 30])
async def test_a_run_that_ends_while_its_sandbox_is_rebuilt_lets_it_go(
    died: Played, managers: Managers, turns: int
) -> None:
    asking = [asyncio.create_task(died.context.prepared_sandbox()) for _ in range(4)]
    for _ in range(turns):
        await asyncio.sleep(0.005)
    for each in asking:
        each.cancel()
    await asyncio.gather(*asking, return_exceptions=True)
    await died.context.close()
    await died.hand_over()
    async with managers.registry().if_unused((ANN, died.project)) as is_unused:
        assert is_unused


async def test_a_plan_does_not_wait_for_the_sandbox_and_a_command_does(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = asyncio.Event()
    make = SandboxManager.get

    async def get(*args: Any, **options: Any) -> Sandbox:
        await ready.wait()
        return await make(*args, **options)

    monkeypatch.setattr(SandboxManager, "get", get)
    tools = {tool.name: tool for tool in all_tools(search_provider=None)}
    plan = tools["update_plan"]
    context = await played.context.tool_context("call", plan)
    steps = plan.arguments.model_validate({"steps": [{"title": "Models"}]})
    assert "0 of 1" in await plan.run(steps, context)
    command = asyncio.create_task(played.context.tool_context("other", tools["run_command"]))
    await asyncio.wait({command}, timeout=0.05)
    assert not command.done()
    ready.set()
    await command
    await (await context.services()).ensure_all()
