import asyncio
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from stackwright.agent.contract import TurnStart
from stackwright.core.errors import (
    BadInput,
    Conflict,
    IdempotencyMismatch,
    InvalidId,
    ProjectNotFound,
    RunNotFound,
    UserNotFound,
)
from stackwright.core.events import AgentCancelled, AgentComplete, UserInputRequired
from stackwright.core.ids import ProjectId, RunId, UserId, new_id
from stackwright.db.engine import Database
from stackwright.db.messages import MessageRepository
from stackwright.db.run_records import RunStopped
from stackwright.db.submission import SubmissionRepository
from stackwright.projects.service import ProjectService
from stackwright.runs.attachments import GivenAttachment, checked
from stackwright.runs.events.log import EventLog
from stackwright.runs.evidence import EvidenceStore
from stackwright.runs.lease import EarlierRunFirst
from stackwright.runs.service import RunService
from stackwright.runs.submission import AcceptedRun

pytestmark = pytest.mark.integration


async def types(log: EventLog, user: UserId, project: ProjectId, run: RunId) -> list[str]:
    return [event.type for event in await log.read(user, project, run)]


async def test_a_message_to_an_unknown_project_creates_user_project_run_and_first_events(
    service: RunService, log: EventLog, database: Database, user: UserId, project: ProjectId
) -> None:
    accepted = await service.accept(
        user_id=user, project_id=project, message="  Make\na shop ", email=f"{user}@x.org"
    )
    assert await types(log, user, project, accepted.run_id) == ["user_message", "run_queued"]
    run = await service.get(user, project, accepted.run_id)
    assert (run.status, run.input, run.last_seq) == ("queued", "  Make\na shop ", 2)
    made = await ProjectService(database).get(user, project)
    assert made.name == "Make a shop"
    assert len(made.preview_label) == 26
    assert [m.content for m in await service.history(user, project)] == ["  Make\na shop "]
    state = await service.state(user, project)
    assert state.current_run == run
    assert state.runs_by_status == {"queued": 1}


async def test_the_runs_of_each_project_are_numbered_from_1(
    service: RunService, user: UserId, project: ProjectId
) -> None:
    other = ProjectId(new_id())
    for place in (project, other, project):
        await service.accept(user_id=user, project_id=place, message="Make a shop")
    assert [run.number for run in await service.list_of(user, project)] == [2, 1]
    assert [run.number for run in await service.list_of(user, other)] == [1]


async def test_messages_that_come_at_once_get_numbers_without_gaps(
    service: RunService, user: UserId, project: ProjectId
) -> None:
    accept = partial(service.accept, user_id=user, project_id=project)
    await asyncio.gather(*(accept(message=f"Message {place}") for place in range(12)))
    assert [run.number for run in await service.list_of(user, project)] == [*range(12, 0, -1)]


BAD: list[tuple[dict[str, Any], type[Exception]]] = [
    ({"message": " \n"}, BadInput),
    ({"message": "a\0b"}, BadInput),
    ({"message": "a\ud800b"}, BadInput),
    ({"project_id": "../x"}, InvalidId),
    ({"project_id": ""}, InvalidId),
    ({"user_id": "a b"}, InvalidId),
]


@pytest.mark.parametrize(("wrong", "error"), BAD)
async def test_bad_input_changes_nothing(
    service: RunService,
    database: Database,
    user: UserId,
    project: ProjectId,
    wrong: dict[str, Any],
    error: type[Exception],
) -> None:
    with pytest.raises(error):
        await service.accept(**{"user_id": user, "project_id": project, "message": "go", **wrong})
    with pytest.raises(UserNotFound):
        await ProjectService(database).list_of(user)


async def test_another_users_project_looks_unknown_and_leaves_no_trace(
    service: RunService, database: Database, user: UserId, project: ProjectId
) -> None:
    await service.accept(user_id=user, project_id=project, message="mine")
    stranger = UserId(new_id())
    with pytest.raises(ProjectNotFound):
        await service.accept(user_id=stranger, project_id=project, message="yours?")
    with pytest.raises(UserNotFound):
        await ProjectService(database).list_of(stranger)
    assert len(await service.history(user, project)) == 1


