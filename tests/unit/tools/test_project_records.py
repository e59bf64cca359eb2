from typing import Any, cast

from stackwright.core.events import CheckSummary, VerificationReport
from stackwright.core.wishes import Wish
from stackwright.testing.memory_wishes import MemoryWishBook
from stackwright.tools.base import ToolContext
from stackwright.tools.project_records import MAX_TOLD_CHARS, ReadProject, read_project

REPORT = VerificationReport(
    status="partly",
    sentence="1 of 2 wishes seen working.",
    checks=(CheckSummary(name="types", ok=False, seconds=1.0, detail="TS2304"),),
)


class Context:
    def __init__(self, report: VerificationReport | None = None) -> None:
        self.wishes = MemoryWishBook(run_id="r1", emit=lambda _: None)
        self.records: Any = self
        self._report = report

    async def last_report(self) -> VerificationReport | None:
        return self._report


async def told(context: Context) -> str:
    return await read_project(ReadProject(), cast("ToolContext", context))


async def test_wishes_and_report_are_told() -> None:
    context = Context(REPORT)
    wish = Wish(id="w1", text="A list", kind="data", quotes=("list",), reason="Nobody tried it.")
    await context.wishes.set([wish], ["by tomorrow"])
    text = await told(context)
    assert "w1 [open] A list (Nobody tried it.)" in text
    assert "Not understood: by tomorrow" in text
    assert "Last report: partly. 1 of 2 wishes seen working.\ntypes failed: TS2304" in text


async def test_a_new_project_has_nothing() -> None:
    assert await told(Context()) == "Wishes:\nnone yet\n\nLast report: nothing was checked yet"


async def test_the_answer_is_bounded() -> None:
    long = REPORT.model_copy(update={"sentence": "x" * 100_000})
    assert len(await told(Context(long))) < MAX_TOLD_CHARS + 200
