"""Lists on pages: the search box searches, the next page is another one, what sorts and filters asks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from stackwright.verify.openapi import Resource, singular
from stackwright.verify.playwright import playwright_error
from stackwright.verify.records import ApiFault, AppApi, LoginWanted, TemporaryRecords, as_object
from stackwright.verify.use.elements import Control
from stackwright.verify.use.screen import Screen
from stackwright.verify.use.values import Field

NUMBER = 26
"""More than one page of the usual lengths."""
HALVES = ("kw", "vx")
"""Every second record has one of them in its name."""
MAX_PAGES = 4
MAX_FIELDS = 7
_SEARCH = re.compile(
    r"search|find|filter|look for|suche|such|recherche|buscar|\bq\b", re.IGNORECASE
)
_NEXT = re.compile(
    r"^(next|older|more|load more|show more|weiter|suivant|siguiente)\b|^[\u203a\u00bb\u2192>]$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class ListTrial:
    """Pages that show many records of one kind. `marks` are texts of which each is in one record."""

    screen: Screen
    problems: list[str]
    marks: Sequence[str]

    async def use(self, path: str) -> None:
        """Nothing is said of a page that shows none of the records."""
        if not await self.screen.open(path):
            return
        first = await self._shown()
        if len(first) < 2:
            return
        await self._try_search(path, first)
        await self._try_next_of_search(path)
        if len(first) < len(self.marks):
            await self._try_next(path, first)
        await self._try_selects(path)
        self._told_of(path)

    def _told_of(self, path: str) -> None:
        """A script that fails while a list is used is the app's fault."""
        self.problems += [
            f"{path} (with {len(self.marks)} records): {complaint}"
            for complaint in self.screen.complaints()
            if complaint.startswith("uncaught error")
        ]

    async def _shown(self) -> list[str]:
        text = await self.screen.texts()
        return [mark for mark in self.marks if mark in text]

    async def _try_search(self, path: str, first: list[str]) -> None:
        box = next((one for one in await self._fields() if _is_search(one)), None)
        if box is None:
            return
        wanted = first[-1]
        await self._search(box, wanted)

        async def is_narrowed() -> bool:
            return await self._shown() == [wanted]

        if not await self.screen.until(is_narrowed):
            shown = await self._shown()
            what = "nothing" if not shown else f"{len(shown)} records instead of one"
            self.problems.append(
                f"{path}: searching for {wanted!r} in “{box.label or box.name}” shows {what}."
            )
        await self.screen.open(path)

    async def _search(self, box: Field, wanted: str) -> None:
        await self.screen.remember()
        await self.screen.fill(box, wanted)
        if not await self.screen.asks():
            await self.screen.page.keyboard.press("Enter")
            await self.screen.asks()
        await self.screen.watch.settle()

    async def _try_next_of_search(self, path: str) -> None:
        """The second page of what was searched holds nothing else."""
        box = next((one for one in await self._fields() if _is_search(one)), None)
        if box is None:
            return
        half = HALVES[0]
        await self._search(box, half)

        async def is_narrowed() -> bool:
            shown = await self._shown()
            return bool(shown) and all(half in mark for mark in shown)

        if await self.screen.until(is_narrowed) and (button := await self._next()) is not None:
            first = await self._shown()
            await self.screen.press(button.id)

            async def is_another() -> bool:
                return await self._shown() not in ([], first)

            await self.screen.until(is_another)
            if others := [mark for mark in await self._shown() if half not in mark]:
                self.problems.append(
                    f"{path}: “{button.name}” forgets that {half!r} was searched: it shows {others[0]!r}."
                )
        await self.screen.open(path)

    async def _try_next(self, path: str, first: list[str]) -> None:
        async def is_there() -> bool:
            return await self._next() is not None

        # while the list is read again, its buttons are off
        button = await self._next() if await self.screen.until(is_there) else None
        if button is None:
            self.problems.append(
                f"{path}: {len(first)} of {len(self.marks)} records are shown, and there is no way to "
                "the others. Add paging."
            )
            return
        await self.screen.press(button.id)

        async def is_another() -> bool:
            return any(mark not in first for mark in await self._shown())

        if not await self.screen.until(is_another):
            self.problems.append(
                f"{path}: “{button.name}” shows no other records than the first page."
            )
        else:
            await self._try_rest(path, first)
        await self.screen.open(path)

    async def _try_rest(self, path: str, first: list[str]) -> None:
        """From the second page on: each record is on one of the pages."""
        seen = {*first, *await self._shown()}

        async def is_there() -> bool:
            return await self._next() is not None

        for _ in range(MAX_PAGES):
            left = [mark for mark in self.marks if mark not in seen]
            if not left:
                return
            button = await self._next() if await self.screen.until(is_there) else None
            if button is None:
                self.problems.append(
                    f"{path}: {len(left)} of {len(self.marks)} records are on no page, such as {left[0]!r}."
                )
                return
            before = await self._shown()
            await self.screen.press(button.id)

            async def is_another(before: list[str] = before) -> bool:
                return await self._shown() not in ([], before)

            if not await self.screen.until(is_another):
                return
            seen.update(await self._shown())

    async def _next(self) -> Control | None:
        found = [*await self.screen.buttons(), *await self.screen.text_links()]
        return next((one for one in found if _NEXT.search(one.name)), None)

    async def _try_selects(self, path: str) -> None:
        """Choosing something asks the server or changes what is shown."""
        for number in range(MAX_FIELDS):
            fields = await self._fields()  # anew, since the page may have been loaded anew
            if number >= len(fields):
                return
            select = fields[number]
            others = [one for one in select.options if one not in ("", select.value)]
            if select.kind != "select" or not others:
                continue
            await self.screen.remember()
            before = await self.screen.lines()
            try:
                await self.screen.fill(select, others[0])
            except playwright_error():  # the page broke at the choice before
                self._told_of(path)
                return
            if await self.screen.asks():
                await self.screen.watch.settle()
                await self._try_address(path, select, others[0])
                continue

            async def is_other(before: list[str] = before) -> bool:
                return await self.screen.lines() != before

            if not await self.screen.until(is_other):
                self.problems.append(
                    f"{path}: choosing {others[0]!r} in “{select.label or select.name}” changes nothing."
                )

    async def _try_address(self, path: str, field: Field, chosen: str) -> None:
        """Where the address keeps what was chosen, the page that is loaded from it shows it."""
        address = self.screen.address()
        kept = [value for _, value in parse_qsl(address.partition("?")[2])]
        if chosen not in kept or not await self.screen.open(address):
            return
        same = [one for one in await self._fields() if _is_called(one) == _is_called(field)]
        if same and same[0].value != chosen:
            self.problems.append(
                f"{address}: the address keeps {chosen!r}, but “{field.label or field.name}” shows "
                f"{same[0].value!r} once the page is loaded from it."
            )
        await self.screen.open(path)

    async def _fields(self) -> list[Field]:
        """Of the page itself: those of forms that make something are not for lists."""
        forms = await self.screen.forms()
        return [
            one
            for form in forms
            for one in form.fields
            if not form.is_form or any(map(_is_search, form.fields)) or form.submit is None
        ]


def _is_called(field: Field) -> tuple[str, str]:
    return field.kind, field.label or field.name


def _is_search(field: Field) -> bool:
    if field.kind not in ("search", "text"):
        return False
    return field.kind == "search" or bool(_SEARCH.search(f"{field.label} {field.name}"))


async def make_many(api: AppApi, resource: Resource) -> list[str]:
    """The words by which the new records are told apart, as far as they could be made."""
    marks: list[str] = []
    for number in range(NUMBER):
        mark = f"n{number:02}{HALVES[number % 2]}"
        try:
            sent, _ = await TemporaryRecords(api, may_stay=True, mark=mark).make(resource)
        except (ApiFault, LoginWanted):
            break
        if any(isinstance(v, str) and mark in v for v in (as_object(sent) or {}).values()):
            marks.append(mark)
    return marks


def pages_of(paths: Sequence[str], name: str) -> list[str]:
    """The pages that are likely to list what the API calls `name`. The first page does where no other one
    does; else it may show the newest few."""
    own = [path for path in paths if singular(_last(path)) == singular(name)]
    return own or [path for path in paths if path == "/"]


def _last(path: str) -> str:
    return path.strip("/").replace("-", "_").rpartition("/")[2]
