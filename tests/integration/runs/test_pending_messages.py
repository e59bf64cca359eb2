import json

import pytest

from stackwright.core.errors import BadInput, Conflict, ProjectNotFound
from stackwright.core.ids import ProjectId, RunId, UserId, new_id
from stackwright.db.engine import Database
from stackwright.runs.events.log import EventLog
from stackwright.runs.lease import ClaimedRun
from stackwright.runs.pending_messages import PendingMessages
from stackwright.runs.service import RunService

pytestmark = pytest.mark.integration


@pytest.fixture
def queued(database: Database) -> PendingMessages:
    return PendingMessages(database)


async def test_waiting_messages_are_listed_changed_and_taken_back(
    service: RunService, queued: PendingMessages, log: EventLog, user: UserId, project: ProjectId
) -> None:
    first, second, third = [
        (await service.accept(user_id=user, project_id=project, message=text)).run_id
        for text in ("one", "two", "three")
    ]
    busy = await service.claim(first, worker="w")
    assert busy is not None

    assert [run.input for run in await queued.list_of(user, project)] == ["two", "three"]
    await queued.edit(user, project, second, "deux")
    ended = await queued.withdraw(user, project, third)

    assert (ended.status, ended.is_ended) == ("cancelled", True)
    assert [run.input for run in await queued.list_of(user, project)] == ["deux"]
    asked = [m.content for m in await service.history(user, project) if m.role == "user"]
    assert asked == ["one", "deux", "three"]
    told = [json.loads(event.data) for event in await log.read(user, project, second)]
    assert [(e["type"], e.get("text")) for e in told] == [
        ("user_message", "two"),
        ("run_queued", None),
        ("user_message", "deux"),
    ]
    assert told[0]["message_id"] == told[2]["message_id"]
    await service.hand_over(busy.lease)
    claimed = await service.claim(second, worker="w")
    assert claimed is not None
    assert claimed.run.input == "deux"


async def test_a_message_that_a_worker_began_with_stays_as_it_is(
    service: RunService, queued: PendingMessages, user: UserId, project: ProjectId
) -> None:
    run_id = (await service.accept(user_id=user, project_id=project, message="one")).run_id
    claimed = await service.claim(run_id, worker="w")
    assert claimed is not None
    with pytest.raises(Conflict):
        await queued.edit(user, project, run_id, "other")
    await service.hand_over(claimed.lease)
    with pytest.raises(Conflict):
        await queued.withdraw(user, project, run_id)
    assert await queued.list_of(user, project) == []


async def test_others_see_and_change_nothing(
    service: RunService, queued: PendingMessages, user: UserId, project: ProjectId
) -> None:
    run_id = (await service.accept(user_id=user, project_id=project, message="one")).run_id
    other = UserId(new_id())
    with pytest.raises(ProjectNotFound):
        await queued.list_of(other, project)
    for change in (
        queued.edit(other, project, run_id, "x"),
        queued.withdraw(other, project, run_id),
    ):
        with pytest.raises(Exception, match="There is no"):
            await change
    with pytest.raises(BadInput):
        await queued.edit(user, project, run_id, " ")


async def waiting_behind(
    service: RunService, user: UserId, project: ProjectId, *texts: str
) -> tuple[ClaimedRun, list[RunId]]:
    """A run that is worked on, and the messages behind it."""
    ids = [
        (await service.accept(user_id=user, project_id=project, message=text)).run_id
        for text in ("first", *texts)
    ]
    claimed = await service.claim(ids[0], worker="w")
    assert claimed is not None
    return claimed, ids[1:]


async def given_out(database: Database, project: ProjectId) -> list[str]:
    """The project's runs in the order in which workers get them."""
    rows = await database.fetch(
        "SELECT args ->> 'run_id' FROM procrastinate_jobs WHERE lock = %(project)s AND status = 'todo'"
        " ORDER BY priority DESC, id",
        {"project": project},
    )
    return [row[0] for row in rows]


async def test_waiting_messages_are_worked_on_in_the_order_that_the_person_wants(
    service: RunService,
    queued: PendingMessages,
    log: EventLog,
    database: Database,
    user: UserId,
    project: ProjectId,
) -> None:
    busy, (a, b, c) = await waiting_behind(service, user, project, "a", "b", "c")

    moved = await queued.reorder(user, project, [c, a, b])

    assert [run.input for run in moved] == ["c", "a", "b"]
    assert [run.id for run in await queued.list_of(user, project)] == [c, a, b]
    assert await given_out(database, project) == [busy.lease.run_id, c, a, b]
    asked = [m.content for m in await service.history(user, project) if m.role == "user"]
    assert asked == ["first", "c", "a", "b"]
    following = await service.find_next(user, project, busy.run.number)
    assert following is not None
    assert following.id == c
    told = [json.loads(event.data) for event in await log.read(user, project, c)]
    assert [e["position"] for e in told if e["type"] == "run_queued"] == [3, 1]


async def test_an_order_of_other_messages_than_those_that_wait_is_refused(
    service: RunService,
    queued: PendingMessages,
    database: Database,
    user: UserId,
    project: ProjectId,
) -> None:
    busy, (a, b) = await waiting_behind(service, user, project, "a", "b")
    for wrong in ([a], [a, a], [a, b, busy.lease.run_id], [b, RunId("other")]):
        with pytest.raises(Conflict):
            await queued.reorder(user, project, wrong)
    with pytest.raises(ProjectNotFound):
        await queued.reorder(UserId(new_id()), project, [b, a])
    await database.fetch(
        "UPDATE procrastinate_jobs SET status = 'doing' WHERE args ->> 'run_id' = %(run)s RETURNING id",
        {"run": a},
    )
    with pytest.raises(Conflict):
        await queued.reorder(user, project, [b, a])
    assert [run.id for run in await queued.list_of(user, project)] == [a, b]


async def test_a_changed_message_is_worked_on_as_what_it_asks_for_now(
    service: RunService, queued: PendingMessages, user: UserId, project: ProjectId
) -> None:
    _, (check, build) = await waiting_behind(service, user, project, "check again", "add a title")
    assert (await queued.edit(user, project, check, "add a date")).kind == "chat"
    assert (await queued.edit(user, project, build, "check again")).kind == "proof"
