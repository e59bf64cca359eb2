"""Whatever a model, an app or a person wrote stays text: nothing runs, no other host is asked."""

from datetime import UTC, datetime

import pytest
from playwright.async_api import Page, expect

from fixtures.api_twins import PNG
from fixtures.console import Console
from fixtures.hostile_texts import EVIL, HIT, TEXTS
from stackwright.core.events import (
    AgentStart,
    AgentThinking,
    BudgetWarning,
    CheckResult,
    CheckStarted,
    CheckSummary,
    Event,
    FileChanged,
    FormField,
    PlanStep,
    PlanUpdated,
    PreviewError,
    PreviewReady,
    Screenshot,
    ServiceLog,
    StateChanged,
    ToolComplete,
    ToolStart,
    UserInputRequired,
    VerificationReport,
    WishesSet,
    WishProof,
)
from stackwright.core.wishes import Wish, WishList

pytestmark = pytest.mark.integration


def says(number: int, text: str) -> list[Event]:
    """One text wherever a step of the work can carry it."""
    tool = f"t{number}"
    return [
        AgentThinking(token=f"{text}\n"),
        ToolStart(
            tool_name=text[:60] if number % 9 == 0 else "edit_file",
            tool_id=tool,
            tool_args={"path": text},
        ),
        FileChanged(path=text[:500], change="created", added=1),
        ToolComplete(tool_name="edit_file", tool_id=tool, output_preview=text, outcome="failed"),
        ServiceLog(service=text[:40], text=text),
        CheckStarted(name=text[:80]),
        CheckResult(name=text[:80], ok=False, seconds=0.2, detail=text),
    ]


def around(run: str) -> list[Event]:
    wishes = tuple(
        Wish(
            id=f"w{n}",
            text=text[:300],
            kind="words",
            quotes=(),
            reason=text,
            state="failing",
            run_id=run,
        )
        for n, text in enumerate(TEXTS[:50], 1)
    )
    picture = Screenshot(route=TEXTS[1], url=f"{EVIL}.png", sha256="a" * 64, width=1, height=1)
    seen = WishProof(
        id="w1",
        text=TEXTS[0],
        kind="words",
        state="failing",
        pictures=(picture,),
        replay=f"{EVIL}.json",
    )
    return [
        WishesSet(wishes=wishes, not_understood=TEXTS[50:90]),
        PlanUpdated(steps=tuple(PlanStep(title=text) for text in TEXTS)),
        StateChanged(state="fallback_model", detail=TEXTS[1], code=TEXTS[2]),
        PreviewReady(url=f"javascript:{HIT}", port=3000),
        PreviewError(message=TEXTS[1], source=TEXTS[2]),
        VerificationReport(
            status="unverified",
            sentence=TEXTS[1],
            checks=(CheckSummary(name=TEXTS[2], ok=False, seconds=0.1),),
            wishes=(seen,),
            not_understood=TEXTS[50:60],
            screenshots=(picture,),
        ),
        BudgetWarning(message=TEXTS[1], spent=1.0, limit=2.0),
        UserInputRequired(
            question=TEXTS[1],
            fields=(FormField(name=TEXTS[1], label=TEXTS[3], kind="choice", choices=TEXTS[:30]),),
        ),
    ]


async def nothing_happened(page: Page) -> None:
    assert await page.evaluate("window.__hit") is None
    bad = "[href^='javascript:' i], [href^='data:' i], [href^='vbscript:' i], [href^='file:' i], script:not([src]), iframe, object, embed, base"
    assert await page.locator(f"#root :is({bad})").count() == 0
    foreign = "[...document.querySelectorAll('#root [src]')].filter(one => !/^(\\/(?!\\/)|data:image)/.test(one.getAttribute('src'))).length"
    assert await page.evaluate(foreign) == 0


async def test_more_than_two_hundred_hostile_texts_stay_texts(console: Console) -> None:
    assert len(set(TEXTS)) >= 200
    twin, project = console.api.twin, "evil"
    twin.pictures["a" * 64] = PNG
    accept = console.api.services.runs.accept
    old = await accept(user_id="local", project_id=project, message=TEXTS[1])
    await twin.emit(old.run_id, *says(0, TEXTS[39]))
    await console.api.services.runs.cancel("local", project, old.run_id)  # pyright: ignore[reportArgumentType]
    run = (await accept(user_id="local", project_id=project, message="\n".join(TEXTS))).run_id
    await twin.emit(run, AgentStart(timestamp=datetime.now(UTC).isoformat(), project_id=project))
    for number, text in enumerate(TEXTS):
        await twin.emit(run, *says(number, text))
    await twin.emit(run, *around(run))
    twin.wishes[project] = WishList(
        wishes=tuple(
            Wish(id=f"w{n}", text=text[:300], kind="words", quotes=(), reason=text)
            for n, text in enumerate(TEXTS[:60], 1)
        )
    )

    page = await console.open()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: asked.append(dialog.message))
    await page.goto(console.api.url)
    await expect(page.get_by_role("link", name=TEXTS[1], exact=True)).to_be_visible()
    await nothing_happened(page)
    await page.goto(f"{console.api.url}/projects/{project}")
    await expect(page.get_by_role("form", name="Question")).to_be_visible()
    await expect(page.locator(".prose").first).to_be_attached()
    for step in (await page.locator("li > details > summary").all())[:40]:
        await step.evaluate("summary => summary.click()")
    await nothing_happened(page)
    await page.get_by_role("tab", name="Wishes").click()
    await expect(page.get_by_role("heading", name="Your wishes")).to_be_visible()
    await nothing_happened(page)
    await page.set_viewport_size({"width": 390, "height": 800})
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    await page.get_by_role("tab", name="Chat").click()
    await expect(page.get_by_role("form", name="Question")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    await nothing_happened(page)
    allowed = (console.api.url, "data:image/", "blob:")
    assert [url for url in asked if not url.startswith(allowed)] == []
