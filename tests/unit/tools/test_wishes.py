"""The wishes of a message: quoted exactly, numbered for good, with no word dropped in silence."""

from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from stackwright.core.events import Event, WishChanged, WishesSet
from stackwright.core.ids import RunId
from stackwright.core.wishes import Wish
from stackwright.testing.memory_wishes import MemoryWishBook
from stackwright.tools.base import ToolContext, ToolFailed
from stackwright.tools.wishes import ChangeWish, SetWishes, change_wish, set_wishes

BOOKING = "Build a booking app. Bookings may not overlap. Send e-mail reminders."
APP = {"text": "A booking can be added", "kind": "behaviour", "quotes": ["a booking app"]}
RULE = {"text": "Bookings that overlap are refused", "kind": "rule",
        "quotes": ["Bookings may not overlap"]}  # fmt: skip
MAIL = {"text": "E-mail reminders are sent", "kind": "behaviour",
        "quotes": ["Send e-mail reminders"]}  # fmt: skip
OLD = Wish(id="w1", text="The button is blue", kind="look", quotes=("the button blue",),
           state="proven", run_id="r0", is_pinned=True)  # fmt: skip


@dataclass
class Person:
    """Says things in run `r1`, and calls the tools."""

    said: list[str]
    earlier: tuple[Wish, ...] = ()
    events: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.book = MemoryWishBook(run_id="r1", emit=self.events.append, wishes=self.earlier)

    async def _messages(self) -> list[str]:
        return self.said

    @property
    def context(self) -> ToolContext:
        return cast("ToolContext", self)

    run_id = RunId("r1")

    @property
    def wishes(self) -> MemoryWishBook:
        return self.book

    async def messages(self) -> list[str]:
        return self.said

    async def set(self, *lines: dict[str, Any]) -> str:
        return await set_wishes(SetWishes.model_validate({"wishes": lines}), self.context)

    async def change(self, **given: Any) -> str:
        return await change_wish(ChangeWish.model_validate(given), self.context)


async def test_wishes_that_quote_the_same_words_share_what_they_say() -> None:
    said = (
        "Every hive gets a queen colour, one of white or red, which the list shows and filters by"
    )
    person = Person([said])
    colour = {
        "text": "A hive has a queen colour, white or red, and the list shows it",
        "kind": "data",
    }
    narrow = {"text": "The list filters by queen colour", "kind": "behaviour"}
    assert "in no wish" not in await person.set(
        colour | {"quotes": [said]}, narrow | {"quotes": [said]}
    )
    assert "in no wish: “one of white or red”" in await person.set(narrow | {"quotes": [said]})


async def test_wishes_are_numbered_and_told_with_the_next_free_number() -> None:
    person = Person([BOOKING])
    text = await person.set(APP, RULE, MAIL)
    known = await person.book.read()
    assert [(w.id, w.state, w.run_id) for w in known.wishes] == [
        ("w1", "open", "r1"), ("w2", "open", "r1"), ("w3", "open", "r1")]  # fmt: skip
    assert known.not_understood == ()
    assert "w2 (rule) Bookings that overlap are refused" in text
    assert "next new wish is w4" in text
    assert "no wish" not in text


async def test_words_in_no_wish_are_sent_back_once_and_then_told_to_the_person() -> None:
    person = Person([BOOKING])
    first = await person.set(APP, RULE)
    assert "These words are in no wish: “Send e-mail reminders”" in first
    second = await person.set(APP, RULE)
    assert "Told to the person as not understood: “Send e-mail reminders”" in second
    assert (await person.book.read()).not_understood == ("Send e-mail reminders",)
    third = await person.set(APP, RULE, MAIL)
    assert "understood" not in third
    assert [len(e.wishes) for e in person.events if isinstance(e, WishesSet)] == [2, 2, 3]


async def test_one_wish_that_quotes_everything_does_not_swallow_what_it_says_nothing_of() -> None:
    message = "a booking app, bookings may not overlap, send e-mail reminders"
    person = Person([message])
    text = await person.set({**APP, "quotes": [message]})
    assert "“send e-mail reminders”" in text


async def test_a_wish_is_not_as_long_as_the_message() -> None:
    person = Person([BOOKING])
    with pytest.raises(ToolFailed, match="more than one sentence"):
        await person.set({**APP, "quotes": [BOOKING]})


async def test_a_quote_that_the_message_does_not_hold_is_refused_with_the_nearest_text() -> None:
    person = Person([BOOKING])
    with pytest.raises(ToolFailed, match="nearest text is 'Bookings may not overlap'"):
        await person.set({**RULE, "quotes": ["Bookings must not overlap"]})
    assert person.events == []