async def test_an_address_of_another_user_is_not_taken_over(
    service: RunService, database: Database, user: UserId, project: ProjectId
) -> None:
    other = UserId(new_id())
    for each in (user, other):
        await service.accept(
            user_id=each, project_id=new_id(), message="go", email=f"{project}@x.org"
        )
    projects = ProjectService(database)
    assert (await projects.get_user(user)).email == f"{project}@x.org"
    assert (await projects.get_user(other)).email is None


async def test_the_same_key_gives_the_same_run_even_when_sent_at_once(
    service: RunService, user: UserId, project: ProjectId
) -> None:
    answers = await asyncio.gather(
        *(
            service.accept(user_id=user, project_id=project, message="go", idempotency_key="k1")
            for _ in range(8)
        )
    )
    assert len({answer.run_id for answer in answers}) == 1
    assert sum(not answer.replayed for answer in answers) == 1
    with pytest.raises(IdempotencyMismatch):
        await service.accept(
            user_id=user, project_id=project, message="other", idempotency_key="k1"
        )
    assert len(await service.list_of(user, project)) == 1


async def test_twenty_messages_at_once_are_all_kept_and_worked_on_in_one_order(
    service: RunService, user: UserId, project: ProjectId
) -> None:
    accepted = await asyncio.gather(
        *(
            service.accept(user_id=user, project_id=project, message=f"message {number}")
            for number in range(20)
        )
    )
    runs = list(reversed(await service.list_of(user, project)))
    assert {run.id for run in runs} == {answer.run_id for answer in accepted}
    history = await service.history(user, project)
    assert [message.run_id for message in history] == [run.id for run in runs]


async def test_cancelling_a_queued_run_ends_it_at_once_and_is_idempotent(
    service: RunService, log: EventLog, user: UserId, project: ProjectId
) -> None:
    run_id = (await service.accept(user_id=user, project_id=project, message="go")).run_id
    first = await service.cancel(user, project, run_id)
    assert first.status == "cancelled"
    assert await service.cancel(user, project, run_id) == first
    assert await types(log, user, project, run_id) == [
        "user_message",
        "run_queued",
        "agent_cancelled",
    ]
    assert await service.claim(run_id, worker="w") is None


async def test_a_running_run_is_told_to_stop_and_stays_so(
    service: RunService, user: UserId, project: ProjectId
) -> None:
    run_id = (await service.accept(user_id=user, project_id=project, message="go")).run_id
    claimed = await service.claim(run_id, worker="w")
    assert claimed is not None
    control = service.lease_control(claimed)
    async with asyncio.TaskGroup() as group:
        keeper = group.create_task(control.keep())
        assert (await service.cancel(user, project, run_id)).status == "running"
        await asyncio.wait_for(control.wait_cancelled(), 5)
        keeper.cancel()
    assert control.cancel_cause == "user"


async def test_a_run_that_was_handed_over_is_stopped_by_its_next_worker(
    service: RunService, user: UserId, project: ProjectId
) -> None:
    run_id = (await service.accept(user_id=user, project_id=project, message="go")).run_id
    claimed = await service.claim(run_id, worker="w")
    assert claimed is not None
    await service.hand_over(claimed.lease)
    assert (await service.cancel(user, project, run_id)).status == "queued"
    again = await service.claim(run_id, worker="w2")
    assert again is not None
    assert again.is_to_close
    assert again.run.cancel_cause == "user"


async def test_runs_of_a_deleted_project_are_only_closed_and_begin_again_when_it_is_back(
    service: RunService, database: Database, user: UserId, project: ProjectId
) -> None:
    running, queued = [
        (await service.accept(user_id=user, project_id=project, message=text)).run_id
        for text in ("now", "next")
    ]
    claimed = await service.claim(running, worker="w")
    assert claimed is not None
    control = service.lease_control(claimed)
    projects = ProjectService(database)
    await projects.delete(user, project)
    await control.begin_turn([])
    assert (control.is_cancelled, control.cancel_cause) == (True, "user")
    await service.hand_over(claimed.lease)
    next_one = await service.claim(queued, worker="w")
    assert next_one is not None
    assert next_one.is_to_close
    await service.hand_over(next_one.lease)
    await projects.undelete(user, project)
    again = await service.claim(queued, worker="w")
    assert again is not None
    assert not again.is_to_close


