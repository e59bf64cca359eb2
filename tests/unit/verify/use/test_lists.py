from collections.abc import Awaitable, Callable
from typing import cast

import pytest

from stackwright.verify.use.elements import Control, Form
from stackwright.verify.use.lists import HALVES, ListTrial, pages_of
from stackwright.verify.use.screen import Screen
from stackwright.verify.use.values import Field


@pytest.mark.parametrize(
    ("paths", "name", "pages"),
    [
        (["/", "/chores", "/lists"], "chores", ["/chores"]),
        (["/", "/admin/order-items"], "order_items", ["/admin/order-items"]),
        (["/", "/about"], "chores", ["/"]),
        (["/about"], "chores", []),
    ],
)
def test_the_first_page_is_a_list_only_where_there_is_no_other(
    paths: list[str], name: str, pages: list[str]
) -> None:
    assert pages_of(paths, name) == pages


class Pages:
    """A list of records in pages of four with a search, and one mistake by its name."""

    def __init__(self, mistake: str = "") -> None:
        self._mistake = mistake
        self._first = 0
        self._wanted = ""
        self.page = self.watch = self

    async def open(self, path: str) -> bool:
        self._first, self._wanted = 0, ""
        return True

    async def text_links(self) -> list[Control]:
        return []

    async def buttons(self) -> list[Control]:
        is_last = self._first + 4 >= len(self._found())
        return [] if is_last else [Control("next", "Next")]

    async def press(self, control_id: str) -> None:
        assert control_id == "next"
        self._first += 5 if self._mistake == "late" else 4
        self._wanted = "" if self._mistake == "forgets" else self._wanted

    def _found(self) -> list[str]:
        return [mark for mark in MARKS if self._wanted in mark]

    async def texts(self) -> str:
        return "\n".join(self._found()[self._first : self._first + 4])

    async def forms(self) -> list[Form]:
        box = Field("f1", "search", "Search")
        return [Form("form", (box,), True, False, None, "")]

    async def remember(self) -> None: ...

    async def fill(self, _: Field, value: str) -> None:
        self._wanted = value

    async def asks(self) -> bool:
        return True

    async def settle(self) -> None: ...

    async def until(self, holds: Callable[[], Awaitable[bool]]) -> bool:
        return await holds()

    async def lines(self) -> list[str]:
        return []

    def complaints(self) -> tuple[str, ...]:
        return ()


MARKS = [f"n{number:02}{HALVES[number % 2]}" for number in range(12)]


@pytest.mark.parametrize(
    ("mistake", "why"),
    [
        ("", ""),
        ("late", "2 of 12 records are on no page, such as 'n04kw'"),
        ("forgets", "“Next” forgets that 'kw' was searched"),
    ],
)
async def test_each_record_is_on_a_page_and_a_search_goes_on(mistake: str, why: str) -> None:
    problems: list[str] = []
    await ListTrial(cast(Screen, Pages(mistake)), problems, MARKS).use("/oats")
    assert len(problems) == bool(why)
    assert why in "".join(problems)


class Filtered(Pages):
    """A list with a box for tags, which its address keeps; `forgets`: the box does not show it."""

    def __init__(self, *, forgets: bool) -> None:
        super().__init__()
        self._forgets = forgets
        self._tag = self._shown_tag = ""

    async def open(self, path: str) -> bool:
        self._tag = path.partition("tag=")[2]
        self._shown_tag = "" if self._forgets else self._tag
        return await super().open(path)

    def address(self) -> str:
        return f"/oats?tag={self._tag}"

    async def forms(self) -> list[Form]:
        tags = Field("f2", "select", "Tag", value=self._shown_tag, options=("", "wood"))
        return [Form("form", (tags,), True, False, None, "")]

    async def fill(self, _: Field, value: str) -> None:
        self._tag = self._shown_tag = value


@pytest.mark.parametrize("forgets", [False, True])
async def test_a_page_shows_the_choice_that_its_address_keeps(*, forgets: bool) -> None:
    problems: list[str] = []
    screen = cast(Screen, Filtered(forgets=forgets))
    await ListTrial(screen, problems, MARKS[:3]).use("/oats")
    assert len(problems) == forgets
    assert not forgets or "the address keeps 'wood', but “Tag” shows ''" in problems[0]
