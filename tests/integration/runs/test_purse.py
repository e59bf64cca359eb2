"""Limits on what runs may cost, with a model that never stops, real PostgreSQL and real HTTP."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace

import pytest
from pydantic import SecretStr

from stackwright.agent.billing import Billing
from stackwright.agent.contract import AgentOutcome, BudgetReached, WorstCase
from stackwright.agent.models.anthropic import AnthropicModel
from stackwright.agent.policies.base import TurnRequest
from stackwright.agent.stream import Agent
from stackwright.agent.turn import RetryRule
from stackwright.core.events import AgentComplete, Event, Usage
from stackwright.core.ids import RunId, UserId, new_id
from stackwright.core.setting_groups import BudgetSettings, DatabaseSettings, ModelSettings
from stackwright.db.engine import Database, Rows
from stackwright.db.notifications import RunNotifications
from stackwright.projects.service import ProjectService
from stackwright.runs.events.log import EventLog
from stackwright.runs.lease import ClaimedRun
from stackwright.runs.project_limits import with_limits_of
from stackwright.runs.purse import RunPurse
from stackwright.runs.service import RunService
from stackwright.testing.agent_world import AgentWorld
from stackwright.testing.script import call, faulty
from stackwright.testing.scripted_model import ScriptedModel

MODEL, OUTPUT_TOKENS = "claude-sonnet-4-6", 2000
BREAKS: tuple[tuple[str, ...], ...] = ((), ("trunc_text_rst",), ("529",), ("trunc_tool_clean",))
"""What happens to every fourth call before it succeeds: some break off in the middle."""
WORST_USD = 0.08
"""More than any call of these conversations may cost: 2,000 tokens written, a short prompt read."""


@pytest.fixture
async def server() -> AsyncIterator[ScriptedModel]:
    async with ScriptedModel() as running:
        turns = [call("read_file", path=f"{n}.py") for n in range(200)]
        running.script(*[faulty(one, *BREAKS[n % 4]) for n, one in enumerate(turns)])
        yield running


@pytest.fixture
async def model(server: ScriptedModel) -> AsyncIterator[AnthropicModel]:
    settings = ModelSettings(
        provider="anthropic",
        name=MODEL,
        temperature=0.7,
        max_tokens=OUTPUT_TOKENS,
        timeout_s=20,
        api_key=SecretStr("sk-scripted"),
        base_url=server.url,
        max_iterations=200,
        summarization=False,
        summarization_threshold_tokens=100_000,
    )
    made = AnthropicModel(settings)
    yield made
    await made.aclose()


class Worker:
    """One worker's end: database, log, agent."""

    def __init__(self, database: Database, signals: RunNotifications, name: str) -> None:
        self.database, self.signals, self.name = database, signals, name
        self.runs, self.log = RunService(database, signals), EventLog(database, signals)
        self.agent = Agent(
            compact_above_tokens=None,
            output_tokens=OUTPUT_TOKENS,
            retry=RetryRule(first_wait_s=0.01, max_wait_s=0.05),
        )

    async def accepted(self, user: UserId, message: str = "go on for ever") -> RunId:
        project = new_id()
        return (await self.runs.accept(user_id=user, project_id=project, message=message)).run_id

    async def claimed(self, run_id: RunId) -> ClaimedRun:
        claimed = await self.runs.claim(run_id, worker=self.name)
        assert claimed is not None
        return claimed

    def purse(
        self, claimed: ClaimedRun, budget: BudgetSettings, told: list[Event] | None = None
    ) -> RunPurse:
        heard: list[Event] = [] if told is None else told
        return RunPurse(
            self.database,
            claimed.lease,
            claimed.run,
            budget,
            emit=heard.append,
            longest_call_s=20,
        )

    async def loop(
        self, run_id: RunId, budget: BudgetSettings, model: AnthropicModel, told: list[Event]
    ) -> AgentOutcome:
        """Work on the run until it waits for the person."""
        claimed = await self.claimed(run_id)
        purse = self.purse(claimed, budget, told)
        async with self.log.writer(claimed.lease) as writer:

            def emit(event: Event) -> None:
                told.append(event)
                writer.emit(event)
                if isinstance(event, Usage):
                    purse.add(event)

            work = AgentWorld(model).work(claimed.run.input, max_iterations=200)
            outcome = await self.agent.run(replace(work, emit=emit, purse=purse))
            await purse.settle()
            await writer.flush()
        return outcome


@pytest.fixture
async def workers(
    database_url: str,
    database_settings: DatabaseSettings,
    database: Database,
    signals: RunNotifications,
) -> AsyncIterator[tuple[Worker, Worker]]:
    other = Database(database_url, database_settings)
    yield Worker(database, signals, "one"), Worker(other, signals, "two")
    await other.close()


def cost(told: list[Event]) -> float:
    return sum(event.cost_usd or 0 for event in told if isinstance(event, Usage))


