"""Whoever signs out is signed out, also when the page is loaded anew."""

from __future__ import annotations

import re

from stackwright.verify.use.elements import Control
from stackwright.verify.use.screen import Screen

LEAVES = re.compile(
    r"\W*(?:log ?-?out|sign ?-?out|log ?-?off|abmelden|(?:se )?déconnexion|cerrar sesión)\b",
    re.IGNORECASE,
)
"""After what is called so nobody is logged in any more."""


async def try_leaving(screen: Screen, path: str) -> str:
    """What is wrong, "" for nothing. What asks before it signs out is left alone."""
    way = await _way_out(screen, path)
    if way is None:
        return ""
    await screen.press(way.id)
    await screen.has_effect()
    if await screen.asks_first(0.5):
        return ""
    await screen.watch.settle()
    is_still_offered = await _way_out(screen, path) is not None
    screen.complaints()  # what the page asked for may be refused by now
    if not is_still_offered:
        return ""
    return (
        f"{path}: “{way.name}” was pressed, and once the page is loaded anew the person is still signed in. "
        "End the session at the server, too."
    )


async def _way_out(screen: Screen, path: str) -> Control | None:
    if not await screen.open(path):
        return None
    found = [*await screen.buttons(), *await screen.text_links()]
    return next((one for one in found if LEAVES.match(one.name)), None)
