import json

import pytest

from stackwright.core.errors import BadInput, Conflict, ProjectNotFound
from stackwright.core.ids import ProjectId, UserId, new_id
from stackwright.db.engine import Database
from stackwright.runs.events.log import EventLog
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
