from collections.abc import Awaitable, Callable
from typing import Any, cast

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

    async def open(self, _: str) -> bool:
        self._first, self._wanted = 0, ""
        return True

    async def evaluate(self, _: str) -> list[Any]:
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
