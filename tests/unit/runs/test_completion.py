"""A run ends when the gate has seen what was asked for, whatever the model says of it."""

from collections.abc import Sequence
from typing import Any

import pytest

from stackwright.agent.contract import Feedback
from stackwright.core.events import CheckSummary, Event, VerificationReport, WishesSet, WishProof
from stackwright.core.ids import RunId
from stackwright.core.wishes import Wish, WishState
from stackwright.runs.completion import CompletionCheck
from stackwright.runs.way_back import WayBack
from stackwright.testing.memory_wishes import MemoryWishBook
from stackwright.verify.advice import HOW
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
        self.checks: tuple[CheckSummary, ...] = CHECKS
        self.run_id = RunId("r1")
        self.has_app = True
        self.has_changed = True
        self.was_touched = False
        self.report: VerificationReport | None = None
        self.verified = 0
        self.wishes = MemoryWishBook(run_id="r1", emit=self._told)
        self.way_back: WayBack | None = None
        self.went_back = 0
        self.live = True
        self.cards: list[Feedback] = []
        self.kinds: list[tuple[bool, bool]] = []
        self.check = self.checked_by_another_worker()

    def _told(self, event: Event) -> None:
        if isinstance(event, WishesSet):
            self.report = None

    def checked_by_another_worker(self) -> CompletionCheck:
        return CompletionCheck(self, self, self._look)

    async def _look(self) -> None:
        pass

    async def messages(self) -> Sequence[str]:
        return self.said

    async def changes(self) -> str:
        return "the diff"

    async def has_way_back(self) -> bool:
        return self.way_back is not None

    async def go_back(self) -> WayBack | None:
        self.went_back += 1
        return self.way_back

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
        self.report = await reported(
            Seen(checks=self.checks, is_live=self.live, proofs=proofs), facts
        )
        return self.report

    async def _changed_by(self) -> str:
        return "r1"

    async def _weakened(self) -> Sequence[str]:
        return self.weak

    async def touch(self) -> None:
        """Change something that does not help."""
        self.was_touched = True
        self.report = None

    async def until_end(self, *acts: Any) -> list[str]:
        """What the model hears. It answers each with the next act, then with words only."""
        heard: list[str] = []
        left = list(acts)
        while (said := await self.check.feedback()) is not None:
            if said.card is not None:
                self.cards.append(said)
                return heard
            heard.append(said.text)
            self.kinds.append((said.is_repair, said.is_fresh))
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


async def test_a_failing_wish_goes_back_with_what_its_witness_saw_once_if_the_model_changes_nothing() -> (
    None
):
    run = Run(states={"w2": "failing"})
    await run.wishes.set([LIST, CHART], ())
    heard = await run.until_end()
    assert len(heard) == 1
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


def _faults() -> list[tuple[CheckSummary, ...]]:
    """Thirty failures: of each check alone, and of two at once."""
    details = ("TS2322 at line {}", "ModuleNotFoundError: no module x{}", "HTTP 500 after {} ms")
    names = (*HOW, *list(HOW)[:14])
    return [
        tuple(CheckSummary(name=n, ok=False, seconds=1.0, detail=details[i % 3]) for n in some)
        for i, some in enumerate(
            [(name,) for name in names[:16]] + [names[i : i + 2] for i in range(14)]
        )
    ]


@pytest.mark.parametrize("checks", _faults())
async def test_a_fault_that_nobody_can_mend_ends_after_four_proofs_with_a_question(
    checks: tuple[CheckSummary, ...],
) -> None:
    run = Run()
    run.checks, run.live, run.way_back = checks, False, WayBack(3, 4)
    await run.wishes.set([LIST, CHART], ())
    heard = await run.until_end(*[run.touch] * 10)
    assert (run.verified, len(heard), run.went_back) == (4, 3, 1)
    assert run.kinds == [(True, False), (True, False), (True, True)]
    assert f"How {checks[0].name} looks" in heard[1]
    assert "the diff" in heard[2]
    (card,) = run.cards
    assert card.card is not None
    assert "version 3 again" in card.card["question"]
    assert len(card.card["fields"][0]["choices"]) == 3


async def test_another_worker_goes_on_where_the_first_one_stood() -> None:
    run = Run()
    run.checks, run.live, run.way_back = _faults()[0], False, WayBack(3, 4)
    await run.wishes.set([LIST, CHART], ())
    failures: list[str] = []
    kinds: list[bool] = []
    for _ in range(4):
        worker = run.checked_by_another_worker()
        worker.remember_failures(failures)
        told = await worker.feedback()
        assert told is not None
        failures.append(told.failure)
        kinds.append(told.is_fresh)
        await run.touch()
    assert kinds == [False, False, True, False]
    assert run.went_back == 1


async def test_an_app_that_runs_is_not_taken_away_when_a_wish_cannot_be_built() -> None:
    run = Run(states={"w2": "failing"})
    run.way_back = WayBack(3, 4)
    await run.wishes.set([LIST, CHART], ())
    await run.until_end(*[run.touch] * 10)
    assert (run.verified, run.went_back) == (4, 0)
    (card,) = run.cards
    assert card.card is not None
    assert card.card["fields"][0]["choices"] == ["Try again another way", "Stop here"]


async def test_a_model_that_leaves_a_broken_app_gets_no_second_chance_to_keep_it() -> None:
    run = Run()
    run.checks, run.live = (CheckSummary(name="api", ok=False, seconds=1.0, detail="500"),), False
    run.way_back = WayBack(3, 4)
    await run.wishes.set([LIST, CHART], ())
    assert len(await run.until_end()) == 1
    assert (len(run.cards), run.went_back) == (1, 1)


async def test_used_up_repairs_are_a_question_unless_the_app_works() -> None:
    run = Run(states={"w2": "failing"})
    await run.wishes.set([LIST, CHART], ())
    asked = await run.check.give_up()
    assert asked is not None
    assert asked.card is not None
    run.states, run.report = {}, None
    assert await run.check.give_up() is None
