"""The end of a record in the hands of a person: what deletes is pressed, the question is answered, the record
is gone, and one stands before a page that is there."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import urlsplit

from stackwright.verify.records import id_of
from stackwright.verify.use.control_words import DELETE
from stackwright.verify.use.elements import Control, Write
from stackwright.verify.use.journey import Journey
from stackwright.verify.use.screen import ANSWER_LIMIT_S, Screen
from stackwright.verify.use.sent import told

COSTLY, COSTLY_WITH_OTHERS = 3, 2
"""Fields of a record that nobody wants to type again; a note of one line may go at once. Where other records
belong to it, they may be lost with it."""
_UNDO = re.compile(
    r"\b(undo|restore|rückgängig|wiederherstellen|annuler|deshacer)\b", re.IGNORECASE
)
_AGREES = re.compile(r"(yes|ok|confirm|ja|oui|sí)\b", re.IGNORECASE)
_STATUS = "async () => (await fetch(location.href, {headers: {accept: 'text/html'}})).status"


async def delete_record(
    journey: Journey, reopen: Callable[[], Awaitable[bool]], made: Write
) -> None:
    """Where it is listed, or else on its own page. `made` is the request that made the record."""
    screen = journey.screen
    row = await screen.row_of(journey.mark) or []
    control = next((one for one in row if DELETE.search(one.name)), None)
    own_page = None
    if control is None and (control := await _on_its_own_page(journey, row)) is not None:
        own_page = urlsplit(screen.page.url).path
    if control is None or not await _is_deleted(journey, control):
        return
    journey.done.append("deleted")
    if own_page is None:
        journey.check_complaints("deleting")
    else:
        await _look_where_it_led(journey, own_page, id_of(made.answer) or own_page)
    if not await screen.loses(journey.mark):
        is_gone = await reopen() and await screen.row_of(journey.mark) is None
        what = "until the page is reloaded" if is_gone else "also after a reload"
        journey.add(f"“{control.name}” was pressed; the record is still shown, {what}.")


async def _is_deleted(journey: Journey, control: Control) -> bool:
    """Whether the server took it, once it was pressed and the question answered."""
    screen, name = journey.screen, control.name
    await screen.press(control.id)
    write = None if await screen.asks_first(0.5) else await screen.write(0.5)
    if write is None and screen.has_asked:  # the browser asked, and the answer was yes
        write = await screen.write(ANSWER_LIMIT_S)
    elif write is None:
        confirm = await _confirmation(journey, control)
        if confirm is None:
            if not await screen.has_effect():
                journey.add(f"“{name}” does nothing when it is pressed.")
            return False
        await screen.press(confirm.id)
        write = await screen.write(4.0)
    elif _is_costly(journey) and not screen.has_asked and not await _can_be_undone(screen):
        journey.add(
            f"“{name}” deletes at once. Ask before, or offer to undo it: a slip of the hand must not cost "
            "a record."
        )
    if write is None:
        journey.add(f"“{name}” was pressed and confirmed, and no request was made.")
    elif write.status >= 400 or write.status == 0:
        journey.add(f"“{name}” was pressed; {told(write)}.")
    return write is not None and 0 < write.status < 400


def _is_costly(journey: Journey) -> bool:
    return journey.filled >= (COSTLY_WITH_OTHERS if journey.is_referred_to else COSTLY)


async def _can_be_undone(screen: Screen) -> bool:
    return _UNDO.search(await screen.texts()) is not None


async def _on_its_own_page(journey: Journey, row: Sequence[Control]) -> Control | None:
    """What deletes on the page that the record's name leads to; of several, nobody knows which."""
    link = next((one for one in row if one.is_link and one.is_text), None)
    if link is None:
        return None
    await journey.screen.press(link.id)
    await journey.screen.has_effect()
    await journey.screen.watch.settle()
    journey.screen.complaints()  # opening it was tried before
    if urlsplit(journey.screen.page.url).path == journey.path:
        return None
    found = [one for one in await journey.screen.buttons() if DELETE.search(one.name)]
    return found[0] if len(found) == 1 else None


async def _look_where_it_led(journey: Journey, own_page: str, record: str) -> None:
    """The page of the record may ask for it once more while it is left."""
    screen = journey.screen
    await screen.watch.settle()
    journey.problems += [
        f"{journey.path}: deleting: {one}" for one in screen.complaints() if record not in one
    ]
    place = urlsplit(screen.page.url).path
    if place != own_page and (status := await screen.ask(_STATUS)) >= 400:
        journey.add(f"deleting a record leads to {place}, which answers HTTP {status}.")
        screen.complaints()


async def _confirmation(journey: Journey, control: Control) -> Control | None:
    """The button that answers the question with yes: the last of those that say it."""
    screen = journey.screen
    await screen.has_effect()
    known = await screen.page.evaluate(
        "id => [...document.querySelectorAll('[role=dialog] button, [role=alertdialog] button, dialog button')]"
        ".map(one => one.innerText.trim())",
        control.id,
    )
    agreeing = [
        one
        for one in await screen.buttons()
        if one.id != control.id
        and (not known or one.name in known)
        and (DELETE.search(one.name) or _AGREES.match(one.name))
    ]
    return agreeing[-1] if agreeing and (known or len(agreeing) == 1) else None
