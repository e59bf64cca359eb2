"""When the reader asks the database; what it reads there is in tests/integration/checkpoint."""

from typing import Any, cast

import pytest
from langchain_core.runnables import RunnableConfig

from stackwright.checkpoint import reader
from stackwright.checkpoint.reader import ThreadReader, at, thread_of

ID = "1f0b2c3d-0000-6000-8000-000000000001"
PARENT = "1f0b2c3d-0000-6000-8000-000000000000"
NEWEST: RunnableConfig = {"configurable": {"thread_id": "t"}}


def row(**others: Any) -> dict[str, Any]:
    stored = {
        "v": 4,
        "ts": "2026-11-30T00:00:00+00:00",
        "id": ID,
        "channel_values": {"count": 1},
        "channel_versions": {},
        "versions_seen": {},
    }
    return {
        "thread_id": "t",
        "checkpoint_ns": "",
        "checkpoint_id": ID,
        "parent_checkpoint_id": PARENT,
        "checkpoint": stored,
        "metadata": {"step": 1},
        "channel_values": [],
        "pending_writes": [],
        **others,
    }


class Asked:
    """Answers every statement with the rows it has, and counts them."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self.rows = rows
        self.values: list[dict[str, Any]] = []

    async def __call__(self, _pool: object, _sql: str, values: Any, **_: Any) -> Any:
        self.values.append(values)
        return self.rows


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    database = Asked([row()])
    monkeypatch.setattr(reader, "fetch", database)
    return database


def a_reader() -> ThreadReader:
    return ThreadReader(cast("Any", None))


async def test_what_was_read_is_kept_until_something_is_written(asked: Asked) -> None:
    reading = a_reader()
    first, again = await reading.aget_tuple(NEWEST), await reading.aget_tuple(NEWEST)
    assert first is not None
    assert first == again
    assert first.checkpoint["channel_values"] == {"count": 1}
    assert first.parent_config == at({"thread_id": "t", "checkpoint_ns": ""}, PARENT)
    assert len(asked.values) == 1
    reading.forget_what_was_read()
    await reading.aget_tuple(NEWEST)
    assert len(asked.values) == 2


async def test_what_a_graph_does_to_its_checkpoint_is_not_kept(asked: Asked) -> None:
    reading = a_reader()
    first = await reading.aget_tuple(NEWEST)
    assert first is not None
    first.checkpoint["channel_values"]["count"] = 99
    again = await reading.aget_tuple(NEWEST)
    assert again is not None
    assert again.checkpoint["channel_values"] == {"count": 1}


async def test_a_thread_without_a_checkpoint_has_none_however_it_is_asked(asked: Asked) -> None:
    asked.rows = []
    reading = a_reader()
    reading.read_ahead("t", "messages")
    assert await reading.aget_tuple(NEWEST) is None
    assert await a_reader().aget_tuple(NEWEST) is None


async def test_what_was_read_ahead_is_not_asked_for_again(asked: Asked) -> None:
    beginning = {"thread_id": None, "ids": [], "source": None, "type": None, "blob": None}
    asked.rows = [row(), beginning]
    reading = a_reader()
    reading.read_ahead("t", "messages")
    found = await reading.aget_tuple(NEWEST)
    assert found is not None
    told = await reading.aget_delta_channel_history(config=found.config, channels=["messages"])
    assert told == {"messages": {"writes": []}}
    assert len(asked.values) == 1


def test_a_thread_is_named_with_its_namespace_or_without_one() -> None:
    assert thread_of(NEWEST) == {"thread": "t", "namespace": ""}
    assert thread_of(at({"thread_id": "t", "checkpoint_ns": "n"}, ID)) == {
        "thread": "t",
        "namespace": "n",
    }
