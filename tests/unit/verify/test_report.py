"""The status of a run and the sentence that it ends with: `verified` only where it was earned."""

from collections.abc import Sequence
from typing import Any

import pytest

from stackwright.core.events import CheckSummary, VerificationReport, WishChanged, WishProof
from stackwright.core.ids import RunId
from stackwright.core.wishes import Wish, WishState
from stackwright.testing.memory_wishes import MemoryWishBook
from stackwright.verify.report import SKIPPED, RunFacts, Seen, failure_signature, reported


def report(*checks: tuple[str, bool, str], **more: Any) -> VerificationReport:
    return VerificationReport(
        status="unverified",
        checks=tuple(
            CheckSummary(name=name, ok=ok, seconds=1.0, detail=detail)
            for name, ok, detail in checks
        ),
        **more,
    )


def wish(number: int, text: str, state: WishState = "open", **more: Any) -> Wish:
    return Wish(id=f"w{number}", text=text, kind="data", quotes=("q",), state=state,
                **{"run_id": "r1", **more})  # fmt: skip


def proof(of: Wish, state: WishState = "proven", reason: str = "") -> WishProof:
    return WishProof(id=of.id, text=of.text, kind=of.kind, state=state, reason=reason)


GOOD = (CheckSummary(name="types", ok=True, seconds=1.0),)
BAD = (*GOOD, CheckSummary(name="pages", ok=False, seconds=1.0, detail="404"))


class Round:
    """One round of the gate in run `r1`, after what earlier runs left."""

    def __init__(self, *wishes: Wish, left: Sequence[str] = (), weak: Sequence[str] = ()) -> None:
        self.events: list[Any] = []
        self.left = left
        self.weak = weak
        self.mine = [one for one in wishes if one.run_id == "r1"]
        earlier = [one for one in wishes if one.run_id != "r1"]
        self.book = MemoryWishBook(run_id="r1", emit=self.events.append, wishes=earlier)

    async def _changed_by(self) -> str:
        return "r1"

    async def _weakened(self) -> Sequence[str]:
        return self.weak

    async def end(
        self, *proofs: WishProof, checks: Sequence[CheckSummary] = GOOD, is_live: bool = True
    ) -> VerificationReport:
        await self.book.set(self.mine, self.left)
        self.events.clear()
        facts = RunFacts(
            run_id=RunId("r1"),
            wishes=self.book,
            changed_by=self._changed_by,
            weakened=self._weakened,
        )
        seen = Seen(checks=checks, is_live=is_live, proofs=proofs or None)
        return await reported(seen, facts)


LIST, CHART = wish(1, "There is a list"), wish(2, "There is a chart")
MAIL = wish(3, "E-mail reminders are sent", "not_built", reason="There is no mail server.")


async def test_verified_is_said_when_every_wish_was_seen_working() -> None:
    ended = await Round(LIST, CHART).end(proof(LIST), proof(CHART))
    assert ended.status == "verified"
    assert ended.sentence == "Verified: 2 of 2 wishes seen working."


async def test_one_that_is_yours_to_judge_does_not_count_as_proven() -> None:
    ended = await Round(LIST, CHART).end(proof(LIST), proof(CHART, "yours_to_judge"))
    assert ended.status == "verified"
    assert ended.sentence == (
        "Verified: 1 of 2 wishes seen working; “There is a chart” is yours to judge."
    )


PARTLY = [
    ((LIST, MAIL), (proof(LIST),), {},
     "1 of 2 wishes seen working; “E-mail reminders are sent” is not built."),
    ((LIST, CHART), (proof(LIST), proof(CHART, "failing", "404")), {},
     "1 of 2 wishes seen working; “There is a chart” fails."),
    ((LIST, CHART), (proof(LIST), proof(CHART, "open", "No witness tries it.")), {},
     "1 of 2 wishes seen working; “There is a chart” is not proven."),
    ((LIST, CHART), (), {}, "0 of 2 wishes seen working; “There is a list” and “There is a chart” are not proven."),
    ((LIST,), (proof(LIST),), {"left": ["a map"]},
     "1 of 1 wish seen working; not understood: “a map”."),
    ((LIST,), (proof(LIST),), {"weak": ["a::b was deleted"]},
     "1 of 1 wish seen working; tests say less: a::b was deleted."),
    ((wish(1, "x", "proven", is_expectation_changed=True),), (proof(wish(1, "x")),), {},
     "1 of 1 wish seen working; “x” is expected otherwise than asked."),
    ((), (), {}, "1 of 1 checks passed; no wish was named that could be seen working."),
]  # fmt: skip


