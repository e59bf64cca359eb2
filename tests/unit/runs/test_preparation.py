"""How a run's sandbox is got ready; what is written into a real one is in tests/integration/sandbox."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, cast

import pytest

from stackwright.core.errors import PlatformError, SandboxUnavailable
from stackwright.core.events import Event, StateChanged
from stackwright.core.ids import ProjectId, RunId, UserId
from stackwright.db.run_records import Lease
from stackwright.runs.preparation import REPLACED, PreparedSandbox, SandboxPreparation


class Sandboxes:
    """Gives names of sandboxes in place of sandboxes; `current` is the one that lives."""

    def __init__(self) -> None:
        self.current = "first"
        self.in_hand: list[str] = []
        self.faults: list[PlatformError] = []
        self.was_replaced = False

    async def get(self, *_: object, on_wait: object = None) -> str:
        del on_wait
        if self.faults:
            raise self.faults.pop(0)
        return self.current

    @asynccontextmanager
    async def in_use(self, *_: object, on_wait: Any) -> AsyncGenerator[str]:
        on_wait("One moment.")
        given = await self.get()
        self.in_hand.append(given)
        try:
            yield given
        finally:
            self.in_hand.remove(given)

    async def take_news(self, *_: object) -> bool:
        told, self.was_replaced = self.was_replaced, False
        return told


class Files:
    """Remembers where the workspace was laid out."""

    def __init__(self) -> None:
        self.laid_out: list[str] = []

    async def lay_out(self, sandbox: str) -> None:
        self.laid_out.append(sandbox)


class World:
    def __init__(self) -> None:
        self.sandboxes, self.files = Sandboxes(), Files()
        self.told: list[Event] = []
        self.closed: list[str] = []
        lease = Lease(
            run_id=RunId("r"),
            project_id=ProjectId("p"),
            user_id=UserId("u"),
            token="t",
            attempt=1,
            last_seq=0,
        )
        given: Any = (self.sandboxes, lease, self.files, self.told.append, self._equipped)
        self.preparation = SandboxPreparation(*given)

    def _equipped(self, sandbox: Any, stack: AsyncExitStack) -> PreparedSandbox:
        stack.callback(self.closed.append, sandbox)
        nothing = cast("Any", None)
        return PreparedSandbox(sandbox, nothing, nothing, nothing)

    def states(self) -> list[str]:
        return [event.state for event in self.told if isinstance(event, StateChanged)]


@pytest.fixture
def world() -> World:
    return World()


async def test_it_is_prepared_once_for_all_who_ask(world: World) -> None:
    preparation = world.preparation
    preparation.start()
    assert (preparation.find(), preparation.is_laid_out) == (None, False)
    asked = await asyncio.gather(*(preparation.get() for _ in range(3)))
    assert len({id(one) for one in asked}) == 1
    assert world.files.laid_out == ["first"]
    assert preparation.find() is asked[0]
    assert preparation.is_laid_out
    assert world.states() == ["preparing", "waiting"]


async def test_another_sandbox_in_its_place_is_prepared_and_the_former_let_go(
    world: World,
) -> None:
    await world.preparation.get()
    world.sandboxes.current, world.sandboxes.was_replaced = "second", True
    asked = await asyncio.gather(*(world.preparation.get() for _ in range(3)))
    assert [one.sandbox for one in asked] == ["second"] * 3
    assert world.files.laid_out == ["first", "second"]
    assert world.closed == ["first"]
    assert world.sandboxes.in_hand == ["second"]
    assert world.states()[2:] == ["rebuilding", "preparing", "waiting", "replaced"]
    assert (world.preparation.take_news(), world.preparation.take_news()) == (REPLACED, "")


async def test_a_failure_is_remembered_until_a_later_request_succeeds(world: World) -> None:
    world.sandboxes.faults = [SandboxUnavailable("away")]
    with pytest.raises(SandboxUnavailable, match="away"):
        await world.preparation.get()
    assert isinstance(world.preparation.refused, SandboxUnavailable)
    assert world.preparation.has_ended
    assert world.preparation.find() is None
    assert (await world.preparation.get()).sandbox == "first"
    assert world.preparation.refused is None


async def test_closing_lets_the_sandbox_go_also_while_it_is_prepared(world: World) -> None:
    world.preparation.start()
    await world.preparation.aclose()
    assert world.sandboxes.in_hand == []
    await World().preparation.aclose()
    another = World()
    await another.preparation.get()
    await another.preparation.aclose()
    assert (another.closed, another.sandboxes.in_hand) == (["first"], [])
