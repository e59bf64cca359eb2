"""What a process does with the sandboxes it has in hand; the engine's side is in tests/integration/sandbox."""

import asyncio
from collections.abc import Collection
from typing import Any, cast

import pytest

from stackwright.core.ids import ProjectId, UserId
from stackwright.core.metrics import Metrics
from stackwright.sandbox import held
from stackwright.sandbox.base import SandboxGone
from stackwright.sandbox.held import HeldSandboxes
from stackwright.sandbox.registry import Owner

ANN: Owner = (UserId("ann"), ProjectId("shop"))
BOB: Owner = (UserId("bob"), ProjectId("blog"))


class Living:
    """A sandbox, as far as it has to answer."""

    def __init__(self) -> None:
        self.is_suspect = False
        self.answers = True
        self.hangs = False
        self.asked = 0
        self.renewed = 0

    async def is_alive(self) -> bool:
        self.asked += 1
        return self.answers

    async def keep_alive(self) -> None:
        if self.hangs:
            await asyncio.Event().wait()
        if not self.answers:
            raise SandboxGone("It is gone.")
        self.renewed += 1


class Touched:
    def __init__(self) -> None:
        self.owners: list[set[Owner]] = []

    async def touch(self, owners: Collection[Owner]) -> None:
        self.owners.append(set(owners))


def holding(
    *sandboxes: tuple[Owner, Living], idle_timeout_s: float = 60
) -> tuple[HeldSandboxes, Touched]:
    registry = Touched()
    all_held = HeldSandboxes(cast("Any", registry), Metrics(), idle_timeout_s=idle_timeout_s)
    for owner, sandbox in sandboxes:
        all_held.add(owner, cast("Any", sandbox))
    return all_held, registry


async def test_what_answered_just_now_is_not_asked_again_unless_it_is_distrusted() -> None:
    sandbox = Living()
    all_held, _ = holding((ANN, sandbox))
    assert await all_held.find(BOB) is None
    assert await all_held.find(ANN) is sandbox
    assert sandbox.asked == 0
    all_held.distrust(ANN)
    assert await all_held.find(ANN) is sandbox
    assert sandbox.asked == 1


async def test_what_does_not_answer_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stackwright.sandbox.health.HEALTH_PAUSE_S", 0)
    sandbox = Living()
    all_held, _ = holding((ANN, sandbox))
    sandbox.answers = False
    all_held.distrust(ANN)
    assert await all_held.find(ANN) is None
    assert len(all_held) == 0


async def test_a_suspect_one_is_tried_and_not_only_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    works = True

    async def tried(_: object) -> bool:
        return works

    monkeypatch.setattr(held, "works", tried)
    sandbox = Living()
    all_held, _ = holding((ANN, sandbox))
    sandbox.is_suspect = True
    assert await all_held.find(ANN) is sandbox
    assert not sandbox.is_suspect
    sandbox.is_suspect, works = True, False
    assert await all_held.find(ANN) is None


async def test_only_what_is_in_use_outlives_its_idle_time_and_each_use_is_told_once() -> None:
    used, idle = Living(), Living()
    all_held, registry = holding((ANN, used), (BOB, idle), idle_timeout_s=0)
    with all_held.used(ANN):
        await all_held.renew(within_s=1)
    assert (used.renewed, idle.renewed, len(all_held)) == (1, 0, 1)
    assert registry.owners == [{ANN}]
    await all_held.renew(within_s=1)
    assert len(all_held) == 0
    assert registry.owners == [{ANN}]


async def test_one_that_hangs_or_is_gone_keeps_no_other_from_being_renewed() -> None:
    hanging, gone, sound = Living(), Living(), Living()
    hanging.hangs, gone.answers = True, False
    eve: Owner = (UserId("eve"), ProjectId("wiki"))
    all_held, _ = holding((ANN, hanging), (BOB, gone), (eve, sound))
    await all_held.renew(within_s=0.05)
    assert sound.renewed == 1
    assert len(all_held) == 2
