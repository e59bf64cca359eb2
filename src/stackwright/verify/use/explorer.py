"""Walks through the pages of an app and uses what they offer: forms, buttons, links."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlsplit

from stackwright.verify.playwright import playwright_error
from stackwright.verify.records import AppApi
from stackwright.verify.use.control_words import DELETE
from stackwright.verify.use.deletion import delete_record
from stackwright.verify.use.elements import Control, Form
from stackwright.verify.use.form_limits import wider_limits
from stackwright.verify.use.journey import Journey, Reopen
from stackwright.verify.use.leaving import LEAVES
from stackwright.verify.use.refusals import try_twin
from stackwright.verify.use.refused_writes import judge, news_in, try_refused, try_refused_change
from stackwright.verify.use.screen import Screen

MAX_BUTTONS = 14
"""Of one page; buttons of the same name count once."""
_SILENT = re.compile(r"copy|print|share|download|export|kopieren|drucken", re.IGNORECASE)
"""What these do shows nowhere on the page."""


@dataclass(slots=True)
class Explorer:
    """`deadline` (monotonic) ends the walk where it is; `untried` says what was left out."""

    screen: Screen
    api: AppApi
    deadline: float
    problems: list[str] = field(default_factory=list[str])
    done: list[str] = field(default_factory=list[str])
    untried: list[str] = field(default_factory=list[str])
    links: dict[str, str] = field(default_factory=dict[str, str])
    """The first page that each link was seen on."""
    _known_forms: set[tuple[str, ...]] = field(default_factory=set[tuple[str, ...]])
    _known_buttons: set[str] = field(default_factory=set[str])

    async def explore(self, path: str) -> None:
        """Use one page. What Playwright cannot do there, a person cannot do either."""
        if time.monotonic() > self.deadline:
            self.untried.append(path)
            return
        try:
            if await self._open(path):
                self._complain(path, "opening it")
                for link in await self.screen.links():
                    self.links.setdefault(link, path)
                await self._use_forms(path, partial(self._open, path))
                await self._press_buttons(path)
        except playwright_error() as error:
            if self.screen.page.is_closed():
                raise
            self.problems.append(f"{path}: {_plain(error.message)}")

    def _complain(self, path: str, doing: str) -> None:
        self.problems += [f"{path}: {doing}: {one}" for one in self.screen.complaints()]

    async def _open(self, path: str) -> bool:
        return await self.screen.open(path)

    async def _use_forms(self, path: str, reopen: Reopen) -> None:
        """Every form that was not used yet, also on other pages."""
        for form in await self.screen.forms():
            if form.signature in self._known_forms or not form.is_form:
                continue
            self._known_forms.add(form.signature)
            self.problems += [f"{path}: {one}" for one in _readable(form)]
            if any(one.value and "Sample" in one.value for one in form.fields):
                continue  # an edit form: journeys come by with a record of their own
            if any(one.kind == "password" for one in form.fields):
                continue  # logins are tried by logging in; a new password would end the person's
            await self._live(path, form, reopen)
            await reopen()
            return await self._use_forms(path, reopen)
        return None

    async def _live(self, path: str, form: Form, reopen: Reopen) -> None:
        """The whole life of a record that this form makes."""
        journey = Journey(self.screen, path, self.api, self.problems, self.done)
        refusal = await try_refused(journey, form)
        if form.submit is not None:
            if not await reopen():
                return
            form = await self._again(form)
        before = await self.screen.lines()
        write = await journey.make(form, reopen)
        if refusal is not None:
            accepted = news_in(before, await self.screen.lines(), journey.mark)
            wrong = judge(refusal, form.title, accepted if write is not None else frozenset())
            self.problems += [f"{path}: {wrong}"] if wrong else []
        if write is None:
            return
        self.done.append("added")
        description = self.api.description
        made = description.at(urlsplit(write.url).path)
        journey.is_referred_to = made is not None and description.is_referred_to(made)
        limits = wider_limits(form, journey.typed, write, description)
        self.problems += [f"{path}: {one}" for one in limits]
        plain = partial(self._open, path)
        is_anew = await try_twin(journey, form, write, reopen)
        is_covered = bool(await self.screen.covers())
        if is_anew or is_covered or await self.screen.row_of(journey.mark) is None:
            await plain()
        if wrong := await try_refused_change(journey):
            self.problems.append(f"{path}: {wrong}")
        await plain()
        await journey.change(plain, write)
        if await self._open(path):
            await delete_record(journey, plain, write)

    async def _again(self, form: Form) -> Form:
        """The same form on the page as it is now."""
        forms = await self.screen.forms()
        return next((one for one in forms if one.signature == form.signature), form)

    async def _press_buttons(self, path: str) -> None:
        """One after the other, as a person goes on: the page is loaded anew where the last one led away
        or covered it, where no other button is left, and before one is said to do nothing."""
        is_fresh = True
        for _ in range(MAX_BUTTONS):
            button = await self._next_button(path)
            if button is None and not is_fresh and await self._open(path):
                is_fresh = True
                button = await self._next_button(path)
            if button is None or time.monotonic() > self.deadline:
                break
            if not await self._has_effect(path, button, is_fresh=is_fresh):
                self.problems.append(_dead(path, button))
                is_fresh = True
                continue
            await self.screen.watch.settle()
            self._complain(path, f"pressing “{button.name}”")
            if await self._use_what_opened(path, button) or not await self.screen.is_still_at(path):
                await self._open(path)
                is_fresh = True
            else:
                is_fresh = False

    async def _has_effect(self, path: str, button: Control, *, is_fresh: bool) -> bool:
        """What was pressed before may be why it has none, or why it cannot be pressed."""
        try:
            await self.screen.press(button.id)
            if await self.screen.has_effect():
                return True
        except playwright_error():
            if is_fresh:
                raise
        if is_fresh or not await self._open(path):
            return False
        again = next((b for b in await self.screen.buttons() if b.name == button.name), None)
        if again is None:
            return True
        await self.screen.press(again.id)
        return await self.screen.has_effect()

    async def _next_button(self, path: str) -> Control | None:
        for button in await self.screen.buttons():
            name = _general(button.name)
            key = name if button.is_shell else f"{path} {name}"
            if key in self._known_buttons or button.is_chosen or DELETE.search(button.name):
                continue
            self._known_buttons.add(key)
            if name and not _SILENT.search(name) and not LEAVES.search(name):
                return button
        return None

    async def _use_what_opened(self, path: str, button: Control) -> bool:
        """A form that a button opened, in a dialog or on another page; False when there is none."""
        forms = await self.screen.forms()
        if not any(one.is_form and one.signature not in self._known_forms for one in forms):
            return False

        async def reopen() -> bool:
            if not await self._open(path):
                return False
            again = next((b for b in await self.screen.buttons() if b.name == button.name), None)
            if again is None:
                return False
            await self.screen.press(again.id)
            return await self.screen.has_effect()

        await self._use_forms(path, reopen)
        return True


def _readable(form: Form) -> Iterator[str]:
    """Secrets that stand on the screen while they are typed."""
    for one in form.fields:
        if one.kind == "text" and one.help.endswith(("current-password", "new-password")):
            yield (
                f"{one.label or one.name} can be read by who looks over the shoulder: make it a field of the "
                "type password."
            )


def _dead(path: str, button: Control) -> str:
    return (
        f"{path}: “{button.name}” does nothing when it is pressed: no request, no other page, no "
        "visible change. Give it its function or remove it."
    )


def _general(name: str) -> str:
    """Buttons of rows differ by what the row is called."""
    return (
        re.sub(r"(sample|apple|birch).*|[“\"].*|\d+", "", name, flags=re.IGNORECASE)
        .strip()
        .casefold()
    )


def _plain(message: str) -> str:
    """What Playwright says, in one line: what covers a button stands near the end of its log."""
    covered = re.search(r"(<[^>]{1,120}>)[^\n]*intercepts pointer events", message)
    if covered:
        return f"something cannot be clicked, because {covered[1]} covers it"
    return message.splitlines()[0][:300]
