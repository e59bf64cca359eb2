"""Keeps one run within its limits: asks for room before each model call, counts what it used after it.

A run without limits asks the database nothing.
"""

import asyncio
import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from stackwright.agent.contract import BudgetReached, Purse, WorstCase
from stackwright.core.errors import DatabaseUnavailable
from stackwright.core.events import BudgetScope, BudgetWarning, StateChanged, Usage
from stackwright.core.postgres import patiently
from stackwright.core.setting_groups import BUDGET_SCOPES, BudgetSettings
from stackwright.core.tasks import spawn
from stackwright.db.engine import Database
from stackwright.db.purses import Amount, LimitState, PurseRepository, Reservation, Unit
from stackwright.db.run_records import Lease, RunRecord
from stackwright.tools.base import Emit

log = logging.getLogger(__name__)

WARN_AT = 0.8
SETTLE_AFTER_S = 1.0
"""Time after a call in which the next one is expected to settle it with its own reservation."""
CALL_GRACE_S = 60.0
"""Added to the longest model call: then the reservation of a dead worker ends by itself."""
FIRST_WAIT_S, LONGEST_WAIT_S = 0.05, 1.0
"""Seconds between two attempts while calls of other runs take up the room."""

_WHOSE: dict[BudgetScope, str] = {
    "run": "This message",
    "project": "This project",
    "user": "You",
    "day": "You",
    "repair": "Repairing the app after this message",
}


class RunPurse:
    """Implements agent.contract.Purse for a leased run. `add` is told of each finished call."""

    def __init__(
        self,
        database: Database,
        lease: Lease,
        run: RunRecord,
        budget: BudgetSettings,
        *,
        emit: Emit,
        longest_call_s: float,
        smaller: str = "",
    ) -> None:
        """`run` is as it was before the lease; `smaller` names a cheaper model, if there is one."""
        self._rows = PurseRepository(database.fetch)
        self._lease = lease
        self._limits = _limits(budget)
        self._may_be_raised = budget.may_be_raised
        self._emit = emit
        self._duration = timedelta(seconds=longest_call_s + CALL_GRACE_S)
        self._smaller = smaller
        self._spent = Amount(run.spent_usd, run.spent_tokens)
        self._repaired = Amount(run.repair_usd, run.repair_tokens)
        self._warned: set[tuple[str, str]] = set()
        self._settling: asyncio.TimerHandle | None = None

    @property
    def is_open(self) -> bool:
        return not self._limits

    def add(self, used: Usage) -> None:
        """A call has ended; what it reserved too much is free soon."""
        self._spent = _sum(self._spent, used)
        if used.purpose == "repair":
            self._repaired = _sum(self._repaired, used)
        if self._limits:
            self._stop_settling()
            loop = asyncio.get_running_loop()
            self._settling = loop.call_later(SETTLE_AFTER_S, self._settle_aside)

    async def reserve(self, call: WorstCase) -> None:
        """One statement, unless other runs' calls under way take up the room: then this one waits."""
        self._stop_settling()
        if call.usd is None:
            self._tell_unknown_price(call.model)
        wait_s = FIRST_WAIT_S
        while True:
            reservation = await patiently(lambda: self._reserve(call))
            self._warn(reservation)
            if reservation.is_taken:
                return
            passed = next((limit for limit in reservation.limits if limit.is_passed), None)
            if passed is not None:
                self._tell_reached(passed)
                raise self._reached(passed)
            if wait_s == FIRST_WAIT_S:
                await self.settle()  # or two runs wait for what the other has used up already
                self._tell_waiting()
            await asyncio.sleep(wait_s)
            wait_s = min(LONGEST_WAIT_S, wait_s * 2)

    async def raise_limit(self, key: str, times: int) -> None:
        await patiently(lambda: self._rows.raise_limit(self._lease, key, times))

    async def settle(self) -> None:
        """Free what the last call reserved and did not use."""
        self._stop_settling()
        if self._limits:
            await patiently(lambda: self._rows.settle(self._lease, self._spent))

    def close(self) -> None:
        """The run's ending settles the rest."""
        self._stop_settling()

    async def _reserve(self, call: WorstCase) -> Reservation:
        limits = self._limits
        if not call.is_repair:
            limits = {key: most for key, most in limits.items() if key[0] != "repair"}
        return await self._rows.reserve(
            self._lease,
            Amount(call.usd or 0.0, call.tokens),
            spent=self._spent,
            repaired=self._repaired,
            limits=limits,
            duration=self._duration,
        )

    def _settle_aside(self) -> None:
        self._settling = None
        spawn(self._settle_once(), name="settle a model call")

    async def _settle_once(self) -> None:
        try:
            await self._rows.settle(self._lease, self._spent)
        except DatabaseUnavailable:
            log.info("call_not_settled")  # the next reservation does it

    def _stop_settling(self) -> None:
        if self._settling is not None:
            self._settling.cancel()
            self._settling = None

    def _warn(self, reservation: Reservation) -> None:
        for limit in reservation.limits:
            what = (limit.key, limit.unit)
            if limit.spent < WARN_AT * limit.most or what in self._warned:
                continue
            self._warned.add(what)
            self._emit(_warning(limit, f"{_spent(limit)}."))

    def _tell_reached(self, limit: LimitState) -> None:
        self._emit(_warning(limit, _sentence(limit), is_reached=True))

    def _tell_waiting(self) -> None:
        detail = (
            "Other work of yours takes up what is left of your limit; this message waits for it."
        )
        self._emit(StateChanged(state="waiting", detail=detail, code="budget_reserved"))

    def _tell_unknown_price(self, model: str) -> None:
        if ("price", model) in self._warned or not any(unit == "usd" for _, unit in self._limits):
            return
        self._warned.add(("price", model))
        detail = (
            f"Nobody published a price for {model}: limits in US dollars do not count its calls. "
            "MODEL_PRICES can say it."
        )
        self._emit(StateChanged(state="unknown_price", detail=detail, code="unknown_price"))

    def _reached(self, limit: LimitState) -> BudgetReached:
        more = shown(self._limits[limit.scope, limit.unit], limit.unit)
        return BudgetReached(
            f"{_sentence(limit)} How should it go on?",
            key=limit.key,
            times=limit.times + 1,
            more=more if self._may_be_raised else "",
            smaller=self._smaller,
        )


