from typing import cast

import pytest

from stackwright.verify.use.elements import Control
from stackwright.verify.use.leaving import try_leaving
from stackwright.verify.use.screen import Screen


class Page:
    """A page with these buttons as long as somebody is signed in, and how signing out goes."""

    def __init__(self, *names: str, goes: str = "ends") -> None:
        self._names, self._goes = names, goes
        self.watch = self
        self.has_left = False

    async def open(self, _: str) -> bool:
        return True

    async def text_links(self) -> list[Control]:
        return []

    async def buttons(self) -> list[Control]:
        return [] if self.has_left else [Control(name, name) for name in self._names]

    async def press(self, name: str) -> None:
        assert name in ("Sign out", "↪ Log out")
        self.has_left = self._goes == "ends"

    async def has_effect(self) -> bool:
        return True

    async def asks_first(self, _: float) -> bool:
        return self._goes == "asks"

    async def settle(self) -> None: ...

    def complaints(self) -> tuple[str, ...]:
        return ()


@pytest.mark.parametrize(
    "sound",
    [
        Page("Add", "Sign out"),
        Page("↪ Log out"),
        Page("Sign out", goes="asks"),
        Page("Design outline", goes="stays"),
    ],
)
async def test_who_signs_out_is_signed_out(sound: Page) -> None:
    assert await try_leaving(cast(Screen, sound), "/") == ""


async def test_a_session_that_stays_is_told() -> None:
    told = await try_leaving(cast(Screen, Page("Sign out", goes="stays")), "/")
    assert told.startswith("/: “Sign out” was pressed, and once the page is loaded anew")