async def waiting_run(
    service: RunService, log: EventLog, user: UserId, project: ProjectId
) -> RunId:
    run_id = (await service.accept(user_id=user, project_id=project, message="go")).run_id
    claimed = await service.claim(run_id, worker="w")
    assert claimed is not None
    async with log.writer(claimed.lease) as writer:
        await writer.suspend(UserInputRequired(question="Which colour?"), question_id="q1")
    return run_id


async def test_a_stopped_run_that_waited_takes_no_answer_and_is_closed_by_a_worker(
    service: RunService, log: EventLog, user: UserId, project: ProjectId
) -> None:
    run_id = await waiting_run(service, log, user, project)
    await service.cancel(user, project, run_id)
    with pytest.raises(Conflict):
        await service.answer(user, project, run_id, {"colour": "red"})
    then = await service.accept(user_id=user, project_id=project, message="blue")
    assert then.run_id != run_id
    claimed = await service.claim(run_id, worker="w")
    assert claimed is not None
    assert claimed.is_to_close


async def test_a_run_that_waits_is_closed_before_the_next_one_begins(
    service: RunService, log: EventLog, user: UserId, project: ProjectId
) -> None:
    first = (await service.accept(user_id=user, project_id=project, message="go")).run_id
    claimed = await service.claim(first, worker="w")
    assert claimed is not None
    then = await service.accept(user_id=user, project_id=project, message="and then")
    async with log.writer(claimed.lease) as writer:
        await writer.suspend(UserInputRequired(question="Which colour?"))
    with pytest.raises(EarlierRunFirst):
        await service.claim(then.run_id, worker="w")
    closing = await service.claim(first, worker="w")
    assert closing is not None
    assert (closing.is_to_close, closing.run.cancel_cause) == (True, "superseded")
    async with log.writer(closing.lease) as writer:
        await writer.finish(AgentCancelled(timestamp="t", project_id=project, cause="superseded"))
    begun = await service.claim(then.run_id, worker="w")
    assert begun is not None
    assert not begun.is_to_close


async def test_a_run_that_was_stopped_asks_nothing_any_more(
    service: RunService, log: EventLog, user: UserId, project: ProjectId
) -> None:
    run_id = (await service.accept(user_id=user, project_id=project, message="go")).run_id
    claimed = await service.claim(run_id, worker="w")
    assert claimed is not None
    await service.cancel(user, project, run_id)
    async with log.writer(claimed.lease) as writer:
        with pytest.raises(RunStopped):
            await writer.suspend(UserInputRequired(question="Which colour?"), question_id="q1")
        await writer.finish(AgentCancelled(timestamp="t", project_id=project, cause="user"))
    assert await types(log, user, project, run_id) == [
        "user_message",
        "run_queued",
        "agent_cancelled",
    ]


async def test_a_message_to_a_waiting_run_is_its_answer(
    service: RunService, log: EventLog, user: UserId, project: ProjectId
) -> None:
    run_id = await waiting_run(service, log, user, project)
    waiting = await service.get(user, project, run_id)
    assert waiting.interrupt == {"question": "Which colour?", "fields": [], "id": "q1"}
    answered = await service.accept(user_id=user, project_id=project, message="blue")
    assert (answered.run_id, answered.first_seq) == (run_id, 4)
    again = await service.claim(run_id, worker="w")
    assert again is not None
    assert again.run.answer == {"text": "blue"}
    assert again.lease.last_seq == 5
    with pytest.raises(Conflict):
        await service.answer(user, project, run_id, {"colour": "red"})


async def test_steering_reaches_the_running_run_until_its_conversation_has_it(
    service: RunService, user: UserId, project: ProjectId
) -> None:
    first = await service.accept(user_id=user, project_id=project, message="go")
    claimed = await service.claim(first.run_id, worker="w")
    assert claimed is not None
    steered = await service.accept(
        user_id=user, project_id=project, message="but blue", on_busy="steer"
    )
    assert steered.run_id == first.run_id
    control = service.lease_control(claimed)
    begun = await control.begin_turn([])
    ((number, text),) = begun.steering
    assert (begun.model_calls, text) == (1, "but blue")
    assert await control.begin_turn([]) == TurnStart(2, [(number, "but blue")])
    assert await control.begin_turn([number]) == TurnStart(3, [])


