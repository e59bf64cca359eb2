"""The app is used as a person uses it: forms, buttons, links, without records and without an API."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from stackwright.core.tasks import spawn
from stackwright.verify.browser import BrowserFailed
from stackwright.verify.check import FRONTEND, Subject, Verdict, failed, passed
from stackwright.verify.checks.pages import LIST_FILES, addresses_of
from stackwright.verify.environment import EnvironmentFailed
from stackwright.verify.environment_scripts.faults import REFUSED_READS_HEADER
from stackwright.verify.machine import patience, read_pressure
from stackwright.verify.playwright import playwright_error
from stackwright.verify.records import (
    ApiFault,
    AppApi,
    LoginWanted,
    TemporaryRecords,
    read_api,
)
from stackwright.verify.routes import Route, routes
from stackwright.verify.use.explorer import Explorer
from stackwright.verify.use.leaving import try_leaving
from stackwright.verify.use.lists import ListTrial, make_many, pages_of
from stackwright.verify.use.rows import RowTrial, dead_links, make_rows
from stackwright.verify.use.screen import SCRIPT, Screen
from stackwright.verify.use.states import empty_pages, refused_pages

LIMIT_S = 75.0
MAX_LINKS = 60
MAX_KINDS = 4
WINDOW = {"width": 1440, "height": 900}
ZONE = "Pacific/Auckland"
"""Far from UTC: dates that pass through a moment of the wrong zone show there."""


async def app_can_be_used(subject: Subject) -> Verdict:
    """Leaves the proof's database empty."""
    listed = await subject.run(LIST_FILES, cwd=FRONTEND, timeout_s=10)
    found = routes(listed.stdout.splitlines())
    try:
        api = await read_api(subject.sandbox, subject.app.backend_port, subject.environment.cookie)
        await subject.environment.reset()
        more = patience(await read_pressure(subject.sandbox))
        async with _screen(subject, more) as screen:
            walk = _Walk(subject, api, screen)
            await walk.run([one.pattern for one in found if not one.parameters], found)
        await subject.environment.reset()
    except (ApiFault, BrowserFailed, EnvironmentFailed) as error:
        return failed(str(error))
    except playwright_error() as error:
        return failed(f"The browser failed: {error.message[:1000]}")
    return walk.verdict()


@asynccontextmanager
async def _screen(
    subject: Subject, patience: float, *, is_refused: bool = False
) -> AsyncGenerator[Screen]:
    """A window far from UTC; in one that `is_refused` the API answers no read."""
    async with subject.browser.page(
        viewport=WINDOW,
        timezone_id=ZONE,
        locale="en-US",
        extra_http_headers={REFUSED_READS_HEADER: "1"} if is_refused else {},
    ) as page:
        await page.add_init_script(SCRIPT)
        yield Screen(page, subject.app.origin, patience)


class _Walk:
    def __init__(self, subject: Subject, api: AppApi, screen: Screen) -> None:
        self._subject = subject
        self._api = api
        self._screen = screen
        self._problems: list[str] = []
        self._explorer = Explorer(
            screen,
            api,
            time.monotonic() + LIMIT_S * min(screen.patience, 2),
            self._problems,
        )

    async def run(self, plain: list[str], found: list[Route]) -> None:
        normal = await empty_pages(self._screen, plain, self._problems)
        screens = partial(_screen, self._subject, self._screen.patience, is_refused=True)
        refused = spawn(  # waits most of the time
            refused_pages(screens, normal),
            name="refused pages",
            expected=(BrowserFailed, playwright_error()),
        )
        try:
            await self._walk(plain, found)
            self._problems += await refused
        finally:
            refused.cancel()
            await asyncio.wait([refused])

    async def _walk(self, plain: list[str], found: list[Route]) -> None:
        records = await self._make_records()
        single = [a for a, _ in addresses_of(found, records, self._api.description)[0]]
        for path in (*plain, *(one for one in single if one not in plain)):
            await self._explorer.explore(path)
        await self._follow_links(plain)
        await self._use_lists(plain)
        await self._use_rows(plain)
        if self._subject.environment.people and plain:
            left = await try_leaving(self._screen, plain[0])
            self._problems += [left] if left else []

    async def _use_lists(self, plain: list[str]) -> None:
        """One kind of record after the other, on every page that shows it."""
        for resource in self._api.description.resources[:MAX_KINDS]:
            if resource.create is None or time.monotonic() > self._explorer.deadline:
                continue
            await self._subject.environment.reset()
            marks = await make_many(self._api, resource)
            trial = ListTrial(self._screen, self._problems, marks)
            if len(marks) > 1:
                for path in pages_of(plain, resource.name):
                    await trial.use(path)
        self._screen.complaints()

    async def _use_rows(self, plain: list[str]) -> None:
        """A few records of each kind, with what can be added to them: the buttons of their rows, and pages
        that lead to a record that was deleted."""
        if time.monotonic() > self._explorer.deadline:
            return
        await self._subject.environment.reset()
        kinds = [one for one in self._api.description.resources if one.create][:MAX_KINDS]
        made = {one.name: await make_rows(self._api, one) for one in kinds}
        rows = {mark: ids for one in made.values() for mark, ids in one.items()}
        for path in plain:
            if time.monotonic() < self._explorer.deadline:
                await RowTrial(self._screen, self._problems, rows).use(path)
        for one in kinds:
            for path, link in await dead_links(self._screen, self._api, one, made[one.name], plain):
                await self._follow(link, path, f", once this record of {one.name} was deleted")

    def verdict(self) -> Verdict:
        problems = list(dict.fromkeys(self._problems))
        if problems:
            return failed("\n".join(problems))
        done = self._explorer.done
        told = [f"{done.count(what)} records {what}" for what in ("added", "changed", "deleted")]
        untried = self._explorer.untried
        return passed(
            ", ".join(told) + (f"; no time was left for {', '.join(untried)}" if untried else "")
        )

    async def _make_records(self) -> dict[str, dict[str, Any]]:
        """One of each kind, so that forms have something to refer to."""
        temporary = TemporaryRecords(self._api, may_stay=True)
        made: dict[str, dict[str, Any]] = {}
        for resource in self._api.description.resources:
            if resource.create is None:
                continue
            try:
                made[resource.name] = (await temporary.make(resource))[1]
            except (ApiFault, LoginWanted):  # the API check tells what is wrong there
                continue
        return made

    async def _follow_links(self, plain: list[str]) -> None:
        """Links lead to pages that exist."""
        for link, path in list(self._explorer.links.items())[:MAX_LINKS]:
            if link.partition("?")[0] in plain:
                continue
            await self._follow(link, path)

    async def _follow(self, link: str, path: str, when: str = "") -> None:
        cookie = self._subject.environment.cookie
        headers = {"cookie": cookie} if cookie else {}
        answer = await self._subject.sandbox.request(
            self._subject.app.frontend_port, "GET", link, headers=headers, timeout_s=20
        )
        if answer.status >= 400:
            self._problems.append(
                f"{path}: the link to {link} leads to HTTP {answer.status}{when}. Make the page or "
                "change the link."
            )
