"""Buttons in the rows of a list: each befalls the record of its own row, and a refusal is told."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from stackwright.verify.meaning.nested import add_nested
from stackwright.verify.openapi import Resource
from stackwright.verify.playwright import playwright_error
from stackwright.verify.records import (
    ApiFault,
    AppApi,
    LoginWanted,
    TemporaryRecords,
    as_object,
    id_of,
)
from stackwright.verify.use.control_words import DELETE, EDIT
from stackwright.verify.use.dates import a_day_beside
from stackwright.verify.use.elements import Control, Write
from stackwright.verify.use.refused_writes import STATUS, Refusal, judge, news_in, refusing_writes
from stackwright.verify.use.screen import Screen
from stackwright.verify.use.sent import answered

ROWS = 3
MAX_BUTTONS = 3
"""Of one row."""

MIN_STEM_CHARS = 4
MIN_ID_CHARS = 8
"""Shorter ones stand in an address by chance."""


@dataclass(frozen=True, slots=True)
class Row:
    """The ids and the dates (ISO) of a record and of what was added to it."""

    ids: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()


Made = Mapping[str, Row]
"""By a text that no other record holds."""


async def make_rows(api: AppApi, resource: Resource) -> Made:
    """Records, each with whatever can be added to one."""
    made: dict[str, Row] = {}
    kind = secrets.token_hex(2)
    for number in range(ROWS):
        mark = f"r{kind}{number}w"
        temporary = TemporaryRecords(api, may_stay=True, mark=mark)
        try:
            record = (await temporary.make(resource))[1]
            record_id = id_of(record) or ""
            answers = [
                await add_nested(temporary, action, record_id)
                for action in resource.actions
                if action.method == "POST" and action.body is not None
            ]
        except (ApiFault, LoginWanted):
            break
        values = [record, *(as_object(one.value) or {} for one in answers)]
        ids = [id_of(one) or "" for one in values]
        made[mark] = Row(tuple(one for one in ids if len(one) >= MIN_ID_CHARS), _dates_in(values))
    return made


def _dates_in(values: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Those that have no neighbour among the others."""
    told = {
        value
        for one in values
        for value in one.values()
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value)
    }
    try:
        days = {date.fromisoformat(one) for one in told}
    except ValueError:
        return ()
    beside = {day + timedelta(days=step) for day in days for step in (-1, 1)}
    return tuple(day.isoformat() for day in sorted(days - beside))