async def test_steering_that_comes_too_late_is_the_next_run(
    service: RunService, log: EventLog, user: UserId, project: ProjectId
) -> None:
    first = await service.accept(user_id=user, project_id=project, message="go")
    claimed = await service.claim(first.run_id, worker="w")
    assert claimed is not None
    for text in ("read", "unread"):
        await service.accept(user_id=user, project_id=project, message=text, on_busy="steer")
    control = service.lease_control(claimed)
    known = [number for number, _ in (await control.begin_turn([])).steering][:1]
    assert await control.is_steered(known)
    ending = AgentComplete(timestamp="t", project_id=project, status="answered")
    async with log.writer(claimed.lease) as writer:
        await writer.finish(ending, also=partial(service.queue_unread, claimed.lease, known))
    second, _ = await service.list_of(user, project)
    assert (second.status, second.input) == ("queued", "unread")
    said = [(m.content, m.run_id) for m in await service.history(user, project) if m.content]
    assert said == [("go", first.run_id), ("read", first.run_id), ("unread", second.id)]
    late = await service.accept(user_id=user, project_id=project, message="later", on_busy="steer")
    assert late.run_id not in (first.run_id, second.id)


async def test_what_is_said_to_a_run_that_is_being_stopped_is_the_next_run(
    service: RunService, user: UserId, project: ProjectId
) -> None:
    first = await service.accept(user_id=user, project_id=project, message="go")
    assert await service.claim(first.run_id, worker="w") is not None
    await service.cancel(user, project, first.run_id)
    then = await service.accept(
        user_id=user, project_id=project, message="do that", on_busy="steer"
    )
    second, _ = await service.list_of(user, project)
    assert (then.run_id, second.id, second.input) == (second.id, second.id, "do that")


async def test_the_fourth_worker_only_closes_the_run_and_the_sixth_finds_it_ended(
    service: RunService, log: EventLog, user: UserId, project: ProjectId
) -> None:
    run_id = (await service.accept(user_id=user, project_id=project, message="go")).run_id
    for attempt in (1, 2, 3, 4, 5):
        claimed = await service.claim(run_id, worker=f"w{attempt}")
        assert claimed is not None
        assert claimed.lease.attempt == attempt
        assert claimed.is_resumed is (attempt > 1)
        assert claimed.is_to_close is (attempt > 3)
    assert await service.claim(run_id, worker="w6") is None
    run = await service.get(user, project, run_id)
    assert run.status == "failed"
    assert run.error is not None
    assert run.error["code"] == "run_interrupted"
    assert (await types(log, user, project, run_id))[-1] == "error"


async def test_a_claim_whose_answer_was_lost_counts_once(
    database: Database, service: RunService, user: UserId, project: ProjectId
) -> None:
    run_id = (await service.accept(user_id=user, project_id=project, message="go")).run_id
    claims = SubmissionRepository(database.fetch)
    for attempt in (1, 2, 3):
        token = new_id()
        for _ in range(2):
            claimed = await claims.claim(
                run_id, token=token, worker="w", duration=timedelta(seconds=9), max_attempts=3
            )
            assert claimed is not None
            assert (claimed[0].attempt, claimed[0].token) == (attempt, token)
    assert (await service.get(user, project, run_id)).attempts == 3


async def test_handing_over_does_not_count_as_an_attempt(
    service: RunService, user: UserId, project: ProjectId
) -> None:
    run_id = (await service.accept(user_id=user, project_id=project, message="go")).run_id
    for _ in range(5):
        claimed = await service.claim(run_id, worker="w")
        assert claimed is not None
        assert claimed.lease.attempt == 1
        await service.hand_over(claimed.lease)


async def test_an_unknown_run_is_not_found(
    service: RunService, user: UserId, project: ProjectId
) -> None:
    await service.accept(user_id=user, project_id=project, message="go")
    with pytest.raises(RunNotFound):
        await service.get(user, project, RunId(new_id()))


