"""Plans in the database: proposed by a run, corrected and approved by their person only."""

from typing import Any

import pytest

from stackwright.core.errors import Conflict, PlatformError, ProjectNotFound
from stackwright.core.events import Event, PlanProposed
from stackwright.core.ids import ProjectId, UserId, new_id
from stackwright.core.plans import Plan, PlannedWish, is_approved_plan
from stackwright.db.engine import Database
from stackwright.db.run_records import Lease
from stackwright.projects.service import ProjectService
from stackwright.projects.wishes import WishService
from stackwright.runs.plans import PlanNotFound, PlanService, RunPlanBook, RunRecords
from stackwright.runs.service import RunService

pytestmark = pytest.mark.integration

PLAN = Plan(
    title="Shop",
    wishes=(
        PlannedWish(text="Orders are listed", kind="data"),
        PlannedWish(text="Mail is sent", not_built="No mail server."),
    ),
)


async def test_a_plan_is_proposed_corrected_and_built_once(
    service: RunService, database: Database, user: UserId, project: ProjectId
) -> None:
    plans, told = PlanService(database), list[Event]()
    run_id = (
        await service.accept(user_id=user, project_id=project, message="a shop", mode="plan")
    ).run_id
    claimed = await service.claim(run_id, worker="w")
    assert claimed is not None
    assert claimed.run.kind == "plan"
    with pytest.raises(PlanNotFound):
        await plans.get(user, project)

    book = RunPlanBook(database, claimed.lease, told.append)
    await book.propose(PLAN)
    assert (await ProjectService(database).get(user, project)).name == "Shop"
    assert [type(event) for event in told] == [PlanProposed]
    assert await book.to_build() is None
    await plans.edit(user, project, {"title": "Big Shop"})
    accepted = await plans.approve(user, project, {"decisions": ["In euros."]})

    stored = await plans.get(user, project)
    assert (stored.state, stored.build_run_id) == ("approved", accepted.run_id)
    run = await service.get(user, project, accepted.run_id)
    assert run.kind == "chat"
    assert is_approved_plan(run.input)
    assert "Big Shop" in run.input
    assert "In euros." in run.input
    wishes = (await WishService(database).list_of(user, project)).wishes
    assert [(w.id, w.state, w.run_id) for w in wishes] == [
        ("w1", "open", accepted.run_id),
        ("w2", "not_built", accepted.run_id),
    ]
    for again in (plans.approve(user, project, {}), plans.edit(user, project, {"title": "x"})):
        with pytest.raises(Conflict):
            await again


async def test_strangers_see_and_approve_nothing(
    service: RunService, database: Database, user: UserId, project: ProjectId
) -> None:
    run_id = (
        await service.accept(user_id=user, project_id=project, message="a shop", mode="plan")
    ).run_id
    claimed = await service.claim(run_id, worker="w")
    assert claimed is not None
    await RunPlanBook(database, claimed.lease, lambda _: None).propose(PLAN)
    plans, stranger = PlanService(database), UserId(new_id())
    for act in (
        plans.get(stranger, project),
        plans.edit(stranger, project, {"title": "Mine"}),
        plans.approve(stranger, project, {}),
    ):
        with pytest.raises(ProjectNotFound):
            await act


async def test_the_same_key_in_another_mode_is_another_request(
    service: RunService, user: UserId, project: ProjectId
) -> None:
    said: dict[str, Any] = {
        "user_id": user,
        "project_id": project,
        "message": "a shop",
        "idempotency_key": "k",
    }
    await service.accept(**said, mode="ask")
    assert (await service.accept(**said, mode="ask")).replayed
    with pytest.raises(PlatformError, match="key"):
        await service.accept(**said)


async def test_planning_never_steers_a_run_under_way(
    service: RunService, user: UserId, project: ProjectId
) -> None:
    first = (await service.accept(user_id=user, project_id=project, message="go")).run_id
    assert await service.claim(first, worker="w") is not None
    asked = await service.accept(
        user_id=user, project_id=project, message="why?", mode="ask", on_busy="steer"
    )
    assert asked.run_id != first
    assert (await service.get(user, project, asked.run_id)).kind == "ask"


async def test_the_app_names_its_project_once_and_never_over_a_persons_name(
    service: RunService, database: Database, user: UserId, project: ProjectId
) -> None:
    projects = ProjectService(database)

    async def lease_of(where: ProjectId) -> Lease:
        accepted = await service.accept(user_id=user, project_id=where, message="books\nand loans")
        claimed = await service.claim(accepted.run_id, worker="w")
        assert claimed is not None
        return claimed.lease

    async def name(where: ProjectId) -> str:
        return (await projects.get(user, where)).name

    records = RunRecords(database, await lease_of(project))
    assert await name(project) == "books and loans"
    for title in ("  ", "Library\n of  mine", "Another title"):
        await records.name(title)
    assert await name(project) == "Library of mine"

    other = ProjectId(new_id())
    records = RunRecords(database, await lease_of(other))
    (listed,) = [p for p in (await projects.list_of(user)).projects if p.id == other]
    page = await projects.list_of(user)
    assert other in page.working
    assert listed.id not in page.proofs
    await projects.change(user, other, {"name": "Mine"})
    await records.name("Library")
    assert await name(other) == "Mine"
