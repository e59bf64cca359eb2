from typing import Any, cast

import pytest

from stackwright.verify.openapi import Action, Resource
from stackwright.verify.records import Answer, AppApi
from stackwright.verify.use.elements import Control, Write
from stackwright.verify.use.refused_writes import STATUS
from stackwright.verify.use.rows import Row, RowTrial, dead_links
from stackwright.verify.use.screen import Screen

MADE = {
    "r0w": Row(("tool-0000", "loan-0000")),
    "r1w": Row(("tool-1111", "loan-1111"), ("2026-03-15",)),
}
TOOLS = Resource("tools", "/tools", "/tools/{key}", can_delete=True, actions=(Action("POST", ""),))


class Loans:
    """A page with two loans. The button of a row sends the id of `befalls`; refused, the page shows `refused`."""

    def __init__(
        self,
        *,
        befalls: str = "loan-1111",
        refused: str = "It failed.",
        due: str = "15 Mar 2026",
        returned: str = "",
    ) -> None:
        self.page, self.watch = self, self
        self._befalls, self._refused = befalls, refused
        self._due = due
        self._returned = returned
        """What the tab for returned loans shows; "" where there is none, and loans stay in the list."""
        self._is_on_tab = False
        self._is_refusing = False
        self._news: list[str] = []

    async def route(self, *_: object) -> None:
        self._is_refusing = True

    async def unroute(self, *_: object) -> None:
        self._is_refusing = False

    async def open(self, _: str) -> bool:
        self._news, self._is_on_tab = [], False
        return True

    async def texts(self) -> str:
        if self._is_on_tab:
            return self._returned
        is_gone = self._returned and self._news and not self._is_refusing
        return "Sample r0w" if is_gone else "Sample r0w\nSample r1w"

    async def text_links(self) -> list[Control]:
        return [Control("3", "Returned", is_link=True)] if self._returned else []

    async def buttons(self) -> list[Control]:
        return [Control("2", "Return"), Control("4", "Return r0w")]

    async def row_text(self, mark: str) -> str:
        return f"Sample {mark} due {self._due}"

    async def row_of(self, mark: str) -> list[Control]:
        assert mark == "r1w"
        return [Control("1", "Sample r1w", is_link=True, is_text=True), Control("2", "Return")]

    async def lines(self) -> list[str]:
        return ["Sample r0w", "Sample r1w", *self._news]

    async def number_of_complaints(self) -> int:
        return 0

    async def press(self, control_id: str) -> None:
        assert control_id in ("2", "3")
        self._is_on_tab = control_id == "3"
        told = self._refused if self._is_refusing else "Sample r1w is back. Thank you."
        self._news = [told] if told else []

    async def write(self, _: float) -> Write:
        status = STATUS if self._is_refusing else 200
        return Write("POST", f"http://app/api/loans/{self._befalls}/return", "", status, None)

    async def until(self, holds: Any) -> bool:
        return await holds()

    async def settle(self) -> None:
        pass

    async def links(self) -> list[str]:
        return ["/", "/tools/tool-0000", "/tools/tool-1111"]

    def complaints(self) -> tuple[str, ...]:
        return ()


async def problems_of(loans: Loans) -> list[str]:
    problems: list[str] = []
    await RowTrial(cast(Screen, loans), problems, MADE).use("/loans")
    return problems


async def test_a_button_that_befalls_its_own_row_is_sound() -> None:
    assert await problems_of(Loans()) == []


async def test_what_left_the_list_is_found_under_the_name_of_what_was_done() -> None:
    assert await problems_of(Loans(returned="Sample r1w")) == []
    (problem,) = await problems_of(Loans(returned="Sample r0w"))
    assert "“Returned” does not show it either" in problem


async def test_a_row_must_not_show_another_day_than_the_api_tells() -> None:
    (problem,) = await problems_of(Loans(due="14 Mar 2026"))
    assert problem.startswith(
        "/loans: the API tells 2026-03-15 of r1w, but its row shows 14 Mar 2026"
    )


async def test_a_button_must_not_befall_another_row() -> None:
    (problem,) = await problems_of(Loans(befalls="loan-0000"))
    assert problem.startswith("/loans: “Return” in the row of r1w sends POST")
    assert "which is about r0w" in problem


@pytest.mark.parametrize("refused", ["", "Sample r1w is back."])
async def test_a_refused_button_must_not_look_as_if_all_went_well(refused: str) -> None:
    (problem,) = await problems_of(Loans(refused=refused))
    assert "the page does not say so" in problem


class Api:
    def __init__(self, status: int) -> None:
        self._status = status

    async def ask(self, method: str, path: str) -> Answer:
        assert (method, path) == ("DELETE", "/tools/tool-0000")
        return Answer(self._status, None, "")


@pytest.mark.parametrize(("status", "found"), [(204, [("/loans", "/tools/tool-0000")]), (409, [])])
async def test_pages_that_lead_to_a_deleted_record_are_found(
    status: int, found: list[tuple[str, str]]
) -> None:
    screen, api = cast(Screen, Loans()), cast(AppApi, Api(status))
    assert await dead_links(screen, api, TOOLS, MADE, ["/loans"]) == found
