"""How long a screen waits for what does not come. Playwright's page is played by a small stand-in."""

import time
from typing import Any

import pytest

from stackwright.verify.use.screen import Screen

PATIENCE = 40.0
LIMIT_S = 0.1


class StillPage:
    """Answers that its work is done, or never comes to rest."""

    def __init__(self, *, rests: bool) -> None:
        self.rests = rests
        self.url = "http://app/"

    def on(self, event: str, listener: Any) -> None: ...

    def set_default_timeout(self, timeout: float) -> None: ...

    async def evaluate(self, script: str, argument: Any = None) -> bool:
        return self.rests


def screen(*, rests: bool, patience: float = PATIENCE) -> Screen:
    page: Any = StillPage(rests=rests)
    return Screen(page, "http://app", patience)


async def never() -> bool:
    return False


async def test_a_page_at_rest_is_not_waited_for_longer_than_on_a_quiet_machine() -> None:
    began = time.monotonic()
    assert not await screen(rests=True).until(never, LIMIT_S)
    assert time.monotonic() - began < LIMIT_S * PATIENCE / 2


async def test_a_page_that_has_work_left_gets_the_time_that_a_busy_machine_needs() -> None:
    began = time.monotonic()
    assert not await screen(rests=False, patience=5).until(never, LIMIT_S)
    assert time.monotonic() - began >= LIMIT_S * 5


@pytest.mark.parametrize("rests", [True, False])
async def test_what_comes_is_seen(rests: bool) -> None:
    looks = iter((False, False, True))

    async def comes() -> bool:
        return next(looks)

    assert await screen(rests=rests).until(comes, LIMIT_S)
