"""The person presses Stop while the worker stands at a point."""

import asyncio
import signal
import time
from dataclasses import dataclass, field
from http import HTTPStatus

import aiohttp

from chaos.freezing import frozen
from chaos.outcome import Outcome
from chaos.points import LIMIT_S, Sample, Stage, Target, at_each_point
from chaos.rows import Row
from chaos.talking import Conversation, Refused
from chaos.world import World

ALLOWED_S = 2.0
"""From Stop to the run's end, at the 95th percentile."""
NO_START = "0 times agent_start"
"""Of a run that was stopped before a worker told of it."""


async def stops(world: World, http: aiohttp.ClientSession, *, sample: Sample, lanes: int) -> Row:
    """Stop at each point: the run ends soon, once, and the conversation goes on."""
    row = Row(f"stopped by the person{sample}", repeated_effects=0)
    stopping = Stopping()
    await at_each_point(
        world, http, row, "worker", stopping.stop, sample=sample, lanes=lanes, judge=faults_after
    )
    if taken := sorted(stopping.taken_s):
        p95 = taken[int(0.95 * len(taken))]
        row.note += f"; ended after {taken[len(taken) // 2]:.2f} s at p50, {p95:.2f} at p95"
        if p95 > ALLOWED_S:
            row.count("all", [f"Stop took {p95:.2f} s at p95"])
    return row


@dataclass(slots=True)
class Stopping:
    taken_s: list[float] = field(default_factory=list[float])
    """Of each run that was stopped, from the moment in which its worker went on."""

    async def stop(self, stage: Stage, talk: Conversation, target: Target) -> bool:
        worker = stage.lane.worker(**target.settings(kill_signal=signal.SIGSTOP))
        async with asyncio.TaskGroup() as group:
            reading = group.create_task(stage.client.follow(talk, limit_s=LIMIT_S))
            if not await frozen(worker, reading):
                return False
            await _cancel(stage, talk)
            worker.send(signal.SIGCONT)
            began = time.monotonic()
        self.taken_s.append(time.monotonic() - began)
        return True


async def _cancel(stage: Stage, talk: Conversation) -> None:
    while not talk.run_id:  # its first event may be on the way
        await asyncio.sleep(0.01)
    path = f"/api/projects/{talk.project}/runs/{talk.run_id}/cancel"
    async with stage.http.post(stage.api.url + path) as answer:
        if answer.status != HTTPStatus.OK:
            raise Refused(answer.status, await answer.text())


def faults_after(whole: Outcome, got: Outcome) -> list[str]:
    """What may not be, wherever the run was stopped. `whole` is what an undisturbed one leaves."""
    stopped, after = got.statuses
    faults = [*got.errors, *(fault for fault in got.log_faults if fault != NO_START)]
    if stopped not in {"cancelled", whole.statuses[0]}:
        faults.append(f"the stopped run is {stopped}")
    if after not in {"answered", "unverified"}:
        faults.append(f"the next run is {after}")
    if got.sandbox and got.files != got.sandbox:
        faults.append(f"files {got.files!r}, in the sandbox {got.sandbox!r}")
    return faults
