"""A project's plan: proposed by a run, corrected by the person, built when they approve it."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from stackwright.core.bounded import TookTooLong, bounded
from stackwright.core.errors import BadInput, Conflict
from stackwright.core.events import PlanProposed, VerificationReport
from stackwright.core.ids import ProjectId, RunId, UserId
from stackwright.core.plans import Plan, PlannedWish, StoredPlan, as_message
from stackwright.core.postgres import patiently
from stackwright.core.wishes import Wish
from stackwright.db.engine import Database, Transaction, within
from stackwright.db.fencing import lease_fence
from stackwright.db.plans import PlanRepository
from stackwright.db.projects import ProjectRepository
from stackwright.db.run_records import Lease
from stackwright.db.runs import RunRepository
from stackwright.db.wishes import WishRepository
from stackwright.offline.plans import NotCorrected, corrected, taught
from stackwright.projects.wishes import MAX_KEPT, TooManyWishes, with_wishes
from stackwright.runs.incoming_message import name_from
from stackwright.runs.submission import AcceptedRun, queue_run
from stackwright.tools.base import Emit, PlanBook, ProjectRecords

MAX_CORRECTIONS = 100


class PlanNotFound(BadInput):
    status = 404
    code = "plan_not_found"

    def __init__(self) -> None:
        super().__init__("This project has no plan yet; ask for one first, in plan mode.")


class PlanService:
    """The plans of projects, for their owners."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, user_id: UserId, project_id: ProjectId) -> StoredPlan:
        """Raises ProjectNotFound, PlanNotFound."""
        async with self._database.transaction() as transaction:
            await ProjectRepository(transaction).get_owned(project_id, user_id)
            return await _get(transaction, user_id, project_id)

    async def edit(
        self, user_id: UserId, project_id: ProjectId, changes: Mapping[str, Any]
    ) -> StoredPlan:
        """Replace parts of the open plan. Raises PlanNotFound, Conflict once it is approved, BadInput."""
        before, stored = await self._edited(user_id, project_id, changes)
        async with self._database.transaction() as transaction:
            await _lock_unchanged(transaction, user_id, project_id, before)
            await PlanRepository(transaction).save(user_id, project_id, stored)
            return stored

    async def approve(
        self, user_id: UserId, project_id: ProjectId, changes: Mapping[str, Any]
    ) -> AcceptedRun:
        """Build the plan, with these last changes: a run begins with its wishes set. Raises as `edit`
        does, and Conflict while a run waits for the person."""
        before, stored = await self._edited(user_id, project_id, changes)
        async with self._database.transaction() as transaction:
            await _lock_unchanged(transaction, user_id, project_id, before)
            current = await RunRepository(transaction).find_current(user_id, project_id)
            if current is not None and current.status == "waiting_input":
                raise Conflict("A run waits for your answer; answer it or stop it first.")
            wishes = WishRepository(transaction)
            known = await wishes.lock(user_id, project_id)
            number = known.next_number
            ids = [f"w{number + index}" for index in range(len(stored.plan.wishes))]
            if len(known.wishes) + len(ids) > MAX_KEPT:
                raise TooManyWishes
            message = as_message(stored.plan, ids)
            accepted = await queue_run(transaction, user_id, project_id, message, kind="chat")
            made = [
                _wish(planned, wish_id, accepted.run_id)
                for planned, wish_id in zip(stored.plan.wishes, ids, strict=True)
            ]
            left = {"not_understood": stored.plan.not_understood}
            listed = with_wishes(known, (*known.wishes, *made)).model_copy(update=left)
            await wishes.save(user_id, project_id, listed)
            update = {"state": "approved", "build_run_id": accepted.run_id}
            await PlanRepository(transaction).save(
                user_id, project_id, stored.model_copy(update=update)
            )
        return accepted

    async def _edited(
        self, user_id: UserId, project_id: ProjectId, changes: Mapping[str, Any]
    ) -> tuple[StoredPlan, StoredPlan]:
        """The open plan, and what the changes make of it. It is read outside of any transaction, because
        reading takes long."""
        async with self._database.transaction() as transaction:
            await ProjectRepository(transaction).get_owned(project_id, user_id)
            before = await _get_open(transaction, user_id, project_id)
        return before, await edited(before, changes)


