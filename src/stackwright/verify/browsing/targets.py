"""Finds the one element that an action means, or says which ones it could mean."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, cast

from stackwright.tools.base import ToolFailed
from stackwright.tools.browser_actions import Target
from stackwright.verify.browsing.tree import compact, nearest
from stackwright.verify.playwright import playwright_error

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

FIND_TIMEOUT_MS = 4000
FILLED = ":is(input, textarea, select, [contenteditable], [role=textbox], [role=combobox], [role=searchbox])"
"""What a text or a choice can be put into: a label also fits regions that it names in part."""
SNAPSHOT_TIMEOUT_MS = 4000
POLL_S = 0.1
MAX_EQUAL = 500

_HOPS = """(elements, text) => elements.map(element => {
  let hops = 0;
  for (let node = element; node && node !== document.body; node = node.parentElement, hops++) {
    const said = `${node.innerText || ''} ${node.getAttribute('aria-label') || ''}`;
    if (said.replace(/\\s+/g, ' ').toLowerCase().includes(text)) return hops;
  }
  return -1;
})"""
"""For each element, how many steps out the text stands: the button of a row is nearer to the row's text
than those of the other rows."""
_DESCRIBE = """elements => elements.slice(0, 8).map(element => {
  const plain = text => (text || '').replace(/\\s+/g, ' ').trim();
  const label = element.getAttribute('aria-label') || element.innerText || element.placeholder;
  const own = plain(label).slice(0, 60);
  for (let node = element.parentElement; node && node !== document.body; node = node.parentElement) {
    const around = plain(node.innerText);
    if (around.length > own.length + 1) return [own, around.slice(0, 80)];
  }
  return [own, ''];
})"""


async def find(
    page: Page, target: Target, *, may_be_hidden: bool = False, is_filled: bool = False
) -> Locator:
    """The element, waited for. Of several, with `is_filled`, one that takes a value is meant. Raises
    ToolFailed when none or several fit."""
    loose = _locator(page, target, exact=False)
    exact = _locator(page, target, exact=True)
    if not may_be_hidden:
        loose, exact = loose.filter(visible=True), exact.filter(visible=True)
    try:
        await loose.first.wait_for(state="attached", timeout=FIND_TIMEOUT_MS)
    except playwright_error() as error:
        raise await _missing(page, target) from error
    found = exact if await exact.count() else loose
    if is_filled and await found.count() > 1:
        fields = found.and_(page.locator(FILLED))
        found = fields if await fields.count() else found
    fitting = await _fitting(found, target)
    if not fitting:
        count, where = await found.count(), target.model_copy(update={"within": None}).told()
        raise ToolFailed(f"There are {count} of {where}, none of them within {target.within!r}.")
    if target.nth is not None:
        if target.nth >= len(fitting):
            raise ToolFailed(
                f"There are only {len(fitting)} of {target.told()}; nth counts from 0."
            )
        return found.nth(fitting[target.nth])
    if len(fitting) > 1:
        raise await _ambiguous(found, fitting, target)
    return found.nth(fitting[0])


def _locator(page: Page, target: Target, *, exact: bool) -> Locator:
    if target.role is not None:
        role = cast("Any", target.role)
        found = page.get_by_role(role, name=target.name, exact=exact and target.name is not None)
    elif target.label is not None:
        found = page.get_by_label(target.label, exact=exact)
    elif target.placeholder is not None:
        found = page.get_by_placeholder(target.placeholder, exact=exact)
    elif target.test_id is not None:
        found = page.get_by_test_id(target.test_id)
    elif target.name is not None:
        by_label = page.get_by_label(target.name, exact=exact)
        found = by_label.or_(page.get_by_text(target.name, exact=exact))
    else:
        return page.get_by_text(target.text or "", exact=exact)
    return found.filter(has_text=target.text) if target.text is not None else found


async def _fitting(found: Locator, target: Target) -> list[int]:
    """The numbers of the elements that fit; with `within`, those that its text is nearest to."""
    if target.within is None:
        return list(range(min(await found.count(), MAX_EQUAL)))
    wanted = " ".join(target.within.split()).lower()
    deadline = asyncio.get_running_loop().time() + FIND_TIMEOUT_MS / 1000
    while True:
        hops: list[int] = (await found.evaluate_all(_HOPS, wanted))[:MAX_EQUAL]
        least = min((n for n in hops if n >= 0), default=None)
        if least is not None:
            return [index for index, n in enumerate(hops) if n == least]
        if asyncio.get_running_loop().time() > deadline:
            return []
        await asyncio.sleep(POLL_S)


async def _missing(page: Page, target: Target) -> ToolFailed:
    try:
        lines = compact(await page.aria_snapshot(timeout=SNAPSHOT_TIMEOUT_MS))
    except playwright_error():
        lines = []
    alike = await asyncio.to_thread(nearest, lines, target)
    told = (
        f" Most alike: {'; '.join(alike)}."
        if alike
        else " Nothing like it is there; `read` the page."
    )
    return ToolFailed(f"The page has no visible {target.told()}.{told}")


async def _ambiguous(found: Locator, fitting: list[int], target: Target) -> ToolFailed:
    described: list[list[str]] = []
    for index in fitting[:8]:
        described += await found.nth(index).evaluate_all(_DESCRIBE)
    told = "\n".join(
        f"nth {number}: {own!r}" + (f" in {around!r}" if around else "")
        for number, (own, around) in enumerate(described)
    )
    return ToolFailed(
        f"{len(fitting)} elements are {target.told()}; say which with `within` or `nth`:\n{told}"
    )