async def test_steering_is_quoted_like_the_message() -> None:
    person = Person([BOOKING, "and make it blue"])
    lines = (APP, RULE, MAIL, {"text": "It is blue", "kind": "look", "quotes": ["make it blue"]})
    assert "no wish" not in await person.set(*lines)


async def test_what_is_not_built_says_why() -> None:
    person = Person([BOOKING])
    await person.set(APP, RULE, {**MAIL, "not_built": "There is no mail server."})
    mail = (await person.book.read()).wishes[2]
    assert (mail.state, mail.reason) == ("not_built", "There is no mail server.")


async def test_set_again_the_same_wish_keeps_its_number_and_its_proof() -> None:
    person = Person([BOOKING])
    await person.set(APP, RULE, MAIL)
    rule = (await person.book.read()).wishes[1]
    await person.book.change(rule.model_copy(update={"state": "proven"}))
    await person.set(RULE, {**MAIL, "id": "w3", "text": "Reminders are sent by e-mail"})
    kept = {w.id: (w.text, w.state) for w in (await person.book.read()).wishes}
    assert kept == {
        "w2": ("Bookings that overlap are refused", "proven"),
        "w3": ("Reminders are sent by e-mail", "open"),
    }


async def test_a_wish_that_is_only_reworded_keeps_its_number() -> None:
    person = Person([BOOKING])
    await person.set(APP, RULE, MAIL)
    await person.set(APP, {**RULE, "text": "No two bookings overlap"}, MAIL)
    assert [wish.id for wish in (await person.book.read()).wishes] == ["w1", "w2", "w3"]


@pytest.mark.parametrize("wish_id", ["w1", "w900"])
async def test_a_number_that_is_not_free_is_refused(wish_id: str) -> None:
    person = Person(["make the button red"], (OLD,))
    line = {"text": "The button is red", "kind": "look", "quotes": ["make the button red"]}
    with pytest.raises(ToolFailed, match="next free one is w2"):
        await person.set({**line, "id": wish_id})
    await person.set({**line, "id": "w2"})
    assert [w.id for w in (await person.book.read()).wishes] == ["w1", "w2"]


async def test_wishes_of_before_that_are_not_proven_are_told() -> None:
    old = OLD.model_copy(update={"state": "open"})
    person = Person(["a list"], (old,))
    text = await person.set({"text": "There is a list", "kind": "data", "quotes": ["a list"]})
    assert "Not proven yet from before: w1 The button is blue" in text


async def test_a_wish_is_changed_as_the_message_asks() -> None:
    person = Person(["make the button red instead"], (OLD,))
    await person.change(
        id="w1", text="The button is red", reason="asked", quotes=["the button red instead"]
    )
    (wish,) = (await person.book.read()).wishes
    assert (wish.state, wish.run_id, wish.is_pinned) == ("open", "r1", False)
    assert (wish.is_taken_over, wish.is_expectation_changed) == (True, False)
    assert isinstance(person.events[-1], WishChanged)


async def test_a_wish_changed_without_being_asked_waits_for_the_person() -> None:
    person = Person(["add a list"], (OLD,))
    text = await person.change(id="w1", text="There is a button", reason="blue is hard")
    (wish,) = (await person.book.read()).wishes
    assert "until then the run is not verified" in text
    assert (wish.run_id, wish.is_pinned, wish.is_expectation_changed) == ("r0", True, True)
    assert wish.reason == "blue is hard"


async def test_a_changed_wish_is_not_dropped_by_setting_the_others() -> None:
    person = Person(["make the button red and add a list"], (OLD,))
    await person.change(
        id="w1", text="The button is red", reason="asked", quotes=["the button red"]
    )
    text = await person.set({"text": "There is a list", "kind": "data", "quotes": ["a list"]})
    assert "no wish" not in text
    assert [w.id for w in (await person.book.read()).wishes] == ["w1", "w2"]


async def test_a_wish_of_this_message_is_corrected_with_set_wishes() -> None:
    person = Person([BOOKING])
    await person.set(APP)
    with pytest.raises(ToolFailed, match="set_wishes"):
        await person.change(id="w1", text="x", reason="y")
    with pytest.raises(ToolFailed, match="no wish w9"):
        await person.change(id="w9", text="x", reason="y")


async def test_a_text_on_a_page_is_no_way_to_do_something() -> None:
    person = Person([BOOKING])
    with pytest.raises(ToolFailed, match="more than a text"):
        await person.set(APP, RULE, {**MAIL, "kind": "words"})
