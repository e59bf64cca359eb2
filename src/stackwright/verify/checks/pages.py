"""Every route loads in a real browser, comes alive, shows something and complains about nothing."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from stackwright.core.events import Screenshot
from stackwright.verify.browser import BrowserFailed
from stackwright.verify.check import FRONTEND, Subject, Verdict, failed, shortened
from stackwright.verify.openapi import ApiDescription
from stackwright.verify.playwright import playwright_error
from stackwright.verify.records import ApiFault, id_of, read_api
from stackwright.verify.routes import Route, filled, routes
from stackwright.verify.visit import visit

MANY = 6
"""From so many pages on, a second browser page pays for itself."""
MAX_AS_OTHERS = 6
_ASKED = "request failed"
_UNPARSED = ("Invalid or unexpected token", "Unexpected end of input")
"""What Chromium says of a script that was cut off."""
LIST_FILES = (
    "find pages app src/pages src/app -type f "
    r"\( -name '*.tsx' -o -name '*.jsx' -o -name '*.ts' -o -name '*.js' \) 2>/dev/null"
)


@dataclass(frozen=True, slots=True)
class _Looked:
    route: str
    problems: tuple[str, ...]
    screenshot: Screenshot | None


async def pages_load(subject: Subject) -> Verdict:
    """Pages of a single record are opened with a real one: existing, or made for the moment."""
    listed = await subject.run(LIST_FILES, cwd=FRONTEND, timeout_s=10)
    found = routes(listed.stdout.splitlines())
    if not found:
        return failed("The frontend has no pages.")
    try:
        async with AsyncExitStack() as stack:
            records, description = await _records(subject, stack)
            addresses, unopened = addresses_of(found, records, description)
            looked = await _look_at_all(subject, addresses)
            looked += await _look_as_others(subject, found)
    except (ApiFault, BrowserFailed) as error:
        return failed(str(error))
    return _verdict(looked, unopened)


async def look_at(subject: Subject, url: str, route: str) -> _Looked:
    """Visit one address of the app and keep its picture under the name of its route.

    A script that does not parse is asked for again: now and then the development server hands out one
    that it is still writing. What is wrong in the app itself is as wrong the second time."""
    visit = await subject.browser.visit(url)
    if any(sign in problem for problem in visit.problems for sign in _UNPARSED):
        visit = await subject.browser.visit(url)
    screenshot = None
    if visit.png is not None:
        screenshot = await subject.keep(visit.png, route, visit.width, visit.height)
    return _Looked(route, visit.problems, screenshot)


async def _records(
    subject: Subject, stack: AsyncExitStack
) -> tuple[Mapping[str, dict[str, Any]], ApiDescription]:
    api = await read_api(subject.sandbox, subject.app.backend_port, subject.environment.cookie)
    return await stack.enter_async_context(subject.records.borrowed(api)), api.description


async def _look_at_all(subject: Subject, addresses: list[tuple[str, str]]) -> list[_Looked]:
    room = asyncio.Semaphore(2 if len(addresses) > MANY else 1)

    async def look(path: str, route: str) -> _Looked:
        async with room:
            return await look_at(subject, subject.app.origin + path, route)

    return await asyncio.gather(*(look(path, route) for path, route in addresses))


async def _look_as_others(subject: Subject, found: list[Route]) -> list[_Looked]:
    """Where people log in: the pages without a record as the one who may do least, and as a stranger.

    What is refused to them is no fault of a page that bears it."""
    people = subject.environment.people
    least = [(one.name, one.state) for one in people[:-1][:1]]
    others = [*least, ("a stranger", None)] if people else []
    plain = [route.pattern for route in found if not route.parameters][:MAX_AS_OTHERS]
    looked: list[_Looked] = []
    try:
        for name, state in others:
            async with subject.browser.page(storage_state=state) as page:
                for path in plain:
                    seen = await visit(page, subject.app.origin + path)
                    problems = tuple(one for one in seen.problems if not one.startswith(_ASKED))
                    looked.append(_Looked(f"{path} (as {name})", problems, None))
    except playwright_error() as error:
        raise BrowserFailed(f"The browser failed: {error.message[:1000]}") from error
    return looked


def addresses_of(
    found: list[Route], records: Mapping[str, dict[str, Any]], description: ApiDescription
) -> tuple[list[tuple[str, str]], list[str]]:
    """(path, route) of what can be opened, and the routes for which there is no record."""
    addresses: list[tuple[str, str]] = []
    unopened: list[str] = []
    for route in found:
        values: dict[str, str] = {}
        for name, before in route.parameters:
            resource = description.find_resource(before) or description.find_resource(name)
            record = records.get(resource.name) if resource is not None else None
            value = record and (record.get(name) or id_of(record))
            if value:
                values[name] = str(value)
        if len(values) == len(route.parameters):
            addresses.append((filled(route, values), route.pattern))
        else:
            unopened.append(route.pattern)
    return addresses, unopened


def _verdict(looked: list[_Looked], unopened: list[str]) -> Verdict:
    screenshots = tuple(one.screenshot for one in looked if one.screenshot is not None)
    bad = [one for one in looked if one.problems]
    if bad:
        lines = [f"{one.route}: {problem}" for one in bad for problem in one.problems]
        return Verdict(ok=False, detail=shortened("\n".join(lines)), screenshots=screenshots)
    detail = f"{len(looked)} pages"
    if unopened:
        detail += f"; not opened, because no record fits: {', '.join(unopened)}"
    return Verdict(ok=True, detail=detail, screenshots=screenshots)
