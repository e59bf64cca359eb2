"""What runs cost: afterwards from the event log, beforehand as an estimate."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import median

from stackwright.agent.models.base import TokenUsage
from stackwright.agent.pricing import PriceList
from stackwright.core.ids import ProjectId, RunId, UserId
from stackwright.db.costs import CostRepository, CostRow, RunCost
from stackwright.db.engine import Database

RUNS_COMPARED = 10
CALLS = 10
"""Model calls of a run, as measured with real models: 9 to 13."""
PROMPT_TOKENS, TALK_TOKENS = 12_000, 18_000
"""Tokens of an average call: system prompt and tools; conversation of a new app."""
WRITTEN_TOKENS = 14_000
CACHED_SHARE = 0.85
BYTES_PER_TOKEN = 4
READ_SHARE = 0.2
"""Part of an existing app's files that a change has in its conversation."""
MOST_READ_TOKENS = 60_000


@dataclass(frozen=True, slots=True)
class Cost:
    """A sum over model calls. `unpriced_calls` are not in `usd`: nobody knows their price."""

    name: str
    usd: float
    tokens: int
    calls: int
    cached_tokens: int
    unpriced_calls: int


@dataclass(frozen=True, slots=True)
class Costs:
    """One sum, told in several ways. `repair` is the part that followed failing proofs."""

    total: Cost
    repair: Cost
    by_day: Sequence[Cost]
    by_tool: Sequence[Cost]
    by_model: Sequence[Cost]


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the next run may cost. `usd` None: nobody knows the model's price."""

    model: str
    usd: float | None
    tokens: int
    model_calls: int
    is_free: bool
    sentence: str


class CostService:
    def __init__(self, database: Database, *, model: str, prices: PriceList) -> None:
        """`model` is the one that runs begin with; "offline" costs nothing."""
        self._rows = CostRepository(database.fetch)
        self._model = model
        self._prices = prices

    async def of_run(self, user_id: UserId, project_id: ProjectId, run_id: RunId) -> Costs:
        return summed(await self._rows.list_of(user_id, project_id=project_id, run_id=run_id))

    async def of_project(
        self, user_id: UserId, project_id: ProjectId, *, days: int | None = None
    ) -> Costs:
        rows = await self._rows.list_of(user_id, project_id=project_id, since=_since(days))
        return summed(rows)

    async def of_user(self, user_id: UserId, *, days: int | None = None) -> Costs:
        return summed(await self._rows.list_of(user_id, since=_since(days)))

    async def estimate(
        self, user_id: UserId, project_id: ProjectId | None, *, model: str | None = None
    ) -> Estimate:
        """Estimate of the next run: as the last ones of the project, else of the user, else from its size. With
        another `model` than usual always from its size: nobody knows what the last ones were built with."""
        name = model or self._model
        if name == "offline":
            return Estimate(name, 0.0, 0, 0, True, "The offline builder costs nothing.")
        for project in _compared(project_id) if name == self._model else ():
            known = await self._rows.list_ended(user_id, project, limit=RUNS_COMPARED)
            if known:
                return _like(known, name, is_of_project=project is not None)
        size = 0 if project_id is None else await self._rows.size_of(user_id, project_id)
        used = expected_use(size)
        # In a thread: the price list takes half a second to load, once.
        usd = await asyncio.to_thread(self._prices.cost_usd, name, used)
        tokens = used.input_tokens + used.cache_read_tokens + used.output_tokens
        about = "a new app" if size == 0 else f"a change of an app of {max(1, size // 1000)} kB"
        return _estimate(name, usd, tokens, CALLS, f"As measured for {about}")


def _compared(project_id: ProjectId | None) -> Sequence[ProjectId | None]:
    return (project_id, None) if project_id else (None,)


def expected_use(size_bytes: int) -> TokenUsage:
    """What a run uses that works on files of this size altogether; 0: it begins an app."""
    read = min(MOST_READ_TOKENS, int(size_bytes / BYTES_PER_TOKEN * READ_SHARE))
    prompt = CALLS * (PROMPT_TOKENS + (TALK_TOKENS if size_bytes == 0 else TALK_TOKENS // 2 + read))
    cached = int(prompt * CACHED_SHARE)
    return TokenUsage(prompt - cached, WRITTEN_TOKENS, cached)


def summed(rows: Sequence[CostRow]) -> Costs:
    return Costs(
        total=_cost("total", rows),
        repair=_cost("repair", [row for row in rows if row.purpose == "repair"]),
        by_day=_by(rows, lambda row: row.day.isoformat()),
        by_tool=_dearest_first(_by(rows, lambda row: row.tool)),
        by_model=_dearest_first(_by(rows, lambda row: row.model)),
    )


def _by(rows: Sequence[CostRow], name: Callable[[CostRow], str]) -> list[Cost]:
    groups: dict[str, list[CostRow]] = {}
    for row in rows:
        groups.setdefault(name(row), []).append(row)
    return [_cost(key, group) for key, group in groups.items()]


def _dearest_first(costs: Iterable[Cost]) -> list[Cost]:
    return sorted(costs, key=lambda cost: (-cost.usd, -cost.tokens, cost.name))


def _cost(name: str, rows: Sequence[CostRow]) -> Cost:
    tokens = sum(r.read + r.written + r.cache_read + r.cache_written for r in rows)
    return Cost(
        name=name,
        usd=sum(row.usd for row in rows),
        tokens=round(tokens),
        calls=round(sum(row.calls for row in rows)),
        cached_tokens=round(sum(row.cache_read for row in rows)),
        unpriced_calls=round(sum(row.unpriced for row in rows)),
    )


def _like(known: Sequence[RunCost], model: str, *, is_of_project: bool) -> Estimate:
    whose = "this project's" if is_of_project else "your"
    runs = f"{whose} last run" if len(known) == 1 else f"{whose} last {len(known)} runs"
    usd = median(run.usd for run in known)
    tokens = int(median(run.tokens for run in known))
    calls = int(median(run.calls for run in known))
    return _estimate(model, usd or None, tokens, calls, f"Like {runs}")


def _estimate(model: str, usd: float | None, tokens: int, calls: int, why: str) -> Estimate:
    amount = f"{round(tokens, -3):,} tokens" if usd is None else f"${usd:.2f}"
    sentence = f"About {amount} with {model}. {why}: {calls} model calls."
    return Estimate(model, usd, tokens, calls, False, sentence)


def _since(days: int | None) -> date | None:
    return None if days is None else (datetime.now(UTC) - timedelta(days=days - 1)).date()
