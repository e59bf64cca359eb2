"""What pages do when the database is empty and when the API does not answer."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager

from stackwright.verify.browser import BrowserFailed
from stackwright.verify.playwright import playwright_error
from stackwright.verify.use.screen import Screen, within

NewScreen = Callable[[], AbstractAsyncContextManager[Screen]]
"""Opens a window of its own, which closes with the block."""
AT_ONCE = 4
TOLD_LIMIT_S = 9.0
"""Some libraries ask three times, in growing distances, before they give up."""
_WAITING = re.compile(
    r"^(loading|please wait|lädt|laden|chargement|cargando)\b|^[.…]+$", re.IGNORECASE
)
CRASHED = ("Application error", "Unhandled Runtime Error", "Internal Server Error")


async def empty_pages(
    screen: Screen, paths: Sequence[str], problems: list[str]
) -> dict[str, list[str]]:
    """The lines that each page shows without any record."""
    shown: dict[str, list[str]] = {}
    for path in paths:
        is_loaded = await screen.open(path)
        lines = await screen.lines() if is_loaded else []
        found = list(screen.complaints())
        if is_loaded and not lines:
            found.append("the page shows nothing")
        found += [f"the page says “{line}”" for line in lines if line.startswith(CRASHED)]
        problems += [f"{path} (with an empty database): {one}" for one in found]
        shown[path] = lines
    return shown


async def refused_pages(new_screen: NewScreen, normal: Mapping[str, Sequence[str]]) -> list[str]:
    """Every page that asks the API tells when it is refused; the problems of those that do not. `normal`
    are the lines they show else.

    Pages ask again for seconds before they give up: several wait beside each other."""
    room = asyncio.Semaphore(AT_ONCE)

    async def look(path: str, known: Sequence[str]) -> list[str] | Exception:
        async with room:
            try:
                async with new_screen() as screen:
                    return await _refused_page(screen, path, known)
            except (BrowserFailed, playwright_error()) as error:
                return error  # a task group would hide what it is

    async with asyncio.TaskGroup() as group:
        looks = [group.create_task(look(path, known)) for path, known in normal.items()]
    problems: list[str] = []
    for looked in [one.result() for one in looks]:
        if isinstance(looked, Exception):
            raise looked
        problems += looked
    return problems


async def _refused_page(screen: Screen, path: str, known: Sequence[str]) -> list[str]:
    refused: list[str] = []

    def note(response: object) -> None:
        url, status = getattr(response, "url", ""), getattr(response, "status", 0)
        if "/api/" in url and status >= 500:
            refused.append(url)

    screen.page.on("response", note)
    is_loaded = await screen.open(path)
    problems: list[str] = []
    if is_loaded and refused and not await _tells(screen, known):
        problems.append(
            f"{path}: when the API answers HTTP 503 to {_path_of(refused[0])}, the page does not "
            "say so; it shows what it shows without records. Show a message with a way to try "
            "again."
        )
    uncaught = [one for one in screen.complaints() if one.startswith("uncaught error")]
    return problems + [f"{path} (when the API answers HTTP 503): {one}" for one in uncaught]


async def _tells(screen: Screen, known: Sequence[str]) -> bool:
    async def tells() -> bool:
        lines = await screen.lines()
        return any(line not in known and not _WAITING.match(line) for line in lines)

    return await within(tells, TOLD_LIMIT_S * screen.patience)


def _path_of(url: str) -> str:
    return re.sub(r"^https?://[^/]+", "", url).partition("?")[0]
