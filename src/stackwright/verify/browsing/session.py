"""One window of the `browser` tool: does a call's actions and tells what changed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from stackwright.tools.base import Illustrated, Picture, ToolFailed
from stackwright.tools.browser_actions import BrowserAction
from stackwright.tools.budget import cut_middle
from stackwright.verify.browsing.actions import Stage, perform
from stackwright.verify.browsing.targets import SNAPSHOT_TIMEOUT_MS, find
from stackwright.verify.browsing.tree import changed_lines, clipped, compact
from stackwright.verify.browsing.watch import SessionWatch
from stackwright.verify.playwright import playwright_error
from stackwright.verify.visit import PICTURE_TIMEOUT_MS

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Page

CALL_LIMIT_S = 90.0
MAX_PICTURES = 5
SETTLE_S = 2.0
ANSWERS_WITHIN_S = 3.0
MAX_PAGE_HEIGHT = 4000
MAX_ERROR_CHARS = 700
_UNSEEN = "[A picture, which this model cannot see. What was on the page:]"
_ACTS = frozenset({"open", "click", "type", "press", "select", "drag", "upload", "evaluate"})
_TO_TOP = "() => { const y = scrollY; scrollTo({top: 0, behavior: 'instant'}); return y; }"
_FOCUS = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return '';
  const label = element.labels && element.labels[0] && element.labels[0].innerText;
  const name = element.getAttribute('aria-label') || label || element.placeholder
    || element.innerText || element.name || '';
  const role = element.getAttribute('role') || element.tagName.toLowerCase();
  return `${role} "${name.replace(/\\s+/g, ' ').trim().slice(0, 80)}"`;
}"""
_COVERED = re.compile(r"- (<[^\n]*?)(?:>[^\n]*)? (?:from <[^\n]* )?intercepts pointer events")
_ANSI = re.compile(r"\x1b\[[0-9;]*m")

KeepPicture = Callable[[bytes, str, int, int], Awaitable[Picture]]
"""(JPEG, address, width, height) -> the picture as the run keeps it."""


class SessionLost(Exception):
    """The page does not answer any more; the session has to be closed. The text says why."""


@dataclass(slots=True)
class _Told:
    """The answer as it grows. `failed`: why the actions did not go on."""

    lines: list[str] = field(default_factory=list[str])
    pictures: list[Picture] = field(default_factory=list[Picture])
    has_read: bool = False
    failed: str = ""