async def test_twenty_runs_at_once_on_two_workers_stay_within_the_days_limit(
    workers: tuple[Worker, Worker], model: AnthropicModel, user: UserId
) -> None:
    budget = BudgetSettings(limits={"day_usd": 0.3})
    run_ids = [await workers[0].accepted(user) for _ in range(20)]
    told: list[list[Event]] = [[] for _ in run_ids]
    async with asyncio.TaskGroup() as group:
        looping = [
            group.create_task(workers[n % 2].loop(run_id, budget, model, told[n]))
            for n, run_id in enumerate(run_ids)
        ]
    spent = sum(map(cost, told))
    assert {task.result().ending for task in looping} == {"waiting_input"}
    assert 0.3 - WORST_USD <= spent <= 0.3
    ((live,),) = await workers[1].database.fetch(
        "SELECT (SELECT sum((e.value->>'usd')::float8) FROM jsonb_each(live) e) FROM purses"
        " WHERE user_id = %(user)s",
        {"user": user},
    )
    assert live == pytest.approx(spent)


async def test_a_run_pauses_with_a_card_before_its_limit_and_warns_on_the_way(
    workers: tuple[Worker, Worker], model: AnthropicModel, user: UserId
) -> None:
    told: list[Event] = []
    run_id = await workers[0].accepted(user)
    outcome = await workers[0].loop(run_id, BudgetSettings(limits={"run_usd": 0.5}), model, told)
    assert outcome.ending == "waiting_input"
    assert 0.5 - WORST_USD <= cost(told) <= 0.5
    assert outcome.question.startswith("This message has spent $0.4")
    assert outcome.fields[0].choices == ("Raise the limit by $0.50", "Stop here")
    warnings = [event for event in told if event.type == "budget_warning"]
    assert [event.is_reached for event in warnings] == [False, True]


@pytest.mark.parametrize("scope", ["run", "project", "user", "day"])
async def test_a_limit_of_tokens_holds_in_each_scope(
    workers: tuple[Worker, Worker], model: AnthropicModel, user: UserId, scope: str
) -> None:
    told: list[Event] = []
    budget = BudgetSettings(limits={f"{scope}_tokens": 20_000})
    outcome = await workers[0].loop(await workers[0].accepted(user), budget, model, told)
    used = sum(event.tokens for event in told if isinstance(event, Usage))
    assert outcome.ending == "waiting_input"
    assert 20_000 - 8000 <= used <= 20_000


async def room(worker: Worker, claimed: ClaimedRun, budget: BudgetSettings, usd: float) -> RunPurse:
    purse = worker.purse(claimed, budget)
    await purse.reserve(WorstCase(MODEL, 1000, usd))
    return purse


async def test_what_a_dead_worker_reserved_is_free_for_the_one_that_takes_the_run_over(
    workers: tuple[Worker, Worker], user: UserId
) -> None:
    budget = BudgetSettings(limits={"user_usd": 1.0})
    run_id = await workers[0].accepted(user)
    claimed = await workers[0].claimed(run_id)
    await room(workers[0], claimed, budget, 0.9)
    await workers[0].runs.hand_over(claimed.lease)
    await room(workers[1], await workers[1].claimed(run_id), budget, 0.9)


async def test_a_reservation_that_nobody_takes_over_ends_by_itself(
    workers: tuple[Worker, Worker], user: UserId
) -> None:
    budget = BudgetSettings(limits={"user_usd": 1.0})
    claimed = await workers[0].claimed(await workers[0].accepted(user))
    await room(workers[0], claimed, budget, 0.9)
    await workers[0].database.fetch(
        "UPDATE purses SET live = jsonb_set(live, ARRAY[%(run)s, 'until'], '1') WHERE user_id = %(user)s",
        {"run": claimed.lease.run_id, "user": user},
    )
    await room(workers[1], await workers[1].claimed(await workers[1].accepted(user)), budget, 0.9)


async def test_a_run_waits_for_room_that_another_runs_call_takes_up(
    workers: tuple[Worker, Worker], user: UserId
) -> None:
    budget = BudgetSettings(limits={"user_usd": 1.0})
    first = await workers[0].claimed(await workers[0].accepted(user))
    second = await workers[1].claimed(await workers[1].accepted(user))
    purse = await room(workers[0], first, budget, 0.9)
    waiting = asyncio.create_task(room(workers[1], second, budget, 0.9))
    purse.add(Usage(model=MODEL, input_tokens=10, output_tokens=1, cost_usd=0.05))
    await purse.settle()
    await waiting
    with pytest.raises(BudgetReached, match=r"You have spent \$0.0500 of at most \$1.00"):
        await purse.reserve(WorstCase(MODEL, 1000, 0.96))


async def test_a_raised_limit_has_room_again_for_this_run_only(
    workers: tuple[Worker, Worker], user: UserId
) -> None:
    budget = BudgetSettings(limits={"run_usd": 1.0})
    purse = workers[0].purse(await workers[0].claimed(await workers[0].accepted(user)), budget)
    with pytest.raises(BudgetReached) as reached:
        await purse.reserve(WorstCase(MODEL, 1000, 1.5))
    for _ in range(2):
        await purse.raise_limit(reached.value.key, reached.value.times)
    await purse.reserve(WorstCase(MODEL, 1000, 1.5))
    with pytest.raises(BudgetReached):
        await purse.reserve(WorstCase(MODEL, 1000, 2.5))
    other = workers[1].purse(await workers[1].claimed(await workers[1].accepted(user)), budget)
    with pytest.raises(BudgetReached):
        await other.reserve(WorstCase(MODEL, 1000, 1.5))


