"""Pages can be read and used by everybody: on a phone and a desk, in both themes, with their eyes or without."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from stackwright.verify.browser import BrowserFailed
from stackwright.verify.check import FRONTEND, Subject, Verdict, failed, passed
from stackwright.verify.checks.pages import LIST_FILES, addresses_of
from stackwright.verify.machine import patience, read_pressure
from stackwright.verify.playwright import playwright_error
from stackwright.verify.records import ApiFault, read_api
from stackwright.verify.routes import routes
from stackwright.verify.use.screen import SCRIPT, Screen

_FOLDER = Path(__file__).parents[1] / "look"
AXE = _FOLDER / "axe.min.js"
"""axe-core by Deque Systems, MPL 2.0; its licence lies beside it."""
LOOK = (_FOLDER / "look.js").read_text()
DARK = (_FOLDER / "dark.js").read_text()
FOCUS = (_FOLDER / "focus.js").read_text()
DESK, PHONE = 1440, 390
RULES = (
    *("label", "select-name", "aria-input-field-name", "input-button-name", "button-name"),
    *("link-name", "image-alt", "document-title", "html-has-lang", "color-contrast"),
)
"""Of axe-core: what keeps a person from reading or using something."""
UNREADABLE = 2.5
"""Contrast ratios below it fail. WCAG asks for 4.5, which many good designs miss in hints and badges."""
_BACKGROUND = """() => [document.documentElement, document.body]
  .map(one => getComputedStyle(one)).map(style => style.backgroundColor + style.color).join()"""
TAB_STOPS = 6
MAX_PAGES = 25
AXE_LIMIT_S = 30.0
_RUN_AXE = """async (rules) => {
  const found = await window.axe.run(document, {resultTypes: ['violations'], runOnly: rules});
  return found.violations.flatMap(one => one.nodes.slice(0, 20).map(node => ({
    help: one.help, html: node.html.slice(0, 160), told: node.any[0]?.message ?? '', ratio: node.any[0]?.data?.contrastRatio ?? 0,
    isContrast: one.id === 'color-contrast',
  })));
}"""


async def pages_look_right(subject: Subject) -> Verdict:
    """Every page with a record of each kind in the database."""
    listed = await subject.run(LIST_FILES, cwd=FRONTEND, timeout_s=10)
    problems: dict[str, None] = {}
    try:
        api = await read_api(subject.sandbox, subject.app.backend_port, subject.environment.cookie)
        async with (
            subject.records.borrowed(api) as records,
            subject.browser.page() as page,
            subject.browser.page() as another,
        ):
            await page.add_init_script(SCRIPT)
            await another.add_init_script(SCRIPT)
            await another.add_init_script(DARK)
            more = patience(await read_pressure(subject.sandbox))
            screen, dark = (Screen(one, subject.app.origin, more) for one in (page, another))
            places, _ = addresses_of(routes(listed.stdout.splitlines()), records, api.description)
            for path, route in places[:MAX_PAGES]:
                problems |= dict.fromkeys(
                    [f"{route} {one}" for one in await _look(screen, dark, path)]
                )
    except (ApiFault, BrowserFailed) as error:
        return failed(str(error))
    except playwright_error() as error:
        return failed(f"The browser failed: {error.message[:1000]}")
    if problems:
        return failed("\n".join(problems))
    return passed(f"{len(places[:MAX_PAGES])} pages, on a desk and a phone, in both themes")


async def _look(screen: Screen, dark: Screen, path: str) -> list[str]:
    page = screen.page
    await page.set_viewport_size({"width": DESK, "height": 900})
    if not await screen.open(path):
        return []  # the check of the pages tells why
    found = [f"at {DESK} px: {one}" for one in await screen.ask(LOOK)]
    light = await screen.ask(_BACKGROUND)
    found += await _accessibility(screen, RULES)
    found += await _focus(screen)
    await dark.page.set_viewport_size({"width": PHONE, "height": 844})
    if not await dark.open(path):
        return [*found, f"at {PHONE} px: the page did not open once more"]
    found += [f"at {PHONE} px: {one}" for one in await dark.ask(LOOK)]
    await dark.ask("() => window.__showDark()")
    if await dark.ask(_BACKGROUND) != light:
        found += [f"in the dark: {one}" for one in await _accessibility(dark, RULES[-1:])]
    return found


async def _focus(screen: Screen) -> list[str]:
    """Whoever uses the keyboard must see where on the page they are."""
    hidden: list[str] = []
    for place in range(TAB_STOPS):
        await screen.page.keyboard.press("Tab")
        reached: dict[str, Any] | None = await screen.ask(FOCUS)
        if reached is None:
            return hidden[:1] if len(hidden) * 2 > place > 1 else []
        if not reached["isShown"]:
            hidden.append(f"nothing shows that the keyboard is at {reached['html']}")
    return hidden[:1] if len(hidden) * 2 > TAB_STOPS else []


async def _accessibility(screen: Screen, rules: tuple[str, ...]) -> list[str]:
    await screen.ask(AXE.read_text(), limit_s=AXE_LIMIT_S)
    found: list[dict[str, Any]] = await screen.ask(_RUN_AXE, list(rules), limit_s=AXE_LIMIT_S)
    return [
        f"{one['help']}: {one['html']} {one['told']}".strip()
        for one in found
        if not one["isContrast"] or one["ratio"] < UNREADABLE
    ]
