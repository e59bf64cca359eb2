"""The life of one record in the hands of a person: made by a form, seen, opened, changed."""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from stackwright.verify.playwright import playwright_error
from stackwright.verify.records import AppApi, as_object, id_of
from stackwright.verify.use.control_words import EDIT
from stackwright.verify.use.dates import a_day_beside
from stackwright.verify.use.elements import Control, Form, Write
from stackwright.verify.use.kept import wrong_changes
from stackwright.verify.use.screen import Screen
from stackwright.verify.use.sent import holds, json_of, leaves, texts, told
from stackwright.verify.use.values import value_for

TEXTS = ("text", "textarea")

Reopen = Callable[[], Awaitable[bool]]
"""Loads the page of a form anew and shows the form; False when that fails."""


@dataclass(slots=True)
class Journey:
    """One form of one page. `problems` is what was found, in sentences about the page."""

    screen: Screen
    path: str
    api: AppApi
    problems: list[str] = field(default_factory=list[str])
    done: list[str] = field(default_factory=list[str])
    mark: str = field(default_factory=lambda: f"q{secrets.token_hex(2)}")
    typed: dict[str, str] = field(default_factory=dict[str, str])
    made_of: dict[str, str] = field(default_factory=dict[str, str])
    """What was typed when the record was made, by the labels of the fields."""
    filled: int = 0
    """How many fields of the record were filled in when it was made."""
    is_referred_to: bool = False
    """Whether records of another kind may belong to the record."""

    def add(self, problem: str) -> None:
        complaints = self.screen.complaints()
        more = f" Meanwhile: {'; '.join(complaints[:3])}" if complaints else ""
        self.problems.append(f"{self.path}: {problem}{more}")

    def check_complaints(self, doing: str) -> None:
        """Whatever the page complained about since it was last asked is a fault."""
        self.problems += [f"{self.path}: {doing}: {one}" for one in self.screen.complaints()]

    async def make(self, form: Form, reopen: Reopen) -> Write | None:
        """Fill the form and send it. None when nothing was stored."""
        await self.screen.remember()
        await self._fill(form, self.mark)
        self.filled = len(self.typed)
        self.made_of = {
            one.label: self.typed[one.id] for one in form.fields if one.id in self.typed
        }
        if not self.typed:
            return None
        if form.submit is None and await self.screen.asks():
            return None  # a filter, which answers while it is filled
        write = await self.send(form)
        if write is None:
            await self._judge_nothing_sent(form)
            return None
        if write.status >= 500 or write.status == 0:
            self.add(f"{form.title} was filled and sent; {told(write)}.")
            return None
        if write.status >= 400:
            await self.judge_refusal(form, write)
            return None
        self.check_complaints(f"sending {form.title}")
        self._compare(form, write)
        await self._is_seen(form, self.mark, reopen, "added")
        await self._compare_dates(form)
        await self._is_closed(form, write)
        return write

    async def _fill(self, form: Form, mark: str, *, word: str = "Sample") -> None:
        self.typed.clear()
        for one in form.fields:
            value = value_for(one, mark, word=word)
            if value is not None:
                await self.screen.fill(one, value)
                self.typed[one.id] = value

    async def send(self, form: Form) -> Write | None:
        submit = await self._submit_now(form)
        if submit is not None:
            await self._press(submit, form)
        else:
            await self.screen.remember()
            await self.screen.page.keyboard.press("Enter")
        write = await self.screen.write(1.5)
        if write is None and await self.screen.has_effect(0.8):
            write = await self.screen.write(1.0)
        return write

    async def _press(self, submit: str, form: Form) -> None:
        """The answer to what was filled in may draw the form anew in the moment it is sent."""
        try:
            await self.screen.press(submit)
        except playwright_error():
            again = await self._submit_now(form)
            if again in (None, submit):
                raise
            await self.screen.press(again)

    async def _submit_now(self, form: Form) -> str | None:
        """Some buttons appear when something is typed, and some forms are drawn anew, as filters are."""
        forms = await self.screen.forms()
        same = [one for one in forms if one.id == form.id]
        same += [one for one in forms if one.signature == form.signature]
        return same[0].submit if same else form.submit

    async def _judge_nothing_sent(self, form: Form) -> None:
        """A search or a filter asks for something or changes what is shown. What was typed into another
        form is sent, shown, or still in it."""
        if await self.screen.has_effect(0.5):
            if form.is_form and await self._is_lost():
                self.add(
                    f"{form.title} was filled and sent, no request was made, and what was typed is gone. "
                    "Sending must store the record or say what is wrong."
                )
            return
        if form.is_form:
            self.add(
                f"{form.title} was filled and sent, and nothing happened: no request, no message, "
                "no change. Sending must store the record or say what is wrong."
            )

    async def _is_lost(self) -> bool:
        """Whether the text that was typed is nowhere, and nobody was asked."""
        if not any(self.mark in typed for typed in self.typed.values()):
            return False
        if await self.screen.asks(0.3) or await self._form_with_mark() is not None:
            return False
        return not await self.screen.shows(self.mark, 1.0)

    async def send_again(self, form: Form, mark: str = "") -> Write | None:
        """Fill the form and send it: with the values of the record that is there already, or with `mark`."""
        await self.screen.remember()
        await self._fill(form, mark or self.mark)
        if not self.typed:
            for one in form.fields:
                if one.kind == "file" and one.is_required:
                    await self.screen.give_file(one)
        return await self.send(form)

    async def has_lost(self, mark: str) -> bool:
        """Whether a text with `mark` was typed and stands in no form any more."""
        if not any(mark in typed for typed in self.typed.values()):
            return False
        return await self._form_with(mark) is None

    async def judge_refusal(self, form: Form, write: Write) -> None:
        """Our values may be wrong in the app's eyes; then the page says so."""
        self.screen.watch.forget()
        if not await self.screen.number_of_complaints() and not await self._names(write):
            self.add(
                f"{form.title}: {told(write)}, and the page does not say so. Show the complaint at "
                "the field or in the form."
            )

    async def _names(self, write: Write) -> bool:
        """Whether the page shows a part of the refusal."""
        words = texts(write.answer)
        return any([await self.screen.shows(word, 0.3) for word in words[:4]])

    def _compare(self, form: Form, write: Write) -> None:
        """What the page sends is what was typed; dates and numbers most of all."""
        sent = as_object(json_of(write.sent))
        if sent is None:
            return
        values = [str(value) for value in leaves(sent)]
        for one in form.fields:
            typed = self.typed.get(one.id)
            if typed is not None and not holds(values, one, typed):
                self.add(
                    f"{one.label or one.name} was filled with {typed!r}, but the page sends {write.sent[:300]}"
                )

    async def _compare_dates(self, form: Form) -> None:
        """The row of the record shows the day that was typed, if it shows one."""
        for one in form.fields:
            if one.kind != "date" or (typed := self.typed.get(one.id)) is None:
                continue
            if beside := a_day_beside(typed, await self.screen.row_text(self.mark)):
                self.add(
                    f"{one.label or one.name} was filled with {typed}, but the page shows {beside}: a date "
                    "without a time must not pass through a time zone."
                )

    async def _is_seen(self, form: Form, text: str, reopen: Reopen, verb: str) -> None:
        """The page shows what was stored, at once if it shows it at all."""
        if not any(text in typed for typed in self.typed.values()):
            return
        if await self.screen.shows(text):
            return
        if await reopen() and await self.screen.shows(text, 2.0):
            self.add(
                f"{form.title} was sent and the record was {verb}, but the page shows it only after "
                "a reload. Refresh the list when the answer arrives."
            )

    async def _is_closed(self, form: Form, write: Write) -> None:
        """A dialog that made a record does not offer to make it once more."""

        async def is_done() -> bool:
            return await self._form_with_mark() is None

        if form.is_dialog and write.method == "POST" and not await self.screen.until(is_done):
            self.add(
                f"{form.title} was sent and the record was added, but the dialog stays as it was: who sends "
                "it again adds the record twice. Close it, or empty it."
            )

    async def change(self, reopen: Reopen, write: Write) -> None:
        """Edit the record through its form, as far as the page offers one."""
        form = await self.open_edit()
        if form is None:
            return
        target = next((one for one in form.fields if self.mark in one.value), None)
        if target is None or self._misses_values(form):
            return
        before = await self._record(write)
        new = target.value.replace(self.mark, f"{self.mark}b")
        await self.screen.fill(target, new)
        self.typed = {target.id: new}
        changed = await self.send(form)
        if changed is None:
            if not await self.screen.number_of_complaints():
                self.add(f"{form.title} was changed and sent, and no request was made.")
            return
        if changed.status >= 400 or changed.status == 0:
            self.add(f"{form.title}: {target.label or target.name} was changed; {told(changed)}.")
            return
        self.done.append("changed")
        self.check_complaints(f"changing through {form.title}")
        if not await self.screen.shows(f"{self.mark}b"):
            if await reopen() and await self.screen.shows(f"{self.mark}b", 2.0):
                self.add(f"{form.title}: a change is shown only after a reload.")
            elif await self.screen.shows(target.value, 0.5):
                self.add(f"{form.title}: a change was sent, but the old value is still shown.")
        self._compare_records(before, await self._record(write), write, (target.value, new))

    def _misses_values(self, form: Form) -> bool:
        """Whether a form that holds the record leaves out a text that was typed for it."""
        empty = [
            one.label
            for one in form.fields
            if not one.value and one.kind in TEXTS and self.mark in self.made_of.get(one.label, "")
        ]
        if empty:
            self.add(
                f"{form.title} shows the record, but {empty[0]} is empty in it: whoever changes something "
                "else has to type it again, or loses it. Fill the form with what is stored."
            )
        return bool(empty)

    async def _record(self, write: Write) -> dict[str, Any] | None:
        record_id = id_of(write.answer)
        if record_id is None:
            return None
        answer = await self.api.ask("GET", f"{urlsplit(write.url).path.rstrip('/')}/{record_id}")
        return as_object(answer.value) if answer.ok else None

    def _compare_records(
        self,
        before: dict[str, Any] | None,
        after: dict[str, Any] | None,
        write: Write,
        change: tuple[str, str],
    ) -> None:
        if before is None or after is None:
            return
        for wrong in wrong_changes(before, after, *change, as_object(json_of(write.sent)) or {}):
            self.add(wrong)

    async def open_edit(self) -> Form | None:
        """Through a button at the row, or through the record's own page."""
        row = await self.screen.row_of(self.mark)
        if row is None:
            return None
        control = next((one for one in row if EDIT.search(one.name) and not one.is_text), None)
        control = control or next((one for one in row if EDIT.search(one.name)), None)
        if control is None and (link := next((c for c in row if c.is_link and c.is_text), None)):
            await self.screen.press(link.id)
            await self.screen.has_effect()
            await self.screen.watch.settle()
            self.done.append("opened")
            self.check_complaints("opening the record")
            control = await self._named(EDIT)
        if control is not None:
            await self.screen.press(control.id)
            await self.screen.has_effect()
            await self.screen.watch.settle()
        return await self._form_with_mark()

    async def _form_with_mark(self) -> Form | None:
        return await self._form_with(self.mark)

    async def _form_with(self, mark: str) -> Form | None:
        forms = await self.screen.forms()
        return next((f for f in forms if any(mark in one.value for one in f.fields)), None)

    async def _named(self, pattern: re.Pattern[str]) -> Control | None:
        found = await self.screen.buttons()
        links = [one for one in await self.screen.row_of(self.mark) or [] if one.is_link]
        return next((one for one in (*found, *links) if pattern.search(one.name)), None)
