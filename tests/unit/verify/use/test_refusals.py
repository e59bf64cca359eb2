from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from stackwright.verify.records import Answer, AppApi
from stackwright.verify.use.elements import Form, Write
from stackwright.verify.use.journey import Journey
from stackwright.verify.use.refusals import try_twin
from stackwright.verify.use.screen import Screen
from stackwright.verify.use.values import Field

FORM = Form("form", (Field("f1", "text", "Room"),), True, False, "b1", "Book")
MADE = Write("POST", "http://app/api/bookings", '{"room": "Room q12"}', 201, {"id": "1"})
TAKEN = "This room is taken."


class Bookings:
    """An API that answers a second booking so, and a page that shows so much of the answer."""

    def __init__(self, status: int, shown: str = "", *, is_offered: bool = True) -> None:
        self.status, self._shown, self._is_offered = status, shown, is_offered
        self.asked: list[str] = []
        self.watch = SimpleNamespace(forget=lambda: None)

    async def ask(self, method: str, path: str, body: object = None) -> Answer:
        self.asked.append(f"{method} {path}")
        return Answer(self.status, {"id": "2"}, "")

    async def forms(self) -> list[Form]:
        return [FORM] if self._is_offered else []

    async def until(self, holds: Callable[[], Awaitable[bool]]) -> bool:
        return await holds()

    async def remember(self) -> None:
        pass

    async def fill(self, field: Field, value: str) -> None:
        assert (field.label, value) == ("Room", "Sample room q12")

    async def press(self, control_id: str) -> None:
        assert control_id == "b1"

    async def write(self, _: float) -> Write:
        return Write("POST", MADE.url, MADE.sent, self.status, {"detail": TAKEN})

    async def number_of_complaints(self) -> int:
        return 0

    async def shows(self, text: str, _: float) -> bool:
        return text in self._shown

    def complaints(self) -> tuple[str, ...]:
        return ()


async def tried(app: Bookings) -> tuple[bool, list[str]]:
    async def reopen() -> bool:
        return True

    journey = Journey(cast(Screen, app), "/bookings", cast(AppApi, app), mark="q12")
    return await try_twin(journey, FORM, MADE, reopen), journey.problems


@pytest.mark.parametrize(("shown", "said"), [(TAKEN, []), ("", ["the page does not say so"])])
async def test_the_refusal_of_a_second_record_is_shown(shown: str, said: list[str]) -> None:
    is_anew, problems = await tried(Bookings(409, shown))
    assert is_anew
    assert [one for one in said if one not in "".join(problems)] == []
    assert len(problems) == len(said)


async def test_where_the_same_may_be_there_twice_the_second_is_deleted_again() -> None:
    app = Bookings(201)
    assert await tried(app) == (True, [])
    assert app.asked == ["POST /api/bookings", "DELETE /api/bookings/2"]


async def test_what_is_not_about_the_values_is_no_rule() -> None:
    app = Bookings(429)
    assert cast(Any, await tried(app)) == (False, [])


async def test_what_is_not_offered_any_more_must_be_refused() -> None:
    _, (problem,) = await tried(Bookings(201, is_offered=False))
    assert "is not offered any more, but POST /api/bookings does it once more" in problem
    assert await tried(Bookings(409, is_offered=False)) == (True, [])
