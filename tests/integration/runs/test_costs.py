"""What model calls cost, from real event logs."""

import pytest

from stackwright.agent.pricing import PriceList
from stackwright.core.events import AgentComplete, Usage
from stackwright.core.ids import ProjectId, RunId, UserId, new_id
from stackwright.db.engine import Database
from stackwright.runs.costs import CostService
from stackwright.runs.events.log import EventLog
from stackwright.runs.service import RunService

BUILD = Usage(
    model="m", input_tokens=100, output_tokens=50, cost_usd=0.3, tools=("edit_file", "read_file")
)
REPAIR = BUILD.model_copy(update={"purpose": "repair", "cost_usd": 0.1, "tools": ()})
FREE = Usage(model="mine", input_tokens=5, output_tokens=5, tools=("edit_file",))


@pytest.fixture
def costs(database: Database) -> CostService:
    return CostService(database, model="claude-sonnet-4-6", prices=PriceList())


async def ran(
    service: RunService, log: EventLog, user: UserId, project: ProjectId, *used: Usage
) -> RunId:
    accepted = await service.accept(user_id=user, project_id=project, message="go")
    claimed = await service.claim(accepted.run_id, worker="w")
    assert claimed is not None
    async with log.writer(claimed.lease) as writer:
        for one in used:
            writer.emit(one)
        await writer.finish(AgentComplete(timestamp="t", project_id=project, status="answered"))
    return accepted.run_id


async def test_costs_of_a_run_a_project_and_a_user(
    service: RunService, log: EventLog, costs: CostService, user: UserId, project: ProjectId
) -> None:
    first = await ran(service, log, user, project, BUILD, REPAIR)
    await ran(service, log, user, project, FREE)
    other = ProjectId(new_id())
    await ran(service, log, user, other, BUILD)

    of_run = await costs.of_run(user, project, first)
    assert of_run.total.usd == pytest.approx(0.4)
    assert (of_run.total.calls, of_run.total.tokens) == (2, 300)
    assert {tool.name: round(tool.usd, 2) for tool in of_run.by_tool} == {
        "edit_file": 0.15,
        "read_file": 0.15,
        "(words only)": 0.1,
    }
    assert of_run.repair.usd == pytest.approx(0.1)
    of_project = await costs.of_project(user, project, days=1)
    assert (of_project.total.calls, of_project.total.unpriced_calls) == (3, 1)
    assert (await costs.of_user(user)).total.usd == pytest.approx(0.7)
    assert (await costs.of_project(UserId("stranger"), project)).total.calls == 0


async def test_the_next_run_is_expected_to_cost_what_the_last_ones_did(
    service: RunService, log: EventLog, costs: CostService, user: UserId, project: ProjectId
) -> None:
    new = await costs.estimate(user, None)
    assert new.usd == pytest.approx(0.4215)
    assert (
        new.sentence
        == "About $0.42 with claude-sonnet-4-6. As measured for a new app: 10 model calls."
    )
    await ran(service, log, user, project, BUILD, REPAIR)
    like = await costs.estimate(user, project)
    assert (like.usd, like.model_calls) == (pytest.approx(0.4), 2)
    assert "this project's last run" in like.sentence
    assert "Like your last run" in (await costs.estimate(user, ProjectId(new_id()))).sentence


async def test_the_offline_builder_costs_nothing(database: Database, user: UserId) -> None:
    offline = CostService(database, model="offline", prices=PriceList())
    estimate = await offline.estimate(user, None)
    assert (estimate.is_free, estimate.usd) == (True, 0.0)
