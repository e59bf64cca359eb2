"""A conversation of a thousand turns: bytes stored, milliseconds a step, what is sent, `/history`."""

import asyncio
import random
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
import psycopg
import uvloop

from benchmarks.figures import summary
from benchmarks.options import Options, progress
from stackwright.agent.models.base import (
    ChatModel,
    Message,
    ModelEvent,
    ModelTurn,
    RawToolCall,
    TokenUsage,
)
from stackwright.agent.stream import Agent
from stackwright.checkpoint import tables
from stackwright.checkpoint.service import CheckpointService
from stackwright.core.ids import ProjectId, UserId, new_id
from stackwright.core.setting_groups import DatabaseSettings
from stackwright.core.settings import load_settings
from stackwright.db.embedded import EmbeddedPostgres
from stackwright.db.engine import Database
from stackwright.db.migrate import upgrade
from stackwright.db.notifications import RunNotifications
from stackwright.runs.service import RunService
from stackwright.testing.agent_world import AgentWorld
from stackwright.testing.request_rules import check_messages_request

TURNS = (10, 200, 1000)
WINDOW = 10
"""Turns over which a step's time is the mean."""
STEPS_A_TURN = 3
FILE_CHARS = 2000
ANSWER_CHARS = 600
COMPACT_ABOVE_TOKENS = 120_000
PAGES = 200


@dataclass(slots=True)
class Steady:
    """A model without a network: writes a file, reads it, answers. Its own time is next to none."""

    calls: int = 0
    most_bytes: int = 0
    last_request: Mapping[str, Any] | None = None
    name: str = "steady"

    async def stream(
        self, messages: Sequence[Message], *, system: str, tools: Sequence[Mapping[str, Any]]
    ) -> AsyncGenerator[ModelEvent]:
        sent = [{"role": m.role, "content": list(m.content)} for m in messages]
        self.most_bytes = max(self.most_bytes, len(orjson.dumps(sent)))
        self.last_request = {"system": system, "tools": list(tools), "messages": sent}
        if not tools:
            yield self._turn("The person builds an app, file by file. " * 50)
            return
        step = self.calls % STEPS_A_TURN
        self.calls += 1
        if step == STEPS_A_TURN - 1:
            yield self._turn("word " * (ANSWER_CHARS // 5))
            return
        path = f"notes/{self.calls // STEPS_A_TURN % 20}.txt"
        written = {"path": path, "content": _text(self.calls)} if step == 0 else {"path": path}
        yield self._turn("", ("write_file", "read_file")[step], written)

    def _turn(
        self, text: str, tool: str = "", arguments: Mapping[str, Any] | None = None
    ) -> ModelTurn:
        usage = TokenUsage()
        if not tool:
            return ModelTurn(({"type": "text", "text": text},), (), "end_turn", usage, self.name)
        call = RawToolCall(f"toolu_{new_id()}", tool, orjson.dumps(arguments).decode())
        block = {"type": "tool_use", "id": call.tool_id, "name": tool, "input": {}}
        return ModelTurn((block,), (call,), "tool_use", usage, self.name)


def _text(seed: int) -> str:
    """Letters that compress about as well as code does."""
    return "".join(random.Random(seed).choices("etaoin shrdlu()=.\n", k=FILE_CHARS))


def measure_long_conversation(options: Options) -> dict[str, Any]:
    """Through the graph and PostgreSQL, with a model that answers at once."""
    settings = load_settings({"stackwright_data_dir": options.data_dir}).database
    embedded = EmbeddedPostgres(settings.data_dir)
    url = embedded.start()
    try:
        upgrade(url)
        turns = (10, 20, 30) if options.is_quick else TURNS
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(_measured(url, settings, turns))
    finally:
        embedded.stop()


async def _measured(url: str, settings: DatabaseSettings, turns: Sequence[int]) -> dict[str, Any]:
    await tables.set_up(url)
    service = CheckpointService(url, settings)
    await service.open()
    model = Steady()
    try:
        rows = await _talk(url, service, model, turns)
        pages = await _history_ms(url, settings, turns)
    finally:
        await service.close()
    assert model.last_request is not None
    check_messages_request({"model": "m", "max_tokens": 1, **model.last_request})
    return {
        "most_tokens_sent": model.most_bytes // 4,
        "rows": [{**row, **page} for row, page in zip(rows, pages, strict=True)],
    }


async def _talk(
    url: str, service: CheckpointService, model: Steady, turns: Sequence[int]
) -> list[dict[str, Any]]:
    agent = Agent(compact_above_tokens=COMPACT_ABOVE_TOKENS)
    rows: list[dict[str, Any]] = []
    taken: list[float] = []
    for number in range(1, turns[-1] + 1):
        world = AgentWorld(model, saver=service.saver_for_run())
        world.files.update({f"notes/{n}.txt": _text(n) for n in range(20)})
        began = time.perf_counter()
        await agent.run(world.work(f"Please write note {number}, and see that it is there."))
        taken.append((time.perf_counter() - began) * 1000 / STEPS_A_TURN)
        if number in turns:
            progress(f"{number} turns")
            step_ms = sorted(taken[-WINDOW:])[WINDOW // 2]
            rows.append({"turns": number, "step_ms": round(step_ms, 2), **_stored(url)})
    return rows


def _stored(url: str) -> dict[str, Any]:
    total = 0
    with psycopg.connect(url) as connection:
        for table in ("checkpoints", "checkpoint_blobs", "checkpoint_writes"):
            row = connection.execute(
                f"SELECT coalesce(sum(pg_column_size(t.*)), 0) FROM {table} t"
            ).fetchone()
            assert row is not None
            total += int(row[0])
    return {"stored_mib": round(total / 2**20, 2)}


async def _history_ms(
    url: str, settings: DatabaseSettings, turns: Sequence[int]
) -> list[dict[str, Any]]:
    """The newest page of `/history`, of conversations that have so many turns."""
    database = Database(url, settings)
    service = RunService(database, RunNotifications(url))
    try:
        found: list[dict[str, Any]] = []
        for count in turns:
            user_id, project_id = UserId(new_id()), ProjectId(new_id())
            accepted = await service.accept(
                user_id=user_id, project_id=project_id, message="Please write note 1."
            )
            _add_messages(url, project_id, accepted.run_id, count)
            taken: list[float] = []
            for _ in range(PAGES):
                began = time.perf_counter()
                await service.history(user_id, project_id, limit=50)
                taken.append((time.perf_counter() - began) * 1000)
            found.append({"history_p95_ms": summary(taken)["p95"]})
        return found
    finally:
        await database.close()


def _add_messages(url: str, project_id: str, run_id: str, turns: int) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(
            """INSERT INTO messages (id, project_id, run_id, role, content, tool_calls)
               SELECT %s || n, %s, %s, CASE n %% 2 WHEN 0 THEN 'user' ELSE 'assistant' END,
                      convert_to(repeat('word ', 100), 'UTF8'), '[]'
               FROM generate_series(1, %s) AS n""",
            (new_id(), project_id, run_id, 2 * turns),
        )
        connection.execute("ANALYZE messages")


if TYPE_CHECKING:

    def _proof(model: Steady) -> ChatModel:
        return model
