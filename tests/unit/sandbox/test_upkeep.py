import asyncio
import logging
from typing import Any, cast

import pytest

from stackwright.core.errors import SandboxUnavailable
from stackwright.sandbox.upkeep import Upkeep


class Lead:
    def __init__(self, *, is_ours: bool) -> None:
        self.is_ours = is_ours

    async def keep_lead(self) -> bool:
        return self.is_ours


async def test_only_the_process_that_leads_cleans_and_it_may_become_another() -> None:
    done: list[str] = []

    async def renew() -> None:
        done.append("renew")

    async def clean() -> None:
        done.append("clean")

    lead = Lead(is_ours=False)
    upkeep = Upkeep(cast("Any", lead), renew, clean, round_s=1)
    await upkeep.round()
    assert (done, upkeep.leads) == (["renew"], False)
    lead.is_ours = True
    await upkeep.round()
    assert (done, upkeep.leads) == (["renew", "renew", "clean"], True)


async def test_a_round_that_fails_is_logged_and_the_next_one_comes(
    caplog: pytest.LogCaptureFixture,
) -> None:
    faults: list[Exception] = [SandboxUnavailable("away"), TimeoutError(), ZeroDivisionError()]
    went_well = asyncio.Event()

    async def renew() -> None:
        if faults:
            raise faults.pop(0)
        went_well.set()

    async def hang() -> None:
        await asyncio.Event().wait()

    upkeep = Upkeep(cast("Any", Lead(is_ours=True)), renew, hang, round_s=0)
    upkeep.start()
    async with asyncio.timeout(5):
        await went_well.wait()
    await upkeep.aclose()
    failed = [r.levelno for r in caplog.records if r.message == "sandbox_upkeep_failed"]
    assert failed == [logging.WARNING] * 2
    assert [r.levelno for r in caplog.records if r.message == "sandbox_upkeep_bug"] == [
        logging.ERROR
    ]
