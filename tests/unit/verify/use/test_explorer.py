"""Buttons of a page are pressed one after the other; the page is loaded anew only where it has to be."""

import time
from types import SimpleNamespace
from typing import Any, cast

import pytest

from stackwright.verify.use.elements import Control, Form
from stackwright.verify.use.explorer import Explorer
from stackwright.verify.use.screen import Screen
from stackwright.verify.use.values import Field

PATH = "/oats"
LONG_S = 60.0


class Page:
    """Each button does what its list says, one word per press: `changes` the page, `leads` away, does
    `nothing`; its last word goes on."""

    def __init__(self, **buttons: list[str]) -> None:
        self._buttons = buttons
        self.shown: list[Form] = []
        self.loads = 0
        self.pressed: list[str] = []
        self._did = ""
        self.watch = SimpleNamespace(settle=self._settle)
        self.page = SimpleNamespace(is_closed=lambda: False)

    async def open(self, _: str) -> bool:
        self.loads += 1
        self._did = ""
        return True

    async def press(self, name: str) -> None:
        self.pressed.append(name)
        words = self._buttons[name]
        self._did = words.pop(0) if len(words) > 1 else words[0]

    async def has_effect(self) -> bool:
        return self._did != "nothing"

    async def is_still_at(self, _: str) -> bool:
        return self._did != "leads"

    async def buttons(self) -> list[Control]:
        return [Control(name, name) for name in self._buttons]

    async def forms(self) -> list[Form]:
        return self.shown

    async def links(self) -> list[str]:
        return ["/beans"]

    def complaints(self) -> tuple[str, ...]:
        return ()

    async def _settle(self) -> None: ...


async def explored(page: Page) -> Explorer:
    explorer = Explorer(cast(Screen, page), cast(Any, None), time.monotonic() + LONG_S)
    await explorer.explore(PATH)
    return explorer


@pytest.mark.parametrize(
    ("buttons", "loads"),
    [
        pytest.param({"Sort": ["changes"], "Group": ["changes"]}, 2, id="goes on, looks once more"),
        pytest.param({"Open": ["leads"], "Group": ["leads"]}, 3, id="comes back each time"),
        pytest.param({}, 1, id="nothing to press"),
    ],
)
async def test_a_page_is_loaded_anew_where_it_was_left(
    buttons: dict[str, list[str]], loads: int
) -> None:
    page = Page(**buttons)
    explorer = await explored(page)
    assert page.pressed == list(buttons)
    assert page.loads == loads
    assert explorer.problems == []
    assert explorer.links == {"/beans": PATH}


async def test_a_button_that_does_nothing_is_told() -> None:
    explorer = await explored(Page(Sort=["nothing"]))
    assert explorer.problems[0].startswith(f"{PATH}: “Sort” does nothing when it is pressed")


async def test_what_another_button_made_useless_is_tried_on_a_new_page() -> None:
    page = Page(Clear=["changes"], Reset=["nothing", "changes"])
    explorer = await explored(page)
    assert page.pressed == ["Clear", "Reset", "Reset"]
    assert explorer.problems == []


async def test_a_secret_must_not_be_read_while_it_is_typed() -> None:
    page = Page()
    fields = tuple(
        Field(name, kind, name, help="current-password")
        for name, kind in (("PIN", "text"), ("Passphrase", "password"))
    )
    page.shown = [Form("f", fields, True, False, "b", "Sign in")]
    explorer = await explored(page)
    assert [one.partition(" by who")[0] for one in explorer.problems] == [
        f"{PATH}: PIN can be read"
    ]