class Session:
    def __init__(self, context: BrowserContext, page: Page, origin: str, keep: KeepPicture) -> None:
        self._page = page
        self._origin = origin
        self._keep = keep
        self._watch = SessionWatch(context, page)
        self._lines: list[str] = []
        self._address = ""

    @property
    def is_alive(self) -> bool:
        return not self._page.is_closed() and not self._watch.is_crashed

    async def act(
        self,
        actions: Sequence[BrowserAction],
        *,
        uploads: Mapping[str, bytes],
        accepts_dialogs: bool,
    ) -> Illustrated:
        """Raises ToolFailed when an action cannot be done, SessionLost when the page is done for."""
        self._watch.begin(accepts_dialogs=accepts_dialogs)
        told = _Told()
        try:
            async with asyncio.timeout(CALL_LIMIT_S):
                await self._do_all(actions, Stage(self._page, self._origin, uploads), told)
        except TimeoutError:
            told.failed = f"Stopped: one call may take {CALL_LIMIT_S:.0f} s."
            told.lines.append(told.failed)
        await self._check_life(told)
        told.lines += await self._what_changed(has_read=told.has_read and not told.failed)
        text = cut_middle("\n".join(told.lines), rest="Do less in one call.")
        if told.failed:
            raise ToolFailed(text, told.pictures)
        return Illustrated(text, tuple(told.pictures))

    async def _do_all(self, actions: Sequence[BrowserAction], stage: Stage, told: _Told) -> None:
        for number, action in enumerate(actions, 1):
            line = f"{number}. {action.summary()}"
            try:
                said = await self._do(action, stage, told)
            except (ToolFailed, playwright_error(), TimeoutError) as error:
                told.failed = _reason(error)
                left = len(actions) - number
                said = f"FAILED{f' ({left} more not done)' if left else ''}: {told.failed}"
            told.lines.append(f"{line}: {said}" if said else line)
            told.lines += [f"   {note}" for note in self._watch.take_notes()]
            if told.failed or self._watch.is_too_much or not self.is_alive:
                return

    async def _do(self, action: BrowserAction, stage: Stage, told: _Told) -> str:
        if action.do == "picture":
            if len(told.pictures) >= MAX_PICTURES:
                raise ToolFailed(f"One call may take {MAX_PICTURES} pictures.")
            told.pictures.append(await self._picture(action))
            return "below"
        said = await perform(action, stage)
        told.has_read |= action.do == "read" and not action.is_named
        if action.do in _ACTS:
            told.has_read &= action.do == "open"
            await self._watch.settle(SETTLE_S)
        return said

    async def _picture(self, action: BrowserAction) -> Picture:
        if action.is_named:
            found = await find(self._page, action)
            box = await found.bounding_box(timeout=SNAPSHOT_TIMEOUT_MS)
            taken = await found.screenshot(
                type="jpeg", quality=80, animations="disabled", timeout=PICTURE_TIMEOUT_MS
            )
            width, height = (int(box["width"]), int(box["height"])) if box else (0, 0)
        else:
            size = self._page.viewport_size or {"width": 0, "height": 0}
            width, height = size["width"], size["height"]
            if action.full:
                whole: int = await self._page.evaluate("document.documentElement.scrollHeight")
                height = max(1, min(int(whole), MAX_PAGE_HEIGHT))
            # A menu that sticks to the window would stand in the middle of the page.
            scrolled: float = await self._page.evaluate(_TO_TOP) if action.full else 0
            taken = await self._page.screenshot(
                type="jpeg",
                quality=80,
                animations="disabled",
                timeout=PICTURE_TIMEOUT_MS,
                full_page=action.full,
                clip={"x": 0, "y": 0, "width": width, "height": height},
            )
            if scrolled:
                await self._page.evaluate("y => scrollTo({top: y, behavior: 'instant'})", scrolled)
        kept = await self._keep(taken, self._shortened(self._page.url), width, height)
        return replace(kept, instead=f"{_UNSEEN}\n{clipped(await self._read())}")

    async def _read(self) -> list[str]:
        snapshot = await self._page.aria_snapshot(timeout=SNAPSHOT_TIMEOUT_MS)
        return await asyncio.to_thread(compact, snapshot)

    async def _check_life(self, told: _Told) -> None:
        """A page in an endless loop answers nothing; what the session held is lost then."""
        why = ""
        if self._watch.is_too_much:
            why = "The page opens windows or dialogs without end."
        elif not self.is_alive:
            why = "The page was closed or crashed."
        else:
            try:
                async with asyncio.timeout(ANSWERS_WITHIN_S):
                    await self._page.evaluate("1")
            except (playwright_error(), TimeoutError):
                opened = f" after {self._watch.nuisances} windows or dialogs"
                what = opened if self._watch.nuisances else ": an endless loop?"
                why = f"The page does not answer any more{what}"
        if why:
            notes = [f"   {note}" for note in self._watch.take_notes()]
            raise SessionLost("\n".join([*told.lines, *notes, why]))

    async def _what_changed(self, *, has_read: bool) -> list[str]:
        """Where the session is now, and what of it is new since the last call."""
        out = await self._place()
        try:
            before, self._lines = self._lines, await self._read()
        except playwright_error() as error:
            return [*out, f"The page could not be read: {_reason(error)}"]
        if not has_read:
            out += await asyncio.to_thread(_difference, before, self._lines)
        problems = await self._watch.take_problems(self._shortened)
        return [*out, *(f"! {problem}" for problem in problems)]

    async def _place(self) -> list[str]:
        address = self._shortened(self._page.url)
        moved = f" (was {self._address})" if self._address not in ("", address) else ""
        self._address = address
        try:
            async with asyncio.timeout(ANSWERS_WITHIN_S):
                focus: str = await self._page.evaluate(_FOCUS)
        except (playwright_error(), TimeoutError):
            focus = ""
        return [f"Now at {address[:300]}{moved}" + (f", focus on {focus[:120]}" if focus else "")]

    def _shortened(self, text: str) -> str:
        """Addresses of the app without their host."""
        return text.replace(self._origin, "")


def _difference(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """The changed lines, or the whole page when that is shorter."""
    whole = clipped(after)
    if not before:
        return ["The page:", whole]
    changes = changed_lines(before, after)
    if not changes:
        return ["Nothing visible changed."]
    told = "\n".join(changes)
    return ["Changed:", told] if len(told) < len(whole) else ["The page:", whole]


def _reason(error: Exception) -> str:
    """Playwright tells the reason and each try; equal lines say nothing new."""
    if isinstance(error, ToolFailed):
        return str(error)
    if isinstance(error, TimeoutError):
        return "It took too long."
    if found := _COVERED.search(str(error)):
        return f"{found[1][:150]} … lies over it: close that first, or wait for it to go."
    lines = [_ANSI.sub("", line).rstrip() for line in str(error).splitlines()]
    told = "\n".join(dict.fromkeys(line for line in lines if line and line != "Call log:"))
    return told if len(told) <= MAX_ERROR_CHARS else f"{told[:MAX_ERROR_CHARS]}…"