@pytest.mark.parametrize(("wishes", "proofs", "more", "sentence"), PARTLY)
async def test_any_gap_keeps_a_run_from_being_verified_and_is_named(
    wishes: tuple[Wish, ...], proofs: tuple[WishProof, ...], more: dict[str, Any], sentence: str
) -> None:
    ended = await Round(*wishes, **more).end(*proofs)
    assert (ended.status, ended.sentence) == ("partly", sentence)
    assert "erified" not in ended.sentence


async def test_a_failing_check_is_named_and_an_app_that_does_not_run_is_unverified() -> None:
    ended = await Round(LIST).end(proof(LIST), checks=BAD)
    assert ended.status == "partly"
    assert ended.sentence == "1 of 1 wish seen working; the check pages failed."
    ended = await Round(LIST).end(checks=BAD, is_live=False)
    assert ended.status == "unverified"
    assert ended.sentence.startswith("Not running: 0 of 1 wish")


async def test_what_was_not_tried_is_not_proven_by_what_was_seen_before() -> None:
    proven = wish(1, "There is a list", "proven", is_pinned=True, run_id="r0")
    round_ = Round(proven, CHART)
    ended = await round_.end(checks=BAD)
    assert [one.state for one in ended.wishes] == ["open", "open"]
    assert ended.regressions == ()
    assert (await round_.book.read()).wishes[0].state == "proven"


async def test_a_pinned_wish_that_fails_is_a_regression_named_with_the_run_that_broke_it() -> None:
    pinned = wish(1, "There is a list", "proven", is_pinned=True, run_id="r0")
    round_ = Round(pinned, CHART)
    ended = await round_.end(proof(pinned, "failing", "gone"), proof(CHART))
    assert [(r.wish_id, r.broken_by, r.reason) for r in ended.regressions] == [("w1", "r1", "gone")]
    assert ended.status == "partly"
    assert "“There is a list” worked before and fails now" in ended.sentence
    broken = (await round_.book.read()).wishes[0]
    assert (broken.state, broken.broken_by) == ("failing", "r1")


async def test_the_first_run_that_broke_a_wish_stays_named_until_it_is_proven_again() -> None:
    broken = wish(1, "x", "failing", is_pinned=True, run_id="r0", broken_by="r0b")
    ended = await Round(broken).end(proof(broken, "failing", "gone"))
    assert ended.regressions[0].broken_by == "r0b"
    round_ = Round(broken)
    await round_.end(proof(broken))
    assert (await round_.book.read()).wishes[0].broken_by == ""


async def test_what_an_earlier_message_asked_for_and_did_not_get_does_not_count_again() -> None:
    earlier = MAIL.model_copy(update={"run_id": "r0"})
    assert (await Round(LIST, earlier).end(proof(LIST))).status == "verified"
    open_before = earlier.model_copy(update={"state": "open"})
    assert (await Round(LIST, open_before).end(proof(LIST))).status == "partly"


async def test_states_are_stored_and_told_when_they_change() -> None:
    round_ = Round(LIST, CHART)
    await round_.end(proof(LIST), proof(CHART, "failing", "404"))
    changed = {
        e.wish.id: (e.wish.state, e.wish.reason)
        for e in round_.events
        if isinstance(e, WishChanged)
    }
    assert changed == {"w1": ("proven", ""), "w2": ("failing", "404")}


async def test_a_hostile_list_of_wishes_makes_a_short_sentence() -> None:
    many = [wish(n, "x" * 300) for n in range(1, 61)]
    ended = await Round(*many, left=["y" * 200] * 40).end()
    assert len(ended.sentence) < 1500
    assert "56 more are not proven" in ended.sentence


def test_a_signature_ignores_numbers_ids_and_times() -> None:
    one = report(("api", False, "GET /api/books/65f0c0ffee65f0c0ffee0001 took 12 ms, line 7"))
    other = report(("api", False, "GET /api/books/65f0c0ffee65f0c0ffee0002 took  9 ms, line 81"))
    assert failure_signature(one) == failure_signature(other) != ""


def test_a_signature_tells_messages_checks_wishes_and_success_apart() -> None:
    failing = proof(LIST, "failing", "no such table")
    signatures = {
        failure_signature(report(("api", False, "no such table"))),
        failure_signature(report(("api", False, "no such field"))),
        failure_signature(report(("types", False, "no such field"))),
        failure_signature(report(("types", True, "no such field"))),
        failure_signature(report(wishes=(failing,))),
        failure_signature(report(wishes=(proof(CHART, "failing", "no such table"),))),
        failure_signature(report(weakened=("a::b was deleted",))),
    }
    assert len(signatures) == 7
    assert failure_signature(report(("types", True, ""), wishes=(proof(LIST),))) == ""


def test_checks_that_were_not_run_do_not_change_the_signature() -> None:
    cause = ("python-parses", False, "main.py:1: invalid syntax")
    skipped = ("api", False, f"{SKIPPED} python-parses failed.")
    assert failure_signature(report(cause, skipped)) == failure_signature(report(cause))
