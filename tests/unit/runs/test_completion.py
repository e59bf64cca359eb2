"""A run ends when the gate has seen what was asked for, whatever the model says of it."""

from collections.abc import Sequence
from typing import Any

from stackwright.core.events import CheckSummary, Event, VerificationReport, WishesSet, WishProof
from stackwright.core.ids import RunId
from stackwright.core.wishes import Wish, WishState
from stackwright.runs.completion import MAX_REPAIRS, CompletionCheck
from stackwright.testing.memory_wishes import MemoryWishBook
from stackwright.verify.report import RunFacts, Seen, reported

MESSAGE = "Build a list of todos and a chart"
CHECKS = (CheckSummary(name="types", ok=True, seconds=1.0),)
LIST = Wish(id="w1", text="There is a list of todos", kind="data", quotes=("a list of todos",))
CHART = Wish(id="w2", text="There is a chart", kind="look", quotes=("a chart",))


class Run:
    """A run whose app works as `states` says of each wish; one that is not named is proven."""

    def __init__(self, *said: str, states: dict[str, WishState] | None = None) -> None:
        self.said = list(said or (MESSAGE,))
        self.states = states or {}
        self.weak: tuple[str, ...] = ()
        self.run_id = RunId("r1")
        self.has_app = True
        self.has_changed = True
        self.was_touched = False
        self.report: VerificationReport | None = None
        self.verified = 0
        self.wishes = MemoryWishBook(run_id="r1", emit=self._told)
        self.check = CompletionCheck(self, self._look)

    def _told(self, event: Event) -> None:
        if isinstance(event, WishesSet):
            self.report = None

    async def _look(self) -> None:
        pass

    async def messages(self) -> Sequence[str]:
        return self.said

    async def verify(self) -> VerificationReport:
        self.verified += 1
        known = (await self.wishes.read()).wishes
        proofs = [
            WishProof(id=w.id, text=w.text, kind=w.kind, state=self.states.get(w.id, "proven"),
                      reason="No witness tries it.")
            for w in known
        ]  # fmt: skip
        facts = RunFacts(
            run_id=self.run_id,
            wishes=self.wishes,
            changed_by=self._changed_by,
            weakened=self._weakened,
        )
        self.report = await reported(Seen(checks=CHECKS, is_live=True, proofs=proofs), facts)
        return self.report

    async def _changed_by(self) -> str:
        return "r1"

    async def _weakened(self) -> Sequence[str]:
        return self.weak

    async def until_end(self, *acts: Any) -> list[str]:
        """What the model hears. It answers each with the next act, then with words only."""
        heard: list[str] = []
        left = list(acts)
        while (said := await self.check.feedback()) is not None:
            heard.append(said)
            if left:
                await left.pop(0)()
            assert len(heard) < 20
        return heard


async def test_a_run_that_changed_nothing_ends_with_words() -> None:
    run = Run()
    run.has_changed = False
    assert await run.until_end() == []
    assert run.verified == 0


async def test_a_run_whose_wishes_were_seen_working_is_verified() -> None:
    run = Run()
    await run.wishes.set([LIST, CHART], ())
    assert await run.until_end() == []
    assert run.report is not None
    assert run.report.status == "verified"


async def test_who_names_no_wish_is_told_once_and_then_the_message_is_one_open_wish() -> None:
    run = Run(states={"w1": "open"})
    heard = await run.until_end()
    assert "no wish was named" in heard[0]
    assert sum("no wish was named" in said for said in heard) == 1
    (wish,) = (await run.wishes.read()).wishes
    assert (wish.text, wish.state) == (MESSAGE, "open")
    assert run.report is not None
    assert run.report.status == "partly"


async def test_who_names_the_wishes_when_told_is_verified() -> None:
    run = Run()

    async def name() -> None:
        await run.wishes.set([LIST, CHART], ())

    assert len(await run.until_end(name)) == 1
    assert run.report is not None
    assert run.report.status == "verified"


async def test_what_steering_said_after_the_wishes_were_named_is_asked_for_too() -> None:
    run = Run(MESSAGE, "and add a map")
    await run.wishes.set([LIST, CHART], ())
    (said,) = await run.until_end()
    assert "“map”" in said
    assert run.report is not None
    assert (run.report.status, run.report.not_understood) == ("partly", ("map",))


async def test_words_that_were_sent_back_already_are_not_sent_back_again() -> None:
    run = Run()
    await run.wishes.set([LIST], ("chart",))
    assert await run.until_end() == []
    assert run.report is not None
    assert run.report.status == "partly"


async def test_a_failing_wish_goes_back_with_what_its_witness_saw_a_bounded_number_of_times() -> (
    None
):
    run = Run(states={"w2": "failing"})
    await run.wishes.set([LIST, CHART], ())
    heard = await run.until_end()
    assert 1 <= len(heard) <= MAX_REPAIRS
    assert "w2 fails: There is a chart\nNo witness tries it." in heard[0]
    assert run.report is not None
    assert run.report.status == "partly"


async def test_what_only_the_person_can_settle_does_not_go_back_to_the_model() -> None:
    run = Run(states={"w2": "not_built"})
    await run.wishes.set([LIST, CHART.model_copy(update={"state": "not_built"})], ())
    assert await run.until_end() == []
    assert run.report is not None
    assert run.report.status == "partly"


async def test_a_weakened_test_goes_back_to_the_model_and_keeps_the_run_from_being_verified() -> (
    None
):
    run = Run()
    run.weak = ("acceptance/test_a.py::test_b was deleted",)
    await run.wishes.set([LIST, CHART], ())
    heard = await run.until_end()
    assert "test_b was deleted" in heard[0]
    assert run.report is not None
    assert run.report.status == "partly"


async def test_a_report_from_before_the_wishes_were_named_does_not_count() -> None:
    run = Run()
    await run.verify()

    async def name() -> None:
        await run.wishes.set([LIST, CHART], ())

    await run.until_end(name)
    assert run.verified == 2
