"""What an agent's step costs, for the platform and for three others in the same set-up.

The same model server, tools, prompt and sandboxes, the same PostgreSQL. A step is what passes
between the end of the model's answer and its next request, so the model's own time is out.
"""

import asyncio
import gc
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import uvloop

from benchmarks.conversation import Conversation, Tool, warm_up
from benchmarks.figures import summary
from benchmarks.model_server import ModelServer, model_server
from benchmarks.options import Options, progress
from benchmarks.processes import Costs
from benchmarks.profiling import profiled
from benchmarks.sides.bare import bare_loop
from benchmarks.sides.base import Conditions, OpenSide, Side
from benchmarks.sides.lean import lean_graph
from benchmarks.sides.ours import our_platform
from benchmarks.sides.stock import stock_agent
from stackwright.db.embedded import EmbeddedPostgres
from stackwright.testing.platform_process import share_template_layers

STEPS = 25
AT_ONCE = (1, 10, 50)
WARM_AT_ONCE = 5
TOOLS: tuple[Tool, ...] = ("plan", "write")
SIDES: dict[str, Callable[[Conditions], OpenSide]] = {
    "bare loop": bare_loop,
    "lean graph": lean_graph,
    "platform": our_platform,
    "create_agent": stock_agent,
}


def measure_steps(options: Options, sides: Sequence[str] = tuple(SIDES)) -> dict[str, Any]:
    """One row for each side, tool and number of runs at once."""
    at_once = (1, 3) if options.is_quick else AT_ONCE
    embedded = EmbeddedPostgres(options.data_dir / "postgres")
    database_url = embedded.start()
    rows: list[dict[str, Any]] = []
    try:
        with model_server() as model:
            for name in sides:
                conditions = Conditions(
                    data_dir=options.data_dir / name.replace(" ", "-"),
                    model_url=model.url,
                    database_url=database_url,
                    seats=sum(at_once),
                    steps=5 if options.is_quick else STEPS,
                )
                share_template_layers(conditions.data_dir)
                with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                    measuring = _Measuring(name, conditions, model, options.profile_to)
                    rows += runner.run(measuring.measured(at_once))
    finally:
        embedded.delete()
    return {"steps_a_run": STEPS, "rows": rows, "compared": _compared(rows)}


@dataclass(frozen=True, slots=True)
class _Measuring:
    name: str
    conditions: Conditions
    model: ModelServer
    profile_to: Path | None

    async def measured(self, at_once: Sequence[int]) -> list[dict[str, Any]]:
        ends = [0, *accumulate(at_once)]
        groups = [range(first, end) for first, end in pairwise(ends)]
        async with SIDES[self.name](self.conditions) as side:
            progress(f"{self.name}: {ends[-1]} sandboxes and first conversations")
            await self._warm_up(side, range(ends[-1]))
            gc.collect()
            gc.freeze()  # as `stackwright serve` does
            return [await self._row(side, tool, seats) for seats in groups for tool in TOOLS]

    def _costs(self) -> Costs:
        return Costs.of(os.getpid(), self.conditions.database_url, without=[self.model.pid])

    async def _warm_up(self, side: Side, seats: range) -> None:
        places = asyncio.Semaphore(WARM_AT_ONCE)

        async def greet(seat: int) -> None:
            async with places:
                await side.converse(seat, warm_up(f"{self.name[0]}-warm-{seat}"))

        async with asyncio.TaskGroup() as group:
            for seat in seats:
                group.create_task(greet(seat))

    async def _row(self, side: Side, tool: Tool, seats: range) -> dict[str, Any]:
        mark = f"{self.name.replace(' ', '-')}-{tool}-{len(seats)}"
        steps = self.conditions.steps
        before = self._costs()
        began = time.perf_counter()
        with profiled(self.profile_to, mark):
            async with asyncio.TaskGroup() as group:
                for seat in seats:
                    conversation = Conversation(run=f"{mark}-{seat}", steps=steps, tool=tool)
                    group.create_task(side.converse(seat, conversation))
        wall_s = time.perf_counter() - began
        spent = self._costs().since(before)
        gaps = await asyncio.to_thread(self.model.gaps, f"{mark}-")
        taken = summary([gap for run in gaps for gap in run])
        row = {
            "side": self.name,
            "tool": tool,
            "runs": len(seats),
            "step_ms_p50": taken["p50"],
            "step_ms_p95": taken["p95"],
            "cpu_ms_a_step": _per(spent.own, len(seats) * steps),
            "postgres_cpu_ms_a_step": _per(spent.postgres, len(seats) * steps),
            "sandbox_cpu_ms_a_step": _per(spent.sandboxes, len(seats) * steps),
            "overhead_s_a_run_p95": round(summary([sum(run) / 1000 for run in gaps])["p95"], 3),
            "cpu_s_a_run": round(spent.own / len(seats), 3),
            "wall_s": round(wall_s, 3),
        }
        progress(f"{mark}: step {taken['p50']} ms, CPU {row['cpu_ms_a_step']} ms")
        return row


def _per(seconds: float, count: int) -> float:
    """Milliseconds each."""
    return round(seconds * 1000 / count, 2)


def _compared(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The platform against each other side, under the same load."""
    by_case = {(row["side"], row["tool"], row["runs"]): row for row in rows}
    return [
        {
            "tool": ours["tool"],
            "runs": ours["runs"],
            "against": other,
            "step_p50_ratio": round(ours["step_ms_p50"] / theirs["step_ms_p50"], 2),
            "cpu_ratio": round(ours["cpu_ms_a_step"] / max(theirs["cpu_ms_a_step"], 0.01), 2),
        }
        for ours in rows
        if ours["side"] == "platform"
        for other in SIDES
        if other != "platform"
        and (theirs := by_case.get((other, ours["tool"], ours["runs"]))) is not None
    ]
