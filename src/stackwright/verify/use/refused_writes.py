"""A form is sent while the API refuses every write: the page says so, and what was typed is still there."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

from stackwright.verify.environment_scripts.faults import WRITING
from stackwright.verify.use.elements import Form, Write
from stackwright.verify.use.journey import Journey
from stackwright.verify.use.sent import answered

if TYPE_CHECKING:
    from playwright.async_api import Page, Route

STATUS = 409
_ALL = "**/*"
_BODY = orjson.dumps(
    {"title": "Conflict", "status": STATUS, "detail": "This is refused for the moment."}
)
_WAITING = re.compile(r"(?:\.\.\.|…)$")


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a refused form looked like. `news` are the lines that it brought."""

    request: str
    news: frozenset[str]
    has_complained: bool
    is_lost: bool
    """Whether the text that was typed is in no form any more."""


async def try_refused(journey: Journey, form: Form) -> Refusal | None:
    """Send the form in vain. None where nothing is sent; the page must be opened anew after anything else."""
    if form.submit is None:
        return None
    mark = f"{journey.mark}r"
    return await _refused(journey, mark, lambda: journey.send_again(form, mark))


async def try_refused_change(journey: Journey) -> str:
    """Change the record in vain; what is wrong with how the page takes it, "" for nothing."""
    form = await journey.open_edit()
    fields = form.fields if form is not None else ()
    target = next((one for one in fields if journey.mark in one.value), None)
    if form is None or target is None:
        return ""
    mark = f"{journey.mark}r"
    new = target.value.replace(journey.mark, mark)

    async def send() -> Write | None:
        await journey.screen.fill(target, new)
        journey.typed = {target.id: new}
        return await journey.send(form)

    refusal = await _refused(journey, mark, send)
    return judge(refusal, form.title, frozenset()) if refusal is not None else ""


async def _refused(
    journey: Journey, mark: str, send: Callable[[], Awaitable[Write | None]]
) -> Refusal | None:
    screen = journey.screen
    before, complained = await screen.lines(), await screen.number_of_complaints()

    async def says_something() -> bool:
        if await screen.number_of_complaints() > complained or screen.has_asked:
            return True
        return bool(news_in(before, await screen.lines(), mark))

    async with refusing_writes(screen.page):
        write = await send()
        refusal = None
        if write is not None and write.status == STATUS:
            await screen.until(says_something)
            await screen.watch.settle()
            refusal = Refusal(
                answered(write),
                news_in(before, await screen.lines(), mark),
                await screen.number_of_complaints() > complained or screen.has_asked,
                await journey.has_lost(mark),
            )
    screen.complaints()  # the browser tells of the refused request
    return refusal


def judge(refusal: Refusal, title: str, accepted: frozenset[str]) -> str:
    """What is wrong with it, "" for nothing. `title` says what was sent, `accepted` are the lines that came
    when it was taken."""
    if not refusal.has_complained and all(_is_in(line, accepted) for line in refusal.news):
        return (
            f"{title} was sent, {refusal.request}, and the page does not say so: it looks as if all went "
            "well. Show what the API answers."
        )
    if refusal.is_lost:
        return (
            f"{title} was sent, {refusal.request}, and what was typed is gone. Keep the form as it "
            "is until the API has taken it."
        )
    return ""


def _is_in(line: str, others: frozenset[str]) -> bool:
    return any(line in other for other in others)


def news_in(before: Sequence[str], now: Sequence[str], mark: str) -> frozenset[str]:
    """The lines that came, whatever the record is called. What only says that the page works is none."""
    known = set(before)
    return frozenset(
        line.replace(mark, "#") for line in now if line not in known and not _WAITING.search(line)
    )


@asynccontextmanager
async def refusing_writes(page: Page) -> AsyncGenerator[None]:
    """No write of the page's scripts comes through in the block. What the browser itself sends for a form,
    or the framework for its actions, has no answer that a page could show."""

    async def refuse(route: Route) -> None:
        request = route.request
        is_by_script = not request.is_navigation_request() and "next-action" not in request.headers
        if request.method in WRITING and is_by_script:
            await route.fulfill(status=STATUS, content_type="application/problem+json", body=_BODY)
        else:
            await route.fallback()

    await page.route(_ALL, refuse)
    try:
        yield
    finally:
        await page.unroute(_ALL, refuse)