async def test_check_again_is_queued_as_a_proof(
    service: RunService, user: UserId, project: ProjectId
) -> None:
    await service.accept(user_id=user, project_id=project, message="A todo app")
    proof = await service.prove(user, project)
    said = await service.accept(user_id=user, project_id=project, message="check again, please")
    for accepted in (proof, said):
        assert (await service.get(user, project, accepted.run_id)).kind == "proof"
    with pytest.raises(ProjectNotFound):
        await service.prove(UserId("stranger"), project)


async def test_attachments_are_kept_with_the_message_that_they_came_with(
    service: RunService, log: EventLog, database: Database, user: UserId, project: ProjectId
) -> None:
    sent = await checked([GivenAttachment("notes.txt", b"blue"), GivenAttachment("b.txt", b"red")])
    send = partial(service.accept, user_id=user, project_id=project)
    first = await send(message="Like this", attachments=sent, idempotency_key="k")
    again = await send(message="Like this", attachments=sent, idempotency_key="k")
    assert again.replayed
    with pytest.raises(IdempotencyMismatch):
        await send(message="Like this", attachments=sent[:1], idempotency_key="k")
    second = await send(message="And that", attachments=sent[:1])
    await send(message="Plain")
    (event,) = (await log.read(user, project, first.run_id))[:1]
    assert '"name":"notes.txt"' in event.data.decode()
    history = await service.history(user, project)
    assert [len(message.attachments) for message in history] == [2, 1, 0]
    async with database.transaction() as transaction:
        rows = MessageRepository(transaction)
        found = await rows.list_attached(user, project, second.run_id)
        assert [(text, one.name) for text, (one,) in found] == [("And that", "notes.txt")]
        assert await rows.list_attached(UserId("other"), project, second.run_id) == []
    kept = await EvidenceStore(database).read(user, project, sent[1].sha256)
    assert kept == b"red"


async def test_a_message_that_steers_brings_attachments_too(
    service: RunService, database: Database, user: UserId, project: ProjectId
) -> None:
    sent = await checked([GivenAttachment("notes.txt", b"blue")])
    send = partial(service.accept, user_id=user, project_id=project, attachments=sent)
    run = await service.accept(user_id=user, project_id=project, message="Build")
    assert await service.claim(run.run_id, worker="w") is not None
    steered = await send(message="Like this", on_busy="steer")
    assert steered.run_id == run.run_id
    async with database.transaction() as transaction:
        found = await MessageRepository(transaction).list_attached(user, project, run.run_id)
    assert [text for text, _ in found] == ["Like this"]


async def test_the_model_that_a_message_names_is_its_runs_and_a_new_projects(
    service: RunService, database: Database, user: UserId, project: ProjectId
) -> None:
    async def say(**given: Any) -> AcceptedRun:
        return await service.accept(user_id=user, project_id=project, **given)

    first = await say(message="one", model="a", idempotency_key="k")
    sent = await checked([GivenAttachment("a.txt", b"x")])
    second = await say(message="two", model="b", attachments=sent)
    third = await say(message="three")

    runs = [await service.get(user, project, one.run_id) for one in (first, second, third)]
    assert [run.model for run in runs] == ["a", "b", None]
    claimed = await service.claim(first.run_id, worker="w")
    assert claimed is not None
    assert (claimed.run.model, claimed.project.model) == ("a", "a")
    with pytest.raises(IdempotencyMismatch):
        await say(message="one", model="b", idempotency_key="k")

    projects = ProjectService(database)
    await projects.change(user, project, {"model": "c", "max_usd": 2.5, "max_tokens": 900})
    copy = await projects.duplicate(user, project, name="copy")
    assert (copy.model, copy.max_usd, copy.max_tokens) == ("c", 2.5, 900)
    changed = await projects.change(user, project, {"max_usd": None})
    assert (changed.model, changed.max_usd, changed.max_tokens) == ("c", None, 900)
    with pytest.raises(ProjectNotFound):
        await projects.change(UserId(new_id()), project, {"model": "x"})
