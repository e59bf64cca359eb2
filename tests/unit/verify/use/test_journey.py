from collections.abc import Awaitable, Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest
from playwright.async_api import Error

from stackwright.verify.use.elements import Control, Form, Write
from stackwright.verify.use.journey import Journey
from stackwright.verify.use.screen import Screen
from stackwright.verify.use.values import Field

FORM = cast(Form, SimpleNamespace(title="the form with Name", is_form=True, submit="s", fields=()))


class Closing:
    """A page on which sending a form changes something, and asks nobody."""

    def __init__(self, *, shown: str = "", kept: str = "", asks: bool = False) -> None:
        self._shown, self._kept, self._asks = shown, kept, asks

    def complaints(self) -> tuple[str, ...]:
        return ()

    async def has_effect(self, _: float) -> bool:
        return True

    async def asks(self, _: float) -> bool:
        return self._asks

    async def shows(self, text: str, _: float) -> bool:
        return text in self._shown

    async def forms(self) -> list[Any]:
        field = cast(Field, SimpleNamespace(value=self._kept))
        return [SimpleNamespace(fields=(field,))]


@pytest.mark.parametrize(
    ("page", "is_lost"),
    [
        ({}, True),
        ({"shown": "Sample q12"}, False),
        ({"kept": "Sample q12"}, False),
        ({"asks": True}, False),
    ],
)
async def test_what_was_typed_into_a_form_that_closes_must_be_somewhere(
    page: dict[str, Any], is_lost: bool
) -> None:
    journey = Journey(cast(Screen, Closing(**page)), "/oats", cast(Any, None), mark="q12")
    journey.typed = {"f1": "Sample q12"}
    await journey._judge_nothing_sent(FORM)  # pyright: ignore[reportPrivateUsage]
    assert [("what was typed is gone" in one) for one in journey.problems] == [True] * is_lost


async def test_a_form_of_numbers_alone_may_only_reckon() -> None:
    journey = Journey(cast(Screen, Closing()), "/", cast(Any, None), mark="q12")
    journey.typed = {"f1": "7"}
    await journey._judge_nothing_sent(FORM)  # pyright: ignore[reportPrivateUsage]
    assert journey.problems == []


class Editing:
    """A page whose form holds the record, but for the fields that are `empty`."""

    def __init__(self, empty: str) -> None:
        values = {"Title": "Sample title q12", "Person": "Sample person q12", "Note": ""}
        self._fields = tuple(
            Field(label, "text", label, value="" if label == empty else value)
            for label, value in values.items()
        )
        self.sent: dict[str, str] = {}

    async def row_of(self, _: str) -> list[Control]:
        return []

    async def forms(self) -> list[Form]:
        return [Form("form", self._fields, True, False, "b1", "Save")]

    async def fill(self, field: Field, value: str) -> None:
        self.sent[field.label] = value

    async def remember(self) -> None:
        pass

    async def press(self, _: str) -> None:
        pass

    async def write(self, _: float) -> Write:
        return Write("PUT", "http://app/api/bookings/1", "", 200, None)

    async def shows(self, *_: Any) -> bool:
        return True

    def complaints(self) -> tuple[str, ...]:
        return ()


@pytest.mark.parametrize(
    ("empty", "problems", "sent"),
    [("", 0, "Sample title q12b"), ("Title", 1, None), ("Note", 0, "Sample title q12b")],
)
async def test_the_form_that_changes_a_record_holds_all_of_it(
    empty: str, problems: int, sent: str | None
) -> None:
    page = Editing(empty)
    journey = Journey(cast(Screen, page), "/bookings", cast(Any, None), mark="q12")
    journey.made_of = {"Title": "Sample title q12", "Person": "Sample person q12", "Note": ""}

    async def reopen() -> bool:
        return True

    await journey.change(reopen, Write("POST", "http://app/api/bookings", "", 201, None))
    assert len(journey.problems) == problems
    assert page.sent.get("Title") == sent


class Filtering(Editing):
    """A filter that is drawn anew, under another id, when its old button is pressed."""

    def __init__(self) -> None:
        super().__init__("")
        self.pressed: list[str] = []

    async def forms(self) -> list[Form]:
        number = len(self.pressed) + 1
        return [Form(f"form{number}", self._fields, True, False, f"b{number}", "Save")]

    async def press(self, _: str) -> None:
        self.pressed.append(_)
        if _ == "b1":
            raise Error("Timeout 4000ms exceeded.")


async def test_a_form_that_is_drawn_anew_is_sent_by_its_new_button() -> None:
    page = Filtering()
    journey = Journey(cast(Screen, page), "/", cast(Any, None), mark="q12")
    await journey.send_again((await page.forms())[0])
    assert page.pressed == ["b1", "b2"]


class Hidden(Editing):
    """A list that shows the title of a record, and not the note, which is what is changed first."""

    def __init__(self) -> None:
        super().__init__("")
        note, *others = self._fields[::-1]
        self._fields = (replace(note, value="Sample note q12"), *others)

    async def shows(self, *asked: Any) -> bool:
        return asked[0] in "Sample title q12"


async def test_a_value_that_no_list_shows_is_not_missed_there() -> None:
    journey = Journey(cast(Screen, Hidden()), "/bookings", cast(Any, None), mark="q12")

    async def reopen() -> bool:
        return True

    await journey.change(reopen, Write("POST", "http://app/api/bookings", "", 201, None))
    assert journey.problems == []


class Dialog:
    """A dialog with one field after it was sent."""

    def __init__(self, kept: str) -> None:
        self._kept = kept

    async def forms(self) -> list[Form]:
        field = Field("f1", "text", "Name", value=self._kept)
        return [Form("form", (field,), True, True, "b1", "Add")]

    async def until(self, holds: Callable[[], Awaitable[bool]]) -> bool:
        return await holds()

    def complaints(self) -> tuple[str, ...]:
        return ()


@pytest.mark.parametrize(("kept", "method", "is_told"), [
    ("", "POST", False), ("Sample q12", "PATCH", False), ("Sample q12", "POST", True)
])  # fmt: skip
async def test_a_dialog_that_made_a_record_does_not_stay(
    kept: str, method: str, *, is_told: bool
) -> None:
    page = Dialog(kept)
    journey = Journey(cast(Screen, page), "/oats", cast(Any, None), mark="q12")
    write = Write(method, "http://app/api/oats", "", 201, None)
    await journey._is_closed((await page.forms())[0], write)  # pyright: ignore[reportPrivateUsage]
    assert ["the dialog stays as it was" in one for one in journey.problems] == [True] * is_told
