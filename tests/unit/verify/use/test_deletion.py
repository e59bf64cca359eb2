from types import SimpleNamespace
from typing import Any, cast

import pytest

from stackwright.verify.use.deletion import delete_record
from stackwright.verify.use.elements import Control, Write
from stackwright.verify.use.journey import Journey
from stackwright.verify.use.screen import Screen

LINK = Control("1", "Sample q12", is_link=True, is_text=True)
DELETE = Control("2", "Delete")
SENT = Write("DELETE", "http://app/api/oats/1", "", 204, None)
MADE = Write("POST", "http://app/api/oats", "", 201, {"id": "abc1"})


class Oats:
    """A list with one record that is deleted in its row, or `on_its_page`; then one is `led` to a place."""

    def __init__(
        self,
        *,
        has_asked: bool = True,
        says: str = "",
        on_its_page: bool = False,
        led: str = "/oats",
        is_slow: bool = False,
    ) -> None:
        self._is_slow = is_slow
        self.has_asked, self._says, self._led = has_asked, says, led
        self._row = [LINK] if on_its_page else [LINK, DELETE]
        self._complaints = ["GET /api/oats/abc1 answers HTTP 404"] if on_its_page else []
        self.page = SimpleNamespace(url="http://app/oats")
        self.watch = self

    async def row_of(self, _: str) -> list[Control]:
        return self._row

    async def press(self, control_id: str) -> None:
        self.page.url = f"http://app{'/oats/abc1' if control_id == LINK.id else self._led}"

    async def has_effect(self) -> bool:
        return True

    async def settle(self) -> None:
        pass

    async def buttons(self) -> list[Control]:
        return [DELETE]

    async def asks_first(self, _: float) -> bool:
        return False

    async def write(self, limit_s: float) -> Write | None:
        return None if self._is_slow and limit_s < 1 else SENT

    async def texts(self) -> str:
        return self._says

    async def ask(self, _: str) -> int:
        return 200 if self.page.url == "http://app/oats" else 404

    async def loses(self, _: str) -> bool:
        return True

    def complaints(self) -> tuple[str, ...]:
        told, self._complaints = self._complaints, []
        return tuple(told)


async def problems(*, filled: int = 3, is_referred_to: bool = False, **page: Any) -> list[str]:
    async def reopen() -> bool:
        return True

    journey = Journey(cast(Screen, Oats(**page)), "/oats", cast(Any, None), mark="q12")
    journey.filled, journey.is_referred_to = filled, is_referred_to
    await delete_record(journey, reopen, MADE)
    assert journey.done == ["deleted"]
    return journey.problems


@pytest.mark.parametrize(
    "page",
    [
        {},
        {"has_asked": False, "says": "Deleted. Undo"},
        {"on_its_page": True},
        {"is_slow": True},
        {"has_asked": False, "filled": 1, "is_referred_to": True},
        {"has_asked": False, "filled": 2},
    ],
    ids=[
        "asks",
        "can be undone",
        "on its own page",
        "on a slow machine",
        "a tag",
        "a note of one line",
    ],
)
async def test_a_record_that_can_be_kept_is_deleted_soundly(page: dict[str, Any]) -> None:
    assert await problems(**page) == []


@pytest.mark.parametrize("record", [{}, {"filled": 2, "is_referred_to": True}])
async def test_one_click_must_not_cost_a_record(record: dict[str, Any]) -> None:
    (problem,) = await problems(has_asked=False, **record)
    assert problem.startswith("/oats: “Delete” deletes at once. Ask before")


async def test_after_deleting_one_stands_before_a_page_that_is_there() -> None:
    (problem,) = await problems(on_its_page=True, led="/nowhere")
    assert problem.startswith("/oats: deleting a record leads to /nowhere, which answers HTTP 404.")
