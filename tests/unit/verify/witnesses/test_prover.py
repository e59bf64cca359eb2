from collections.abc import Collection, Mapping
from typing import Any, cast

import pytest

from stackwright.core.wishes import Wish
from stackwright.testing.memory_wishes import MemoryWishBook
from stackwright.verify.environment import AppAddress
from stackwright.verify.witnesses.prover import PATIENCE, Prover
from stackwright.verify.witnesses.results import WitnessResult
from stackwright.verify.witnesses.runner import WitnessRun, WitnessRunner, WitnessTarget

WITNESS = b"""
import pytest
@pytest.mark.wish("w1")
def test_oats(app):
    app.button("Save").click()
    assert app.records("oats").only()
"""
OATS = Wish(id="w1", text="Oats are kept.", kind="data", quotes=("oats",), run_id="r1")


class SlowOnce:
    """A runner whose witness is late at first, and passes when it may take longer."""

    def __init__(self) -> None:
        self.patiences: list[float] = []

    async def run(
        self, _files: object, tests: Collection[str], *_: object, patience: float = 1.0, **__: Any
    ) -> WitnessRun:
        self.patiences.append(patience)
        how: Mapping[str, str] = {"outcome": "failed", "kind": "action"}
        if patience > 1:
            how = {"outcome": "passed"}
        return WitnessRun([WitnessResult.model_validate({"id": one, **how}) for one in tests])


async def _unused(*_: object) -> Any:
    raise AssertionError("there is no picture")


class NoVersions:
    async def start_replica(self, *, is_last: bool = False) -> bool:
        return not is_last


@pytest.mark.parametrize("is_busy", [True, False])
async def test_only_a_busy_machine_is_a_reason_to_try_a_late_witness_again(is_busy: bool) -> None:
    async def busy() -> bool:
        return is_busy

    runner = SlowOnce()
    prover = Prover(
        runner=cast(WitnessRunner, runner),
        target=WitnessTarget(AppAddress(1, 2, "http://app", "proof_1"), 1, "token"),
        versions=NoVersions(),
        book=MemoryWishBook(run_id="r1", emit=lambda _: None, wishes=[OATS]),
        files={"test_oats.py": WITNESS},
        keep_picture=_unused,
        keep_replay=_unused,
        library_version="1",
        is_busy=busy,
    )
    proven = await prover.prove([OATS])
    assert runner.patiences == ([1.0, PATIENCE] if is_busy else [1.0])
    assert proven.repeated == (("test_oats.py::test_oats",) if is_busy else ())
    # green now, but nothing says that it can fail
    assert proven.proofs[0].state == ("open" if is_busy else "failing")


class LateBefore(SlowOnce):
    """It passes on both versions; the one before is slow at first."""

    is_before = False

    async def run(self, *arguments: Any, patience: float = 1.0, **options: Any) -> WitnessRun:
        return await super().run(*arguments, patience=patience if self.is_before else 9, **options)

    async def start_replica(self, *, is_last: bool = False) -> bool:
        self.is_before = is_last
        return True


async def test_a_slow_version_before_is_no_reason_to_believe_a_witness() -> None:
    runner = LateBefore()
    prover = Prover(
        runner=cast(WitnessRunner, runner),
        target=WitnessTarget(AppAddress(1, 2, "http://app", "proof_1"), 1, "token"),
        versions=runner,
        book=MemoryWishBook(run_id="r1", emit=lambda _: None, wishes=[OATS]),
        files={"test_oats.py": WITNESS},
        keep_picture=_unused,
        keep_replay=_unused,
        library_version="1",
        is_busy=_busy,
    )
    proven = await prover.prove([OATS])
    assert "It passes on the version before" in proven.proofs[0].reason


async def _busy() -> bool:
    return True


async def test_wishes_that_are_left_out_this_time_are_no_strangers() -> None:
    async def busy() -> bool:
        return False

    prover = Prover(
        runner=cast(WitnessRunner, SlowOnce()),
        target=WitnessTarget(AppAddress(1, 2, "http://app", "proof_1"), 1, "token"),
        versions=NoVersions(),
        book=MemoryWishBook(run_id="r1", emit=lambda _: None, wishes=[OATS]),
        files={
            "test_oats.py": WITNESS + WITNESS.replace(b"w1", b"w2") + WITNESS.replace(b"w1", b"w9")
        },
        keep_picture=_unused,
        keep_replay=_unused,
        library_version="1",
        is_busy=busy,
    )
    proven = await prover.prove([OATS], others={"w1", "w2"})
    assert [one for one in proven.remarks if "no wish" in one] == [
        "acceptance/test_oats.py::test_oats is marked with w9, which is no wish."
    ]


FULL = Wish(id="w1", text="Six oats", kind="rule", quotes=("at most 6 oats",), run_id="r1")


class RefusedBefore:
    """A runner whose witness fails at once on the version before, and is refused the same if it goes on."""

    is_before = False

    async def start_replica(self, *, is_last: bool = False) -> bool:
        self.is_before = is_last
        return True

    async def run(
        self,
        _files: object,
        tests: Collection[str],
        *_: object,
        faults: Collection[str] = ("none",),
        goes_on: bool = False,
        **__: Any,
    ) -> WitnessRun:
        is_red = self.is_before or not {"none", "again"} & set(faults)
        refusals = ("refused POST /api/oats 422",) if goes_on or not self.is_before else ()
        how = {"outcome": "failed" if is_red else "passed", "kind": "assertion"}
        used = {"refused": 1, "writes": 1, "refusals": refusals}
        results = [
            WitnessResult.model_validate(
                {"id": one, "fault": fault, **used, **how}
                | ({"outcome": "passed"} if fault == "none" and not self.is_before else {})
            )
            for one in tests
            for fault in faults
        ]
        return WitnessRun(results)


async def test_a_rule_that_only_refuses_what_was_refused_before_is_not_new() -> None:
    async def busy() -> bool:
        return False

    runner = RefusedBefore()
    prover = Prover(
        runner=cast(WitnessRunner, runner),
        target=WitnessTarget(AppAddress(1, 2, "http://app", "proof_1"), 1, "token"),
        versions=runner,
        book=MemoryWishBook(run_id="r1", emit=lambda _: None, wishes=[FULL]),
        files={"test_oats.py": WITNESS},
        keep_picture=_unused,
        keep_replay=_unused,
        library_version="1",
        is_busy=busy,
    )
    proven = await prover.prove([FULL])
    assert "refused on the version before" in proven.proofs[0].reason
