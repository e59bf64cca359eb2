from types import SimpleNamespace
from typing import Any

import pytest

from stackwright.agent.contract import AgentOutcome
from stackwright.runs.ending import RunEnding, look_for_changes


def _ending(
    *,
    kind: str = "chat",
    report: str | None = None,
    has_changed: bool = False,
    message: str = "Rooms can be sorted.",
) -> RunEnding:
    seen: Any = SimpleNamespace(
        report=None if report is None else SimpleNamespace(status=report), has_changed=has_changed
    )
    claimed: Any = SimpleNamespace(run=SimpleNamespace(kind=kind, input=message))
    nothing: Any = None
    return RunEnding(
        runs=nothing,
        restore_points=nothing,
        max_iterations=5,
        claimed=claimed,
        control=nothing,
        context=seen,
        writer=nothing,
    )


@pytest.mark.parametrize(
    ("ending", "outcome", "status"),
    [
        (_ending(kind="ask", report="verified"), "finished", "answered"),
        (_ending(report="verified"), "iterations", "unverified"),
        (_ending(report="partly", has_changed=True), "finished", "partly"),
        (_ending(has_changed=True), "finished", "unverified"),
        (_ending(), "finished", "answered"),
        (_ending(report="verified", has_changed=True), "finished", "verified"),
        (_ending(report="verified"), "finished", "answered"),
        (_ending(report="partly"), "finished", "partly"),
        (_ending(report="verified", kind="proof"), "finished", "verified"),
        (_ending(report="verified", message="Please continue!"), "finished", "verified"),
        (_ending(report="verified", message="continue with rooms"), "finished", "answered"),
    ],
)
def test_the_gates_report_decides_the_status(ending: RunEnding, outcome: Any, status: str) -> None:
    assert ending._status(AgentOutcome(outcome)) == status  # pyright: ignore[reportPrivateUsage]


async def test_changes_of_earlier_workers_are_looked_for_in_a_resumed_run_only() -> None:
    context: Any = SimpleNamespace(has_changed=False)
    claimed: Any = SimpleNamespace(is_resumed=False)
    points: Any = None
    await look_for_changes(points, claimed, context)
    assert not context.has_changed