def shown(amount: float, unit: Unit) -> str:
    """An amount as a person reads it."""
    if unit == "tokens":
        return f"{amount:,.0f} tokens"
    return f"${amount:.2f}" if amount >= 0.1 else f"${amount:.4f}"


def _limits(budget: BudgetSettings) -> Mapping[tuple[BudgetScope, Unit], float]:
    units: tuple[Unit, ...] = ("usd", "tokens")
    return {
        (scope, unit): budget.limits[name]
        for scope in BUDGET_SCOPES
        for unit in units
        if (name := f"{scope}_{unit}") in budget.limits
    }


def _sum(amount: Amount, used: Usage) -> Amount:
    return Amount(amount.usd + (used.cost_usd or 0.0), amount.tokens + used.tokens)


def _warning(limit: LimitState, message: str, *, is_reached: bool = False) -> BudgetWarning:
    return BudgetWarning(
        message=message,
        scope=limit.scope,
        unit=limit.unit,
        spent=limit.spent,
        limit=limit.most,
        is_reached=is_reached,
    )


def _spent(limit: LimitState) -> str:
    has = "have" if limit.scope in ("user", "day") else "has"
    today = " today" if limit.scope == "day" else ""
    spent, most = shown(limit.spent, limit.unit), shown(limit.most, limit.unit)
    return f"{_WHOSE[limit.scope]} {has} spent {spent}{today} of at most {most}"


def _sentence(limit: LimitState) -> str:
    return f"{_spent(limit)}, and the next model call may use {shown(limit.next, limit.unit)}."


if TYPE_CHECKING:

    def _proof(purse: RunPurse) -> Purse:
        return purse