@dataclass(frozen=True, slots=True)
class RunPlanBook:
    """Implements tools.base.PlanBook for a leased run."""

    database: Database
    lease: Lease
    emit: Emit

    async def propose(self, plan: Plan) -> Plan:
        corrections = await patiently(self._corrections)
        if corrections:
            with suppress(TookTooLong):
                plan = await bounded(taught, plan, corrections)
        await patiently(lambda: self._save(plan))
        self.emit(PlanProposed(plan=plan))
        return plan

    async def _corrections(self) -> tuple[str, ...]:
        async with self.database.transaction() as transaction:
            rows = PlanRepository(transaction)
            earlier = read_plan(await rows.find(self.lease.user_id, self.lease.project_id))
        return () if earlier is None else earlier.corrections

    async def _save(self, plan: Plan) -> None:
        lease, fence = self.lease, lease_fence(self.lease)
        async with self.database.transaction() as transaction:
            await ProjectRepository(transaction).get_owned(
                lease.project_id, lease.user_id, lock=True
            )
            if not await within(transaction)(fence.query, fence.values):
                raise fence.error
            rows = PlanRepository(transaction)
            earlier = read_plan(await rows.find(lease.user_id, lease.project_id))
            corrections = () if earlier is None else earlier.corrections
            stored = StoredPlan(plan=plan, run_id=lease.run_id, corrections=corrections)
            await rows.save(lease.user_id, lease.project_id, stored)
            if earlier is None:  # later plans are titled after the change
                await _name(transaction, lease, plan.title)

    async def to_build(self) -> Plan | None:
        """The plan that this run builds, if it builds one."""

        async def find() -> StoredPlan | None:
            async with self.database.transaction() as transaction:
                rows = PlanRepository(transaction)
                return read_plan(await rows.find(self.lease.user_id, self.lease.project_id))

        stored = await patiently(find)
        is_mine = stored is not None and stored.build_run_id == self.lease.run_id
        return stored.plan if stored is not None and is_mine else None


@dataclass(frozen=True, slots=True)
class RunRecords:
    """Implements tools.base.ProjectRecords."""

    database: Database
    lease: Lease

    async def last_report(self) -> VerificationReport | None:
        async def find() -> VerificationReport | None:
            async with self.database.transaction() as transaction:
                runs = RunRepository(transaction)
                run = await runs.find_last_report(self.lease.user_id, self.lease.project_id)
                report = None if run is None else run.report
            return None if report is None else VerificationReport.model_validate(report)

        return await patiently(find)

    async def name(self, title: str) -> None:
        """Name the project after its app, unless a person or an earlier title did."""

        async def name() -> None:
            async with self.database.transaction() as transaction:
                await _name(transaction, self.lease, title)

        await patiently(name)


async def _name(transaction: Transaction, lease: Lease, title: str) -> None:
    if name := name_from(title):
        projects = ProjectRepository(transaction)
        await projects.name_once(lease.project_id, lease.user_id, name=name, instead_of=name_from)


def read_plan(stored: dict[str, Any] | None) -> StoredPlan | None:
    """A plan as the database keeps it."""
    return None if stored is None else StoredPlan.model_validate(stored)


async def _get(transaction: Transaction, user_id: UserId, project_id: ProjectId) -> StoredPlan:
    stored = read_plan(await PlanRepository(transaction).find(user_id, project_id))
    if stored is None:
        raise PlanNotFound
    return stored


async def _get_open(transaction: Transaction, user_id: UserId, project_id: ProjectId) -> StoredPlan:
    stored = await _get(transaction, user_id, project_id)
    if stored.state == "approved":
        raise Conflict(f"This plan is approved: run {stored.build_run_id!r} builds it.")
    return stored


async def _lock_unchanged(
    transaction: Transaction, user_id: UserId, project_id: ProjectId, before: StoredPlan
) -> None:
    """Raises Conflict when somebody has changed the plan since it was read."""
    await ProjectRepository(transaction).get_owned(project_id, user_id, lock=True)
    if await _get_open(transaction, user_id, project_id) != before:
        raise Conflict("The plan has changed in the meantime; load it again.")


async def edited(stored: StoredPlan, changes: Mapping[str, Any]) -> StoredPlan:
    """The plan with the parts that the person replaced, and what that corrects. Raises BadInput."""
    before = stored.plan
    try:
        plan = Plan.model_validate({**before.model_dump(), **changes, "reading": before.reading})
        plan, sentences = await bounded(corrected, before, plan)
    except TookTooLong:
        raise BadInput("The corrections take too long to read; make fewer at once.") from None
    except (ValidationError, NotCorrected) as error:
        raise BadInput(f"The plan cannot be changed so: {_sentence(error)}") from None
    corrections = tuple(dict.fromkeys((*stored.corrections, *sentences)))[-MAX_CORRECTIONS:]
    return stored.model_copy(update={"plan": plan, "corrections": corrections})


def _sentence(error: ValidationError | NotCorrected) -> str:
    if isinstance(error, NotCorrected):
        return str(error)
    first = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}."


def _wish(planned: PlannedWish, wish_id: str, run_id: RunId) -> Wish:
    return Wish(
        id=wish_id,
        text=planned.text,
        kind=planned.kind,
        quotes=(planned.text,),
        state="not_built" if planned.not_built else "open",
        reason=planned.not_built,
        run_id=run_id,
    )


if TYPE_CHECKING:

    def _proof(book: RunPlanBook, records: RunRecords) -> tuple[PlanBook, ProjectRecords]:
        return book, records
