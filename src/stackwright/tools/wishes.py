"""The wishes of a message: the agent reads them out of it, and every word of it is accounted for."""

import asyncio
from collections.abc import Sequence

from pydantic import Field

from stackwright.core.message_words import (
    asks_for_text,
    left_over,
    nearest,
    sentences,
    unsaid,
)
from stackwright.core.quotes import find_quote
from stackwright.core.wishes import MAX_TEXT_CHARS, MAX_WISHES, Wish, WishKind, WishList
from stackwright.tools.base import Arguments, Tool, ToolContext, ToolFailed

MAX_QUOTES = 6
MAX_TOLD = 40


class WishLine(Arguments):
    text: str = Field(
        min_length=1,
        max_length=MAX_TEXT_CHARS,
        description="What will be seen in the app, in the person's language and with their words.",
    )
    kind: WishKind = Field(
        description="behaviour: something happens; rule: something is refused; data: something is "
        "kept; look: it looks so; words: a text is shown."
    )
    quotes: list[str] = Field(
        min_length=1,
        max_length=MAX_QUOTES,
        description="The parts of the message that say it: whole phrases, copied exactly.",
    )
    not_built: str = Field(
        default="", max_length=MAX_TEXT_CHARS, description="Only if it will not be built: why not."
    )
    id: str | None = Field(
        default=None,
        pattern=r"^w[1-9]\d{0,4}$",
        description="w1, w2, … Default: the next free one, in order.",
    )


class SetWishes(Arguments):
    wishes: list[WishLine] = Field(
        min_length=1, max_length=MAX_WISHES, description="All wishes of this message, in order."
    )


class ChangeWish(Arguments):
    id: str = Field(pattern=r"^w[1-9]\d{0,4}$", description="A wish of an earlier message.")
    reason: str = Field(min_length=1, max_length=MAX_TEXT_CHARS, description="Why it changes.")
    quotes: list[str] = Field(
        default_factory=list[str],
        max_length=MAX_QUOTES,
        description="The parts of this message that ask for it, copied exactly. Without any, the run "
        "is not verified until the person agrees.",
    )
    text: str = Field(
        default="",
        max_length=MAX_TEXT_CHARS,
        description="What will be seen from now on. Empty: the wish is given up.",
    )


async def set_wishes(arguments: SetWishes, context: ToolContext) -> str:
    messages = await context.messages()
    known = await context.wishes.read()
    earlier = [wish for wish in known.wishes if wish.run_id != context.run_id]
    mine = [wish for wish in known.wishes if wish.run_id == context.run_id]
    wishes = await asyncio.to_thread(_made, arguments.wishes, messages, known, context.run_id)
    made = {wish.id for wish in wishes}
    # What change_wish took over from an earlier message is not for this tool to drop.
    taken_over = [wish for wish in mine if wish.is_taken_over and wish.id not in made]
    left = await asyncio.to_thread(unaccounted, messages, [*wishes, *taken_over])
    is_told = set(left) <= set(known.not_understood)
    await context.wishes.set([*taken_over, *wishes], left)
    return _told(wishes, earlier, left, await context.wishes.read(), is_told=is_told)


async def change_wish(arguments: ChangeWish, context: ToolContext) -> str:
    known = await context.wishes.read()
    wish = next((one for one in known.wishes if one.id == arguments.id), None)
    if wish is None:
        raise ToolFailed(f"There is no wish {arguments.id}. {_listed(known.wishes)}")
    if wish.run_id == context.run_id and not wish.is_taken_over:
        raise ToolFailed(f"{wish.id} is of this message: correct it with set_wishes.")
    messages = await context.messages()
    quotes = await asyncio.to_thread(_quoted, arguments.quotes, messages)
    is_given_up = not arguments.text
    update = {
        "text": arguments.text or wish.text,
        "state": "not_built" if is_given_up else "open",
        "reason": arguments.reason,
        "is_expectation_changed": not quotes,
        "is_taken_over": bool(quotes),
    }
    if quotes:
        # It is this message's wish now: what was said before is not wanted any more.
        update |= {"quotes": quotes, "run_id": context.run_id, "is_pinned": False, "broken_by": ""}
    await context.wishes.change(wish.model_copy(update=update))
    if not quotes:
        return f"{wish.id} is changed. The person is asked whether they agree; until then the run is not verified."
    return f"{wish.id} is changed, as the message asks. Give it a witness that tries what is expected now."


def unaccounted(messages: Sequence[str], wishes: Sequence[Wish]) -> tuple[str, ...]:
    """What a run's messages say beyond its wishes, and what its wishes quote without saying it. Wishes
    that quote the same words may share what these say."""
    said: dict[str, list[str]] = {}
    for wish in wishes:
        for quote in wish.quotes:
            said.setdefault(quote, []).append(wish.text)
    left = left_over(messages, list(said))
    silent = (part for quote, texts in said.items() for part in unsaid(" ".join(texts), [quote]))
    return tuple(dict.fromkeys((*left, *silent)))


