"""Does one action on a page. What cannot be done is a ToolFailed or Playwright's own error."""

from __future__ import annotations

import asyncio
import json
import mimetypes
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stackwright.tools.base import ToolFailed
from stackwright.tools.browser_actions import BrowserAction, Target
from stackwright.verify.browsing.targets import SNAPSHOT_TIMEOUT_MS, find
from stackwright.verify.browsing.tree import clipped, compact
from stackwright.verify.browsing.watch import quietly
from stackwright.verify.playwright import playwright_error
from stackwright.verify.visit import comes_alive

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

OPEN_TIMEOUT_MS = 45_000
ACT_TIMEOUT_MS = 5000
WAIT_TIMEOUT_MS = 10_000
EVALUATE_S = 10.0
HYDRATION_TIMEOUT_MS = 3000
MAX_RESULT_CHARS = 4000
MOVES = 12
"""Steps of a drag: libraries begin one only after several moves."""
LONG_PRESS_S = 0.3
KEY_PAUSE_MS = 60
_REFUSED = "ERR_CONNECTION_REFUSED"
_STATEMENTS = ("Illegal return", "await is only valid")
"""What Chromium says of statements where it expects an expression."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A page, the app's address and the files that may be uploaded."""

    page: Page
    origin: str
    uploads: Mapping[str, bytes]


async def perform(action: BrowserAction, stage: Stage) -> str:
    """What the action has to say; empty: that it was done."""
    return await _DEEDS[action.do](action, stage)


async def _open(action: BrowserAction, stage: Stage) -> str:
    page = stage.page
    if action.width is not None:
        height = (page.viewport_size or {"height": 800})["height"]
        await page.set_viewport_size({"width": action.width, "height": height})
    try:
        address = stage.origin + (action.route or "/")
        response = await page.goto(address, wait_until="load", timeout=OPEN_TIMEOUT_MS)
    except playwright_error() as error:
        if "Timeout" in error.message:
            await quietly(page.goto("about:blank"))  # else the page answers nothing while it loads
            raise ToolFailed(
                f"It did not load within {OPEN_TIMEOUT_MS // 1000} s. The first visit compiles a page: open "
                "it once more, or read_logs frontend."
            ) from error
        if _REFUSED in error.message:
            raise ToolFailed(
                "Nothing answers on port 3000: run_service frontend, or read_logs frontend."
            ) from error
        raise
    await comes_alive(page, HYDRATION_TIMEOUT_MS)
    return f"HTTP {response.status}" if response is not None and response.status >= 400 else ""


async def _click(action: BrowserAction, stage: Stage) -> str:
    await (await find(stage.page, action)).click(timeout=ACT_TIMEOUT_MS)
    return ""


async def _type(action: BrowserAction, stage: Stage) -> str:
    text = "\n".join(action.values)
    if action.is_named:
        await (await find(stage.page, action, is_filled=True)).fill(text, timeout=ACT_TIMEOUT_MS)
    else:
        await stage.page.keyboard.insert_text(text)
    return ""


async def _press(action: BrowserAction, stage: Stage) -> str:
    if action.is_named:
        await (await find(stage.page, action)).focus(timeout=ACT_TIMEOUT_MS)
    for key in action.values:
        await stage.page.keyboard.press(key)
    return ""


async def _select(action: BrowserAction, stage: Stage) -> str:
    found = await find(stage.page, action, is_filled=True)
    if await found.evaluate("element => element.tagName") != "SELECT":
        return await _select_in_list(action, found, stage.page)
    try:
        await found.select_option(list(action.values), timeout=ACT_TIMEOUT_MS)
    except playwright_error() as error:
        options = await found.evaluate("element => [...element.options].map(o => o.label)")
        raise ToolFailed(f"It cannot be selected. The options are: {options[:40]}") from error
    return ""


async def _select_in_list(action: BrowserAction, found: Locator, page: Page) -> str:
    """Of a list that the app draws itself: open it, then click each option."""
    await found.click(timeout=ACT_TIMEOUT_MS)
    for value in action.values:
        option = await find(page, Target(role="option", name=value))
        await option.click(timeout=ACT_TIMEOUT_MS)
    return ""


async def _drag(action: BrowserAction, stage: Stage) -> str:
    source = await find(stage.page, action)
    if action.by == "keyboard":
        await source.focus(timeout=ACT_TIMEOUT_MS)
        for key in ("Space", *action.values, "Space"):
            await stage.page.keyboard.press(key)
            await stage.page.wait_for_timeout(KEY_PAUSE_MS)
        return ""
    assert action.to is not None
    target = await find(stage.page, action.to)
    await target.scroll_into_view_if_needed(timeout=ACT_TIMEOUT_MS)
    await source.scroll_into_view_if_needed(timeout=ACT_TIMEOUT_MS)
    drag = _drag_by_touch if action.by == "touch" else _drag_by_mouse
    await drag(stage.page, await _middle(source), await _middle(target))
    return ""