async def test_repairs_have_a_limit_of_their_own(
    workers: tuple[Worker, Worker], user: UserId
) -> None:
    purse = workers[0].purse(
        await workers[0].claimed(await workers[0].accepted(user)),
        BudgetSettings(limits={"repair_usd": 0.5}),
    )
    built = Usage(model=MODEL, input_tokens=10, output_tokens=1, cost_usd=3.0)
    purse.add(built)
    await purse.reserve(WorstCase(MODEL, 1000, 1.0))
    purse.add(built.model_copy(update={"purpose": "repair", "cost_usd": 0.4}))
    await purse.reserve(WorstCase(MODEL, 1000, 1.0))
    with pytest.raises(BudgetReached, match="Repairing the app after this message has spent"):
        await purse.reserve(WorstCase(MODEL, 1000, 0.2, is_repair=True))
    purse.close()


async def test_an_ended_runs_cost_stays_the_users_and_the_days(
    workers: tuple[Worker, Worker], user: UserId
) -> None:
    worker, budget = workers[0], BudgetSettings(limits={"day_usd": 0.2})
    claimed = await worker.claimed(await worker.accepted(user))
    purse = worker.purse(claimed, budget)
    async with worker.log.writer(claimed.lease) as writer:
        await purse.reserve(WorstCase(MODEL, 1000, 0.1))
        used = Usage(model=MODEL, input_tokens=10, output_tokens=1, cost_usd=0.15)
        writer.emit(used)
        purse.add(used)
        purse.close()
        project = claimed.lease.project_id
        await writer.finish(AgentComplete(timestamp="t", project_id=project, status="answered"))
    ((usd, tokens, day_usd, live),) = await worker.database.fetch(
        "SELECT spent_usd, spent_tokens, day_usd, live FROM purses WHERE user_id = %(user)s",
        {"user": user},
    )
    assert (usd, tokens, day_usd, live) == (0.15, 11, 0.15, {})
    run = await worker.runs.get(user, project, claimed.lease.run_id)
    assert (run.spent_usd, run.spent_tokens, run.repair_usd) == (0.15, 11, 0.0)
    next_one = worker.purse(await worker.claimed(await worker.accepted(user)), budget)
    with pytest.raises(BudgetReached, match=r"You have spent \$0.15 today"):
        await next_one.reserve(WorstCase(MODEL, 1000, 0.1))


class CountingDatabase(Database):
    statements = 0

    async def fetch(self, statement: str, values: Mapping[str, object]) -> Rows:
        self.statements += 1
        return await super().fetch(statement, values)


async def test_a_call_with_limits_asks_the_database_once_and_one_without_never(
    workers: tuple[Worker, Worker],
    database_url: str,
    database_settings: DatabaseSettings,
    user: UserId,
) -> None:
    claimed = await workers[0].claimed(await workers[0].accepted(user))
    counting = CountingDatabase(database_url, database_settings)
    worker = Worker(counting, workers[0].signals, "counting")
    purse = await room(worker, claimed, BudgetSettings(limits={"run_usd": 9.0}), 0.1)
    counting.statements = 0
    for _ in range(5):
        purse.add(Usage(model=MODEL, input_tokens=10, output_tokens=1, cost_usd=0.05))
        await purse.reserve(WorstCase(MODEL, 1000, 0.1))
    assert counting.statements == 5
    unlimited = Billing(purse=worker.purse(claimed, BudgetSettings()))
    await unlimited.reserve(MODEL, TurnRequest((), "", ()))
    assert counting.statements == 5
    await counting.close()


async def test_a_limit_that_a_person_sets_for_a_project_counts_however_often_it_was_raised(
    workers: tuple[Worker, Worker], user: UserId
) -> None:
    worker = workers[0]
    projects = ProjectService(worker.database)
    run_id = await worker.accepted(user)
    claimed = await worker.claimed(run_id)
    project = claimed.lease.project_id

    async def purse_of(max_usd: float | None) -> RunPurse:
        changed = await projects.change(user, project, {"max_usd": max_usd})
        return worker.purse(claimed, with_limits_of(changed, BudgetSettings()))

    purse = await purse_of(1.0)
    with pytest.raises(
        BudgetReached, match=r"This project has spent .* of at most \$1.00"
    ) as reached:
        await purse.reserve(WorstCase(MODEL, 1000, 1.5))
    await purse.raise_limit(reached.value.key, reached.value.times)
    await purse.reserve(WorstCase(MODEL, 1000, 1.5))
    purse = await purse_of(1.2)
    with pytest.raises(BudgetReached):
        await purse.reserve(WorstCase(MODEL, 1000, 1.5))
    assert (await purse_of(None)).is_open
