from stackwright.agent.contract import Told
from stackwright.core.events import (
    AgentStart,
    AgentThinking,
    Event,
    StateChanged,
    ToolComplete,
    ToolRefused,
    ToolStart,
    UserInputRequired,
)
from stackwright.core.ids import new_id
from stackwright.db.run_records import Lease
from stackwright.runs.events.dedup import ToolEventDedup
from stackwright.runs.events.log import EventLog
from stackwright.runs.service import RunService

START = ToolStart(tool_name="t", tool_id="a", tool_args={})
END = ToolComplete(tool_name="t", tool_id="a", output_preview="")
REFUSED = ToolRefused(tool_name="t", tool_id="b", reason="it was cut off")


async def test_a_call_that_the_log_tells_is_not_told_again(
    service: RunService, log: EventLog
) -> None:
    accepted = await service.accept(user_id="u", project_id=new_id(), message="hello")
    claimed = await service.claim(accepted.run_id, worker="w")
    assert claimed is not None
    async with log.writer(claimed.lease) as writer:
        writer.emit(START)
        writer.emit(REFUSED)
        await writer.flush()
        emitted: list[Event] = []
        told = ToolEventDedup(emitted.append)
        await told.read(log, claimed.lease)
    assert told.known == Told({"a"}, {"b"})
    assert not told.is_begun
    for event in (START, END, END, StateChanged(state="s"), StateChanged(state="s")):
        told(event)
    assert [event.type for event in emitted] == ["tool_complete", "state", "state"]


async def test_what_came_after_the_answer_is_the_news_of_another_worker(
    service: RunService, log: EventLog
) -> None:
    accepted = await service.accept(user_id="u", project_id=new_id(), message="hello")
    asking = await service.claim(accepted.run_id, worker="w")
    assert asking is not None
    async with log.writer(asking.lease) as writer:
        await writer.suspend(UserInputRequired(question="Which colour?"))
    await service.accept(user_id="u", project_id=accepted.project_id, message="blue")
    answered = await service.claim(accepted.run_id, worker="w")
    assert answered is not None
    assert (await known(log, answered.lease)).is_just_answered
    async with log.writer(answered.lease) as writer:
        writer.emit(AgentThinking(token="Blue"))
    assert not (await known(log, answered.lease)).is_just_answered


async def known(log: EventLog, lease: Lease) -> Told:
    told = ToolEventDedup(lambda _: None)
    await told.read(log, lease)
    return told.known


async def test_whether_an_earlier_worker_told_that_it_took_the_run_up_is_known(
    service: RunService, log: EventLog
) -> None:
    accepted = await service.accept(user_id="u", project_id=new_id(), message="hello")
    claimed = await service.claim(accepted.run_id, worker="w")
    assert claimed is not None
    async with log.writer(claimed.lease) as writer:
        writer.emit(AgentStart(timestamp="t", project_id=claimed.lease.project_id))
    told = ToolEventDedup(lambda _: None)
    await told.read(log, claimed.lease)
    assert told.is_begun
