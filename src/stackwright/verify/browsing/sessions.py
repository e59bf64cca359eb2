"""The windows of one run's `browser` tool, by name, in the Chromium of the sandbox."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stackwright.core.text import well_formed
from stackwright.tools.base import BrowserSessions, Illustrated, Picture, ToolFailed
from stackwright.tools.browser_actions import BrowserAction
from stackwright.verify.browser import Browser, BrowserFailed
from stackwright.verify.browsing.session import Session, SessionLost
from stackwright.verify.check import KeepScreenshot
from stackwright.verify.environment import PREVIEW
from stackwright.verify.visit import HEIGHT, WIDTH

MAX_SESSIONS = 4
NO_SESSION = (
    "There is no session {name!r}: sessions end when the run is interrupted, when the sandbox is replaced "
    "and when their page hangs. Begin with `open`; cookies are gone, so log in again."
)


@dataclass(frozen=True, slots=True)
class _Open:
    session: Session
    window: AsyncExitStack


class Sessions:
    """Implements the `BrowserSessions` port. `aclose` ends all of them."""

    def __init__(
        self, browser: Browser, keep: KeepScreenshot, origin: str = PREVIEW.origin
    ) -> None:
        self._browser = browser
        self._keep_screenshot = keep
        self._origin = origin
        self._open: dict[str, _Open] = {}
        self._opening = asyncio.Lock()

    async def act(
        self,
        session: str,
        actions: Sequence[BrowserAction],
        *,
        uploads: Mapping[str, bytes],
        accepts_dialogs: bool,
    ) -> Illustrated:
        one = await self._session(session, actions)
        try:
            told = await one.act(actions, uploads=uploads, accepts_dialogs=accepts_dialogs)
        except SessionLost as lost:
            await self._end(session)
            raise ToolFailed(
                well_formed(f"{lost}\nSession {session!r} was closed; begin anew with `open`.")
            ) from lost
        except ToolFailed as error:
            raise ToolFailed(well_formed(str(error)), error.pictures) from error
        return Illustrated(well_formed(told.text), told.pictures)

    async def aclose(self) -> None:
        for name in list(self._open):
            await self._end(name)

    async def _session(self, name: str, actions: Sequence[BrowserAction]) -> Session:
        async with self._opening:
            known = self._open.get(name)
            if known is not None and known.session.is_alive:
                return known.session
            if known is not None:
                await self._end(name)
            if actions[0].do != "open":
                raise ToolFailed(NO_SESSION.format(name=name))
            if len(self._open) >= MAX_SESSIONS:
                names = ", ".join(sorted(self._open))
                raise ToolFailed(f"There are {MAX_SESSIONS} sessions already: {names}. Use one.")
            return await self._new(name)

    async def _new(self, name: str) -> Session:
        window = AsyncExitStack()
        size = {"width": WIDTH, "height": HEIGHT}
        try:
            page = await window.enter_async_context(
                self._browser.page(viewport=size, accept_downloads=False)
            )
        except BrowserFailed as error:
            raise ToolFailed(str(error)) from error
        session = Session(page.context, page, self._origin, self._keep)
        self._open[name] = _Open(session, window)
        return session

    async def _end(self, name: str) -> None:
        await self._open.pop(name).window.aclose()

    async def _keep(self, jpeg: bytes, address: str, width: int, height: int) -> Picture:
        kept = await self._keep_screenshot(jpeg, address[:500], width, height)
        return Picture(kept.sha256, "image/jpeg", width, height)


if TYPE_CHECKING:

    def _proof(sessions: Sessions) -> BrowserSessions:
        return sessions
