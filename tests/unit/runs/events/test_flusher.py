from contextlib import suppress

import pytest

from stackwright.core.events import AgentThinking, StateChanged
from stackwright.core.ids import ProjectId, RunId, UserId
from stackwright.db.run_records import Lease
from stackwright.runs.events.flusher import RunBuffer


@pytest.fixture
def buffer() -> RunBuffer:
    return RunBuffer(
        Lease(
            run_id=RunId("run"),
            project_id=ProjectId("project"),
            user_id=UserId("ann"),
            token="t",
            attempt=1,
            last_seq=2,
        )
    )


def written(buffer: RunBuffer) -> bool:
    """Write what waits; whether the statement had to wait for the disk."""
    batch = buffer.next_batch()
    assert batch is not None
    must_wait = buffer.must_be_durable(batch)
    buffer.remove(batch)
    return must_wait


def test_what_is_written_for_long_without_the_disk_waits_for_it_now_and_then(
    buffer: RunBuffer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stackwright.runs.events.flusher.MAX_NOT_DURABLE", 3)
    waited: list[bool] = []
    for _ in range(8):
        buffer.events.append(AgentThinking(token="word "))
        waited.append(written(buffer))
    assert waited == [False, False, False, True] * 2


def test_a_batch_stays_the_same_until_it_is_removed(buffer: RunBuffer) -> None:
    buffer.events.append(AgentThinking(token="one "))
    first = buffer.next_batch()
    buffer.events.append(AgentThinking(token="two "))
    assert buffer.next_batch() == first
    assert first is not None
    buffer.remove(first)
    second = buffer.next_batch()
    assert second is not None
    assert second.base == 3
    assert ["two " in event.data for event in second.events] == [True]


def test_a_last_batch_that_fails_leaves_the_buffer_open(buffer: RunBuffer) -> None:
    event = StateChanged(state="preparing", detail="x")
    with suppress(OSError), buffer.last_batch(event):
        assert buffer.is_closed
        raise OSError
    assert not buffer.is_closed
