"""Whether a run may end: the gate's word, never the model's."""

from collections.abc import Awaitable, Callable

from stackwright.agent.contract import FEEDBACK_PREFIX
from stackwright.runs.context import RunContext
from stackwright.tools.verify import described
from stackwright.verify.report import failure_signature

MAX_REPAIRS = 3
"""Times a failing gate goes back to the model within one run."""


class CompletionCheck:
    """Decides whether the model may end: the gate's word, with a bounded number of repairs."""

    def __init__(
        self, context: RunContext, look_for_changes: Callable[[], Awaitable[None]]
    ) -> None:
        self._context = context
        self._look_for_changes = look_for_changes
        self._signatures: list[str] = []

    async def feedback(self) -> str | None:
        context = self._context
        await self._look_for_changes()
        if not context.has_app or (not context.has_changed and context.report is None):
            return None
        report = context.report
        if report is None:
            report = await (await context.prepared_sandbox()).gate.verify(full=True)
        elif self._signatures and not context.was_touched:
            return None
        if report.status == "verified":
            return None
        signature = failure_signature(report)
        self._signatures.append(signature)
        if len(self._signatures) > MAX_REPAIRS or self._signatures.count(signature) > 2:
            return None
        context.was_touched = False
        hint = (
            "\nThe same checks failed before: read the output again and try another approach."
            if self._signatures.count(signature) > 1
            else ""
        )
        return f"{FEEDBACK_PREFIX}The app is not verified yet. {described(report)}{hint}"