@dataclass(slots=True)
class RowTrial:
    """`problems` are sentences about pages."""

    screen: Screen
    problems: list[str]
    made: Made

    async def use(self, path: str) -> None:
        """The last row that a page shows; a mistake with rows befalls the first one."""
        if await self.screen.open(path):
            await self._compare_dates(path)
        for number in range(MAX_BUTTONS):
            row = await self._row(path)
            if row is None or number >= len(row[1]):
                return
            mark, buttons = row
            try:
                await self._press(path, mark, number, buttons[number])
            except playwright_error():  # other checks tell what cannot be pressed
                continue

    async def _compare_dates(self, path: str) -> None:
        for mark, row in self.made.items():
            shown = await self.screen.row_text(mark) if row.dates else ""
            for day in row.dates:
                if beside := a_day_beside(day, shown):
                    self.problems.append(
                        f"{path}: the API tells {day} of {mark}, but its row shows {beside}: a date without "
                        "a time must not pass through a time zone."
                    )
                    return

    async def _row(self, path: str) -> tuple[str, list[Control]] | None:
        if not await self.screen.open(path):
            return None
        text = await self.screen.texts()
        shown = sorted((text.index(mark), mark) for mark in self.made if mark in text)
        self.screen.complaints()
        if len(shown) < 2:
            return None
        mark = shown[-1][1]
        controls = await self.screen.row_of(mark) or []
        return mark, [one for one in controls if not one.is_link and not _asks(one)]

    async def _press(self, path: str, mark: str, number: int, button: Control) -> None:
        refusal = await self._refused(mark, button)
        if refusal is None or (row := await self._row(path)) is None or number >= len(row[1]):
            return
        before = await self.screen.lines()
        await self.screen.press(row[1][number].id)
        write = await self.screen.write(1.5)
        await self.screen.watch.settle()
        self.screen.complaints()
        if write is None or not 200 <= write.status < 300:
            return
        if other := self._other(mark, write):
            self.problems.append(
                f"{path}: “{button.name}” in the row of {mark} sends {write.method} {write.url}, which is "
                f"about {other}. It must befall the record of its own row."
            )
        accepted = news_in(before, await self.screen.lines(), mark)
        if wrong := judge(refusal, f"“{button.name}”", accepted):
            self.problems.append(f"{path}: {wrong}")
        if lost := await self._lost(mark, button):
            self.problems.append(f"{path}: {lost}")

    async def _lost(self, mark: str, button: Control) -> str:
        """What left the list is found where the page has a place of that name, as what “Return” was pressed for
        under “Returned”; "" where it is, or where there is no such place."""

        async def is_gone() -> bool:
            return mark not in await self.screen.texts()

        stem = _stem(button.name)
        if len(stem) < MIN_STEM_CHARS or not await self.screen.until(is_gone):
            return ""
        found = [*await self.screen.text_links(), *await self.screen.buttons()]
        places = [
            one
            for one in found
            if _stem(one.name) == stem and _first_word(one.name) != _first_word(button.name)
        ]
        if not places:
            return ""
        await self.screen.press(places[0].id)

        async def is_there() -> bool:
            return mark in await self.screen.texts()

        if await self.screen.until(is_there):
            return ""
        return (
            f"“{button.name}” was pressed for {mark}, which left the list; “{places[0].name}” does not show it "
            "either."
        )

    async def _refused(self, mark: str, button: Control) -> Refusal | None:
        """How the page looks when the API refuses it; None for a button that sends nothing."""
        before, complained = await self.screen.lines(), await self.screen.number_of_complaints()
        async with refusing_writes(self.screen.page):
            await self.screen.press(button.id)
            write = await self.screen.write(1.0)
            if write is None or write.status != STATUS:
                return None

            async def says_something() -> bool:
                is_new = await self.screen.number_of_complaints() > complained
                return is_new or bool(news_in(before, await self.screen.lines(), mark))

            await self.screen.until(says_something)
            await self.screen.watch.settle()
            has_complained = await self.screen.number_of_complaints() > complained
            news = news_in(before, await self.screen.lines(), mark)
        self.screen.complaints()
        return Refusal(answered(write), news, has_complained, is_lost=False)

    def _other(self, mark: str, write: Write) -> str:
        """Whose ids were sent instead of those of the row; "" when they were sent, or none at all."""
        told_ids = f"{write.url} {write.sent}"
        if any(one in told_ids for one in self.made[mark].ids):
            return ""
        return next(
            (mark for mark, row in self.made.items() if any(one in told_ids for one in row.ids)), ""
        )


def _stem(name: str) -> str:
    """The same for “Return Drill” and “Returned”."""
    return re.sub(r"(?:e?d|e)$", "", _first_word(name))


def _first_word(name: str) -> str:
    return re.split(r"\W+", name.strip().casefold(), maxsplit=1)[0]


def _asks(control: Control) -> bool:
    return bool(EDIT.search(control.name) or DELETE.search(control.name))


async def dead_links(
    screen: Screen, api: AppApi, resource: Resource, made: Made, paths: Sequence[str]
) -> list[tuple[str, str]]:
    """A record to which something was added is deleted: (page, link) of each page that still leads there."""
    record_id = next((row.ids[0] for row in made.values() if len(row.ids) > 1), None)
    if record_id is None or not resource.can_delete:
        return []
    try:
        if not (await api.ask("DELETE", resource.item_path(record_id))).ok:
            return []
    except (ApiFault, LoginWanted):
        return []
    found: list[tuple[str, str]] = []
    for path in paths:
        if await screen.open(path):
            found += [(path, link) for link in await screen.links() if record_id in link]
        screen.complaints()
    return found
