"""The app as one person meets it in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page

from witness import database, faults, settings
from witness.actors import known_actors
from witness.api import Api
from witness.outbox import Mail, Outbox
from witness.recording import (
    SETUP_HEADER,
    Recording,
    described,
    forget_actions_of,
    record_actions_of,
)
from witness.records import Records

_IS_ALIVE = """() => document.readyState === 'complete' && [...document.querySelectorAll('body *')]
  .some(element => Object.keys(element).some(key => key.startsWith('__reactFiber$')))"""
STYLE = """(element, name) => {
  const value = getComputedStyle(element).getPropertyValue(name);
  if (!/^(lab|lch|oklab|oklch|color)\\(/.test(value)) return value;
  const pen = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  pen.fillStyle = value;
  pen.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = pen.getImageData(0, 0, 1, 1).data;
  return alpha === 255 ? `rgb(${red}, ${green}, ${blue})` : `rgba(${red}, ${green}, ${blue}, ${Number((alpha / 255).toFixed(2))})`;
}"""
_AROUND_A_SELECT = "xpath=.//label[normalize-space(text()) = {}]//select"
_HAS_REACT = "() => document.querySelector('#__next, script[src*=\"/_next/\"]') !== null"


def _quoted(text: str) -> str:
    """For XPath, which knows no escapes."""
    return f'"{text}"' if '"' not in text else "'" + text.replace("'", "") + "'"


def _middle(locator: Locator) -> tuple[float, float]:
    """The middle of what can be seen of an element, once it is scrolled into sight; in pixels of the window."""
    locator.scroll_into_view_if_needed()
    box, window = locator.bounding_box(), locator.page.viewport_size
    assert box is not None, f"{described(locator)} cannot be seen."
    right, bottom = box["x"] + box["width"], box["y"] + box["height"]
    if window is not None:
        right, bottom = min(right, window["width"]), min(bottom, window["height"])
    return (max(box["x"], 0) + right) / 2, (max(box["y"], 0) + bottom) / 2


class World:
    """What all people of one witness share: browser, recording, mails, patience."""

    def __init__(
        self, browser: Browser, recording: Recording, outbox: Outbox, patience_ms: float
    ) -> None:
        self.browser = browser
        self.recording = recording
        self.outbox = outbox
        self.patience_ms = patience_ms
        self._contexts: list[BrowserContext] = []
        self._made: list[database.Place] = []
        recording.before = self._begin

    def new_context(self, **options: Any) -> BrowserContext:
        options = {"viewport": {"width": 1280, "height": 800}, **options}
        context = self.browser.new_context(reduced_motion="reduce", **options)
        context.set_default_timeout(self.patience_ms)
        context.set_default_navigation_timeout(settings.LOAD_MS)
        self.recording.watch(context)
        record_actions_of(context, self.recording)
        self._contexts.append(context)
        return context

    @contextmanager
    def making(self) -> Iterator[None]:
        """A record is made in the block that the witness needs."""
        self.recording.setups += 1
        if not (faults.are_records_lost() or faults.are_records_changed()):
            yield
            return
        before = database.ids()
        yield
        self._made += [one for one in database.ids() if one not in before]

    def _begin(self) -> None:
        """What was made before is lost or changed now, if that is the fault."""
        if self._made and not faults.is_setting_up():
            befall = database.change if faults.are_records_changed() else database.remove
            befall(self._made)
            self._made.clear()

    def close(self) -> None:
        self.recording.stop_screencast()
        for context in self._contexts:
            forget_actions_of(context)
            context.close()
        self._contexts.clear()


class App:
    """A browser of one person, with the app's API and records at hand.

    `page` is Playwright's page: everything it can do may be used."""

    def __init__(self, world: World, context: BrowserContext) -> None:
        self._world = world
        self._context = context
        self._page: Page | None = None
        self.api = Api(context.request, world.recording)

    @property
    def page(self) -> Page:
        if self._page is None or self._page.is_closed():
            self._page = self._context.new_page()
            self._world.recording.start_screencast(self._page)
        return self._page

    def visit(self, path: str) -> Page:
        """Open a page of the app. A page that answers with an error fails the witness at once."""
        answer = self.page.goto(settings.ORIGIN + path, wait_until="load")
        status = answer.status if answer is not None else 0
        self._world.recording.visited.append(path)
        self._world.recording.step(f"open {path}", self.page)
        assert answer is None or status < 400, f"{path} answers HTTP {status}."
        self._wait_until_alive()
        return self.page

    def reload(self) -> Page:
        """Load the page again: what was only on the screen is gone."""
        self._world.recording.before()
        self.page.reload(wait_until="load")
        self._wait_until_alive()
        self._world.recording.step("reload", self.page)
        return self.page

    def as_actor(self, name: str, **options: Any) -> App:
        """Another person's browser, logged in as `acceptance/actors.py` says. `options` are those of
        Playwright's `new_context`, for example `viewport` or `has_touch`."""
        actors = known_actors()
        assert name in actors, f"acceptance/actors.py names no {name!r}: {', '.join(actors)}."
        person = App(self._world, self._world.new_context(**options))
        become = actors[name].become
        if become is not None:
            with person._setting_up():
                become(person)
        return person

    def kept(self) -> dict[str, Any]:
        """The cookies and the storage of this person's browser."""
        return dict(self._context.storage_state())

    def records(self, name: str) -> Records:
        """Records that the witness needs; made as this person, past the faults of the proof."""
        headers = {SETUP_HEADER: "1"}
        api = Api(self._context.request, self._world.recording, headers)
        return Records(api, name, self._world.making)

    def field(self, label: str) -> Locator:
        """The input with this label, in the dialog that is open if there is one. A star or a unit
        behind the label does not count."""
        whole = re.compile(rf"^\s*{re.escape(label)}\s*(\([^)]*\))?\s*\*?\s*$", re.IGNORECASE)
        place = self._place()
        # a label around a select also holds the texts of its options
        around = place.locator(_AROUND_A_SELECT.format(_quoted(label)))
        return self._best(place.get_by_label(whole).or_(around), place.get_by_label(label))

    def button(self, name: str) -> Locator:
        place = self._place()
        exact = place.get_by_role("button", name=name, exact=True)
        return self._best(exact, place.get_by_role("button", name=name))

    def link(self, name: str) -> Locator:
        exact = self.page.get_by_role("link", name=name, exact=True)
        return self._best(exact, self.page.get_by_role("link", name=name))

    def _place(self) -> Page | Locator:
        dialog = self.page.get_by_role("dialog")
        return dialog.last if dialog.count() else self.page

    def _best(self, exact: Locator, similar: Locator) -> Locator:
        """The one that is called just so, else the first whose name holds the words. What can be seen
        goes first, but a field for files is often hidden behind a button."""
        with suppress(Error):
            exact.or_(similar).first.wait_for(state="attached")
        of_files = exact.and_(self.page.locator("input[type=file]"))
        found = (exact.filter(visible=True), of_files, similar.filter(visible=True), exact)
        return next((one.first for one in found if one.count()), similar.first)

    def drag(self, source: Locator, target: Locator) -> None:
        """Drag with the mouse, in steps, as a hand does: what is out of sight is scrolled into it."""
        if faults.are_actions_ignored():
            return
        assert target.bounding_box() is not None, f"{described(target)} cannot be seen."
        self._world.recording.actions += 1
        mouse = self.page.mouse
        mouse.move(*_middle(source))
        mouse.down()
        mouse.move(*_middle(target), steps=12)
        mouse.up()
        self._world.recording.step(f"drag {described(source)} to {described(target)}", self.page)

    def press(self, *keys: str) -> None:
        """Press keys where the focus is: "Tab", "Enter", "Control+a"."""
        if faults.are_actions_ignored():
            return
        self._world.recording.actions += 1
        for key in keys:
            self.page.keyboard.press(key)
        self._world.recording.step(f"press {' '.join(keys)}", self.page)

    def upload(self, label: str, name: str, content: bytes, kind: str = "text/plain") -> None:
        """Give a file to the input with this label."""
        self.field(label).set_input_files({"name": name, "mimeType": kind, "buffer": content})

    def mails(self) -> list[Mail]:
        """The mails that the app has sent since the witness began, oldest first."""
        mails = self._world.outbox.mails()
        self._world.recording.mails += len(mails)
        return mails

    def wait_for_mail(self, accept: Callable[[Mail], bool]) -> Mail:
        """The first mail that `accept` takes, when it has come."""
        mail = self._world.outbox.wait_for(accept, self._world.patience_ms / 1000)
        self._world.recording.mails += 1
        return mail

    def style(self, locator: Locator, name: str) -> str:
        """A computed style, such as `background-color`. A colour is told as rgb(…) or rgba(…)."""
        self._world.recording.styles += 1
        return locator.evaluate(STYLE, name)

    def step(self, text: str) -> None:
        """Note a step of the film strip in words."""
        self._world.recording.step(text, self._page)

    @contextmanager
    def _setting_up(self) -> Iterator[None]:
        """Requests of this person are no part of what is tried."""
        self._context.set_extra_http_headers({SETUP_HEADER: "1"})
        api, self.api = self.api, Api(
            self._context.request, self._world.recording, {SETUP_HEADER: "1"}
        )
        try:
            with faults.setting_up():
                yield
        finally:
            self._context.set_extra_http_headers({})
            self.api = api

    def _wait_until_alive(self) -> None:
        """A click on a page that React has not taken over yet does nothing."""
        if self.page.evaluate(_HAS_REACT):
            self.page.wait_for_function(_IS_ALIVE, timeout=settings.LOAD_MS)
