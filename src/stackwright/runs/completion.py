"""Whether a run may end: the gate's word, never the model's.

A run that changed files has named what it was asked for; whether it changed any is seen in the files.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from stackwright.agent.contract import FEEDBACK_PREFIX
from stackwright.core.events import VerificationReport
from stackwright.core.ids import RunId
from stackwright.core.wishes import MAX_TEXT_CHARS, Wish
from stackwright.tools.base import WishBook
from stackwright.tools.verify import described
from stackwright.tools.wishes import unaccounted
from stackwright.verify.report import failure_signature

MAX_REPAIRS = 3
"""Times a failing gate goes back to the model within one run."""
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


class CompletionCheck:
    """Decides whether the model may end: the gate's word, with a bounded number of repairs."""

    def __init__(self, context: JudgedRun, look_for_changes: Callable[[], Awaitable[None]]) -> None:
        self._context = context
        self._look_for_changes = look_for_changes
        self._signatures: list[str] = []
        self._asked: set[str] = set()

    async def feedback(self) -> str | None:
        context = self._context
        await self._look_for_changes()
        if not context.has_app or (not context.has_changed and context.report is None):
            return None
        if context.has_changed and (missing := await self._missing_wishes()):
            return f"{FEEDBACK_PREFIX}{missing}"
        report = context.report
        if report is None:
            report = await context.verify()
        elif self._signatures and not context.was_touched:
            return None
        signature = failure_signature(report)
        if report.status == "verified" or not signature:
            return None  # or only the person can do something about it
        self._signatures.append(signature)
        if len(self._signatures) > MAX_REPAIRS or self._signatures.count(signature) > 2:
            return None
        context.was_touched = False
        hint = (
            "\nThe same failed before: read the output again and try another approach."
            if self._signatures.count(signature) > 1
            else ""
        )
        return f"{FEEDBACK_PREFIX}The app is not verified yet. {described(report)}{hint}"

    async def _missing_wishes(self) -> str:
        """What the model has to say about the message before the gate is asked: each thing once."""
        messages = await self._context.messages()
        known = await self._context.wishes.read()
        mine = [wish for wish in known.wishes if wish.run_id == self._context.run_id]
        if not mine:
            if self._is_first("wishes"):
                return NAME_WISHES
            number = known.next_number
            await self._context.wishes.set([_whole_message(messages, number)], ())
            return ""
        left = unaccounted(messages, mine)
        if set(left) <= set(known.not_understood):
            return ""
        if self._is_first("words"):
            words = "; ".join(f"“{part}”" for part in left)
            return (
                f"These words are in no wish: {words}. Call set_wishes again with a wish for each."
            )
        await self._context.wishes.set(mine, left)
        return ""

    def _is_first(self, about: str) -> bool:
        if about in self._asked:
            return False
        self._asked.add(about)
        return True


def _whole_message(messages: Sequence[str], number: int) -> Wish:
    """What stands in for wishes that nobody named."""
    return Wish(
        id=f"w{number}",
        text=" ".join(" ".join(messages).split())[:MAX_TEXT_CHARS],
        kind="behaviour",
        quotes=tuple(message[:MAX_QUOTE_CHARS] for message in messages),
        reason=NOT_NAMED,
    )


if TYPE_CHECKING:
    from stackwright.runs.context import RunContext

    def _proof(context: RunContext) -> JudgedRun:
        return context
