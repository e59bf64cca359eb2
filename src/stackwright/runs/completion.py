"""Whether a run may end: the gate's word, never the model's.

A run that changed files has named what it was asked for; whether it changed any is seen in the files.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from stackwright.agent.cards import gave_up_card
from stackwright.agent.contract import FEEDBACK_PREFIX, Feedback
from stackwright.core.events import VerificationReport
from stackwright.core.ids import RunId
from stackwright.core.plans import is_approved_plan
from stackwright.core.wishes import MAX_TEXT_CHARS, Wish
from stackwright.runs.ladder import Ladder, Rung
from stackwright.runs.way_back import WayBack
from stackwright.tools.base import WishBook
from stackwright.tools.budget import cut_end
from stackwright.tools.verify import described, pictures_of_failures
from stackwright.tools.wishes import unaccounted
from stackwright.verify.advice import advice
from stackwright.verify.report import failure_signature

MAX_FAILURE_CHARS = 8000
SAME_AGAIN = "The same failed before: your last change did not touch its cause. What may help:"
FRESH = (
    "This failed three times in the same way. Look at it with fresh eyes: you see only this failure and "
    "what was changed in this run. Doubt what was assumed before."
)
MAX_QUOTE_CHARS = 20_000
NAME_WISHES = (
    "Files were changed, and no wish was named. Call set_wishes now: say what the message asks for, "
    "wish by wish, each with the words that say it. Then give each a witness in acceptance/."
)
NOT_NAMED = "The agent named no wish: the whole message counts as one, which nothing tries."


class JudgedRun(Protocol):
    """What decides about a run's end; `runs.context` has it."""

    was_touched: bool

    @property
    def run_id(self) -> RunId: ...

    @property
    def has_app(self) -> bool: ...

    @property
    def has_changed(self) -> bool: ...

    @property
    def report(self) -> VerificationReport | None: ...

    @property
    def wishes(self) -> WishBook: ...

    async def messages(self) -> Sequence[str]: ...

    async def verify(self) -> VerificationReport: ...


class History(Protocol):
    """What was before this run; `runs.way_back` has it."""

    async def changes(self) -> str:
        """What this run changed, as a diff."""
        ...

    async def has_way_back(self) -> bool:
        """Whether an earlier version was verified."""
        ...

    async def go_back(self) -> WayBack | None:
        """Keep the files as a version and bring the last verified version back. None: there is none."""
        ...


class CompletionCheck:
    """Decides whether the model may end: the gate's word. Failures go back to it, rung by rung."""

    def __init__(
        self,
        context: JudgedRun,
        history: History,
        look_for_changes: Callable[[], Awaitable[None]],
    ) -> None:
        self._context = context
        self._history = history
        self._look_for_changes = look_for_changes
        self._ladder = Ladder()
        self._asked: set[str] = set()

    def remember_failures(self, signatures: Sequence[str]) -> None:
        """Note which proofs of this run failed so far."""
        self._ladder.restore(signatures)

    async def feedback(self) -> Feedback | None:
        context = self._context
        await self._look_for_changes()
        if not context.has_app or (not context.has_changed and context.report is None):
            return None
        if context.has_changed and (missing := await self._missing_wishes()):
            return Feedback(f"{FEEDBACK_PREFIX}{missing}")
        report = context.report
        if report is None:
            report = await context.verify()
        elif self._ladder.is_climbed and not context.was_touched:
            return await self._given_up(report) if report.status == "unverified" else None
        signature = failure_signature(report)
        if report.status == "verified" or not signature:
            return None  # or only the person can do something about it
        context.was_touched = False
        told = await self._climbed(self._ladder.climb(signature), report)
        return replace(told, failure=signature)

    async def give_up(self) -> Feedback | None:
        """Ask the person, because the calls for repairs are used up. None: there is nothing to ask."""
        report = self._context.report or await self._context.verify()
        if report.status == "verified" or not failure_signature(report):
            return None
        return await self._card(report)

    async def _climbed(self, rung: Rung, report: VerificationReport) -> Feedback:
        told = f"{FEEDBACK_PREFIX}The app is not verified yet. {described(report)}"
        seen = pictures_of_failures(report)
        match rung:
            case "tell":
                return Feedback(told, is_repair=True, pictures=seen)
            case "help":
                help_text = f"\n{SAME_AGAIN}\n{advice(report)}"
                return Feedback(f"{told}{help_text}", is_repair=True, pictures=seen)
            case "fresh":
                changes = await self._history.changes()
                text = f"{told}\n{FRESH}\n{changes}"
                return Feedback(text, is_repair=True, is_fresh=True, pictures=seen)
            case "give_up":
                return await self._card(report)

    async def _given_up(self, report: VerificationReport) -> Feedback | None:
        """The model ends with an app that does not run: if one that did is there, the person chooses."""
        return await self._card(report) if await self._history.has_way_back() else None

    async def _card(self, report: VerificationReport) -> Feedback:
        """An app that does not run gives way to the last verified version; one that does stays."""
        back = await self._history.go_back() if report.status == "unverified" else None
        failure = cut_end(described(report), MAX_FAILURE_CHARS)
        if back is None:
            question = f"I could not get this to work. {report.sentence} How should I go on?"
            return Feedback("", card=gave_up_card(question, failure))
        question = (
            f"I could not get this to work, so the app is at version {back.version} again, which "
            f"works; the attempt is kept as version {back.attempt}. {report.sentence} How should I go on?"
        )
        failure = (
            f"The files are those of version {back.version} again. The attempt failed:\n{failure}"
        )
        card = gave_up_card(question, failure, version=back.version, attempt=back.attempt)
        return Feedback("", card=card)

    async def _missing_wishes(self) -> str:
        """What the model has to say about the message before the gate is asked: each thing once."""
        # The wishes of an approved plan are the person's own list: nothing of it is missing.
        said = await self._context.messages()
        messages = [message for message in said if not is_approved_plan(message)]
        known = await self._context.wishes.read()
        mine = [wish for wish in known.wishes if wish.run_id == self._context.run_id]
        if not mine:
            if self._is_first("wishes"):
                return NAME_WISHES
            number = known.next_number
            await self._context.wishes.set([whole_message(messages, number)], ())
            return ""
        left = await asyncio.to_thread(unaccounted, messages, mine)
        if set(left) <= set(known.not_understood):
            return ""
        if self._is_first("words"):
            words = "; ".join(f"“{part}”" for part in left)
            return (
                f"These words are in no wish: {words}. Call set_wishes again with a wish for each that "
                "quotes it and says it in its text."
            )
        await self._context.wishes.set(mine, left)
        return ""

    def _is_first(self, about: str) -> bool:
        if about in self._asked:
            return False
        self._asked.add(about)
        return True


def whole_message(messages: Sequence[str], number: int) -> Wish:
    """The wish that stands for a message of which the agent named none."""
    return Wish(
        id=f"w{number}",
        text=" ".join(" ".join(messages).split())[:MAX_TEXT_CHARS],
        kind="behaviour",
        quotes=tuple(message[:MAX_QUOTE_CHARS] for message in messages),
        reason=NOT_NAMED,
    )


if TYPE_CHECKING:
    from stackwright.runs.context import RunContext
    from stackwright.runs.way_back import RunHistory

    def _proof(context: RunContext, history: RunHistory) -> tuple[JudgedRun, History]:
        return context, history