_Point = tuple[float, float]


async def _middle(found: Locator) -> _Point:
    box = await found.bounding_box(timeout=ACT_TIMEOUT_MS)
    if box is None:
        raise ToolFailed("The element is not shown, so it cannot be dragged.")
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _between(start: _Point, end: _Point) -> list[_Point]:
    (x, y), (to_x, to_y) = start, end
    shares = [step / MOVES for step in range(1, MOVES + 1)]
    return [(x + (to_x - x) * share, y + (to_y - y) * share) for share in shares]


async def _drag_by_mouse(page: Page, start: _Point, end: _Point) -> None:
    await page.mouse.move(*start)
    await page.mouse.down()
    for point in (*_between(start, end), end):
        await page.mouse.move(*point)
    await page.mouse.up()


async def _drag_by_touch(page: Page, start: _Point, end: _Point) -> None:
    """Held for a moment first, as on a phone, where a swipe scrolls."""
    session = await page.context.new_cdp_session(page)

    async def touch(kind: str, *points: _Point) -> None:
        where = [{"x": x, "y": y} for x, y in points]
        await session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": where})

    await touch("touchStart", start)
    await asyncio.sleep(LONG_PRESS_S)
    for point in _between(start, end):
        await touch("touchMove", point)
    await touch("touchEnd")
    await session.detach()


async def _upload(action: BrowserAction, stage: Stage) -> str:
    files: list[Any] = [
        {
            "name": path.rpartition("/")[2],
            "mimeType": mimetypes.guess_type(path)[0] or "application/octet-stream",
            "buffer": stage.uploads[path],
        }
        for path in action.values
    ]
    found = await find(stage.page, action, may_be_hidden=True)
    if await found.evaluate("element => element.type === 'file'"):
        await found.set_input_files(files, timeout=ACT_TIMEOUT_MS)
        return ""
    async with stage.page.expect_file_chooser(timeout=ACT_TIMEOUT_MS) as choosing:
        await found.click(timeout=ACT_TIMEOUT_MS)
    await (await choosing.value).set_files(files, timeout=ACT_TIMEOUT_MS)
    return ""


async def _wait_for(action: BrowserAction, stage: Stage) -> str:
    target = action if action.is_named else Target(text=" ".join(action.values))
    if not action.gone and action.is_named and target.within is not None:
        await find(stage.page, target)
        return ""
    text = " ".join(action.values) or action.text or action.name or ""
    found = stage.page.get_by_text(text)
    if action.role is not None:
        role: Any = action.role
        found = stage.page.get_by_role(role, name=action.name)
    first = found.filter(visible=True).first
    state = "hidden" if action.gone else "visible"
    try:
        await first.wait_for(state=state, timeout=WAIT_TIMEOUT_MS)
    except playwright_error() as error:
        seconds = WAIT_TIMEOUT_MS // 1000
        what = "is still there" if action.gone else "did not appear"
        raise ToolFailed(f"{target.told()} {what} after {seconds} s.") from error
    return ""


async def _read(action: BrowserAction, stage: Stage) -> str:
    if action.is_named:
        found = await find(stage.page, action)
        snapshot = await found.aria_snapshot(timeout=SNAPSHOT_TIMEOUT_MS)
    else:
        snapshot = await stage.page.aria_snapshot(timeout=SNAPSHOT_TIMEOUT_MS)
    return "\n" + clipped(compact(snapshot), 12_000)


async def _evaluate(action: BrowserAction, stage: Stage) -> str:
    script = "\n".join(action.values)
    async with asyncio.timeout(EVALUATE_S):
        try:
            value = await stage.page.evaluate(script)
        except playwright_error() as error:
            if not any(sign in error.message for sign in _STATEMENTS):
                raise
            value = await stage.page.evaluate(f"async () => {{ {script} }}")
    try:
        told = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        told = str(value)
    return told if len(told) <= MAX_RESULT_CHARS else f"{told[:MAX_RESULT_CHARS]}… (cut)"


_DEEDS: Mapping[str, Callable[[BrowserAction, Stage], Awaitable[str]]] = {
    "open": _open,
    "click": _click,
    "type": _type,
    "press": _press,
    "select": _select,
    "drag": _drag,
    "upload": _upload,
    "wait_for": _wait_for,
    "read": _read,
    "evaluate": _evaluate,
}