def _made(
    lines: Sequence[WishLine], messages: Sequence[str], known: WishList, run_id: str
) -> list[Wish]:
    """The wishes that the lines say, numbered. One that was there before stays as it was proven, and one
    that was only reworded keeps its number, so that its witness still names it."""
    before = {wish.id: wish for wish in known.wishes}
    mine = [wish for wish in known.wishes if wish.run_id == run_id]
    by_text = {wish.text: wish.id for wish in mine}
    by_quotes = {wish.quotes: wish.id for wish in mine}
    taken = set(before) | {line.id for line in lines if line.id}
    number = known.next_number
    made: dict[str, Wish] = {}
    for line in lines:
        same_quotes = by_quotes.get(_quoted(line.quotes, messages))
        wish_id = line.id or by_text.get(line.text) or same_quotes
        while wish_id is None or wish_id in made:
            wish_id, number = f"w{number}", number + 1
            wish_id = None if wish_id in taken else wish_id
        former = before.get(wish_id)
        _check_free(wish_id, former, known, run_id)
        made[wish_id] = _wish(wish_id, line, messages, former, run_id)
    return list(made.values())


def _check_free(wish_id: str, former: Wish | None, known: WishList, run_id: str) -> None:
    free = f"the next free one is w{known.next_number}"
    if former is not None and former.run_id != run_id:
        raise ToolFailed(
            f"{wish_id} is a wish of an earlier message ({former.text!r}): change_wish changes it; {free}."
        )
    number = int(wish_id[1:])
    if former is None and not known.next_number <= number < known.next_number + MAX_WISHES:
        raise ToolFailed(f"{wish_id} is not free; {free}.")


def _wish(
    wish_id: str,
    line: WishLine,
    messages: Sequence[str],
    former: Wish | None,
    run_id: str,
) -> Wish:
    quotes = _quoted(line.quotes, messages)
    if line.kind == "words" and not any(asks_for_text(messages, quote) for quote in quotes):
        raise ToolFailed(
            f"{quotes[0]!r} asks for more than a text on a page: is it behaviour, rule, data or look?"
        )
    wish = Wish(
        id=wish_id,
        text=line.text,
        kind=line.kind,
        quotes=quotes,
        state="not_built" if line.not_built else "open",
        reason=line.not_built,
        run_id=run_id,
    )
    is_same = former is not None and (former.text, former.kind) == (wish.text, wish.kind)
    if former is None or not is_same or "not_built" in (wish.state, former.state):
        return wish
    return former.model_copy(update={"quotes": wish.quotes})


def _quoted(quotes: Sequence[str], messages: Sequence[str]) -> tuple[str, ...]:
    """The quotes as the messages have them."""
    found: list[str] = []
    for quote in quotes:
        exact = find_quote(messages, quote)
        if exact is None:
            like = nearest(messages, quote)
            near = f" The nearest text is {like!r}." if like else ""
            raise ToolFailed(f"The message does not say {quote[:200]!r}.{near} Copy it exactly.")
        if len(sentences(exact)) > 1:
            raise ToolFailed(f"One wish at a time: {exact[:200]!r} is more than one sentence.")
        found.append(exact)
    return tuple(dict.fromkeys(found))


def _told(
    wishes: Sequence[Wish],
    earlier: Sequence[Wish],
    left: Sequence[str],
    known: WishList,
    *,
    is_told: bool,
) -> str:
    lines = [f"{wish.id} ({wish.kind}) {wish.text}" for wish in wishes]
    parts = ["The wishes of this message:", *lines]
    parts.append(f"The next new wish is w{known.next_number}.")
    if open_before := [wish for wish in earlier if wish.state in ("open", "failing")]:
        parts.append(f"Not proven yet from before: {_listed(open_before)}")
    if left:
        words = "; ".join(f"“{part}”" for part in left)
        parts.append(
            f"Told to the person as not understood: {words}."
            if is_told
            else f"These words are in no wish: {words}. Call set_wishes again with a wish for each that quotes "
            "it and says it in its text, also for what will not be built; else the person reads that they "
            "were not understood."
        )
    return "\n".join(parts)


def _listed(wishes: Sequence[Wish]) -> str:
    listed = "; ".join(f"{wish.id} {wish.text}" for wish in wishes[:MAX_TOLD])
    return listed or "There are no wishes yet; set_wishes makes them."


TOOLS = (
    Tool(
        "set_wishes",
        "Say what the message asks for, wish by wish, before the first change. Each is proven by a "
        "witness later. Together the quotes cover all that the message asks. Called again, it "
        "replaces the wishes of this message.",
        SetWishes,
        set_wishes,
        "repeatable",
        lambda _: frozenset({"*"}),
        needs_sandbox=False,
    ),
    Tool(
        "change_wish",
        "Change or give up a wish of an earlier message, with the part of this message that asks for it.",
        ChangeWish,
        change_wish,
        "repeatable",
        lambda _: frozenset({"*"}),
        needs_sandbox=False,
    ),
)
