import asyncio
from collections.abc import Callable
from typing import Any, cast

import pytest

from stackwright.verify.flood import LIMITS, FloodGuard

Listener = Callable[[Any], None]


class Emitter:
    """What a page does for who listens to it."""

    def __init__(self) -> None:
        self.listeners: dict[str, list[Listener]] = {}
        self.closed = asyncio.Event()

    def on(self, event: str, listener: Listener) -> None:
        self.listeners.setdefault(event, []).append(listener)

    def remove_listener(self, event: str, listener: Listener) -> None:
        self.listeners[event].remove(listener)

    def emit(self, event: str, times: int) -> None:
        for _ in range(times):
            for listener in list(self.listeners[event]):
                listener(None)

    async def close(self) -> None:
        self.closed.set()


@pytest.mark.parametrize("kind", LIMITS)
async def test_a_page_that_sends_without_end_is_closed_and_nobody_listens_any_more(
    kind: str,
) -> None:
    page, told = Emitter(), list[str]()
    guard = FloodGuard(cast(Any, page), lambda: told.append("flood"))
    limit, deed = LIMITS[kind]
    page.emit(kind, limit)
    assert guard.reason == ""
    page.emit(kind, 5)
    await asyncio.wait_for(page.closed.wait(), 5)
    assert f"the page {deed} without end" in guard.reason
    assert told == ["flood"]
    assert not any(page.listeners.values())


async def test_each_page_begins_anew() -> None:
    page = Emitter()
    guard = FloodGuard(cast(Any, page), lambda: None)
    for _ in range(3):
        page.emit("dialog", LIMITS["dialog"][0])
        assert not guard.is_calm
        guard.begin()
    assert guard.reason == ""
    guard.detach()
    assert not any(page.listeners.values())
