from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from stackwright.verify.records import AppApi
from stackwright.verify.use.elements import Form, Write
from stackwright.verify.use.journey import Journey
from stackwright.verify.use.refused_writes import (
    Refusal,
    judge,
    news_in,
    try_refused,
    try_refused_change,
)
from stackwright.verify.use.screen import Screen
from stackwright.verify.use.values import Field

FORM = Form("form", (Field("f1", "text", "Name"),), True, True, "b1", "Add")
ACCEPTED = frozenset({"# is in the shed.", "Sample name #"})


def refusal(*news: str, has_complained: bool = False, is_lost: bool = False) -> Refusal:
    return Refusal("POST /api/oats answers HTTP 409", frozenset(news), has_complained, is_lost)


@pytest.mark.parametrize(
    "sound",
    [
        refusal("This is refused."),
        refusal(has_complained=True),
        refusal("Something went wrong.", "# is in the shed."),
    ],
)
def test_a_refusal_that_is_told_is_sound(sound: Refusal) -> None:
    assert judge(sound, FORM.title, ACCEPTED) == ""


@pytest.mark.parametrize("looks", [refusal(), refusal("# is in the shed."), refusal("is in")])
def test_a_refusal_must_not_look_as_if_all_went_well(looks: Refusal) -> None:
    told = judge(looks, FORM.title, ACCEPTED)
    assert "answers HTTP 409, and the page does not say so" in told


def test_what_was_typed_must_not_be_gone() -> None:
    assert "what was typed is gone" in judge(
        refusal("No.", has_complained=True, is_lost=True), FORM.title, ACCEPTED
    )


def test_news_are_the_lines_that_came_and_stay() -> None:
    now = ["Tools", "Sample q12 is saved.", "Saving…", "Add"]
    assert news_in(["Tools", "Add"], now, "q12") == {"Sample # is saved."}


class Page:
    """A page whose routes are asked for the one write of its form."""

    def __init__(self) -> None:
        self.routes: list[Callable[[Any], Awaitable[None]]] = []
        self.said: list[str] = []

    async def route(self, _: str, handler: Callable[[Any], Awaitable[None]]) -> None:
        self.routes.append(handler)

    async def unroute(self, _: str, handler: Callable[[Any], Awaitable[None]]) -> None:
        self.routes.remove(handler)

    async def sends(self, method: str, headers: dict[str, str] | None = None) -> int:
        """The status of the answer; 201 comes from the app."""
        self.said = ["201"]
        request = SimpleNamespace(
            method=method, headers=headers or {}, is_navigation_request=lambda: False
        )
        route = SimpleNamespace(request=request, fulfill=self._fulfil, fallback=self._fall_back)
        for handler in self.routes:
            await handler(route)
        return int(self.said[-1])

    async def _fulfil(self, *, status: int, **_: Any) -> None:
        self.said.append(str(status))

    async def _fall_back(self) -> None:
        pass


class Shed:
    """A screen with one form, which keeps what was typed or not and shows the refusal or not."""

    def __init__(self, *, method: str = "POST", tells: bool = True, keeps: bool = True) -> None:
        self.page, self.watch = Page(), self
        self._method, self._tells, self._keeps = method, tells, keeps
        self._lines = ["Tools"]
        self._value = ""
        self.has_asked = False

    async def lines(self) -> list[str]:
        return self._lines

    async def number_of_complaints(self) -> int:
        return 0

    async def remember(self) -> None:
        pass

    async def forms(self) -> list[Form]:
        field = Field("f1", "text", "Name", value=self._value)
        return [Form("form", (field,), True, True, "b1", "Add")]

    async def fill(self, _: Field, value: str) -> None:
        self._value = value

    async def press(self, _: str) -> None:
        self._status = await self.page.sends(self._method)
        self._lines = ["Tools", "This is refused."] if self._tells else ["Tools"]
        self._value = self._value if self._keeps else ""

    async def write(self, _: float) -> Write | None:
        return Write(self._method, "http://app/api/oats", "{}", self._status, None)

    async def until(self, holds: Callable[[], Awaitable[bool]]) -> bool:
        return await holds()

    async def settle(self) -> None:
        pass

    def complaints(self) -> tuple[str, ...]:
        return ()


async def tried(shed: Shed) -> Refusal | None:
    return await try_refused(Journey(cast(Screen, shed), "/", cast(AppApi, shed), mark="q12"), FORM)


async def test_a_form_is_sent_in_vain() -> None:
    shed = Shed()
    sound = await tried(shed)
    assert sound is not None
    assert sound.news == {"This is refused."}
    assert not sound.is_lost
    assert shed.page.routes == []
    silent = await tried(Shed(tells=False, keeps=False))
    assert silent is not None
    assert not silent.news
    assert silent.is_lost


class Editor(Shed):
    """A page on which a record is changed."""

    async def row_of(self, _: str) -> list[Any]:
        return []

    async def forms(self) -> list[Form]:
        self._value = self._value or ("Sample q12" if self._keeps else "")
        return await super().forms()


@pytest.mark.parametrize(("tells", "why"), [(True, ""), (False, "the page does not say so")])
async def test_a_record_is_changed_in_vain(*, tells: bool, why: str) -> None:
    editor = Editor(method="PATCH", tells=tells)
    journey = Journey(cast(Screen, editor), "/", cast(AppApi, editor), mark="q12")
    wrong = await try_refused_change(journey)
    assert bool(wrong) == bool(why)
    assert why in wrong


async def test_what_is_no_write_is_not_refused() -> None:
    assert await tried(Shed(method="GET")) is None
