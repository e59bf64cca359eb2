"""Makes cassettes of runs that have ended, from what is stored of them anyway."""

import asyncio
import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from stackwright.checkpoint.service import CheckpointService
from stackwright.core.errors import BadInput, Conflict
from stackwright.core.ids import ProjectId, RunId, UserId
from stackwright.db.engine import Database
from stackwright.db.projects import ProjectRepository
from stackwright.db.run_records import RunRecord
from stackwright.db.runs import RunRepository
from stackwright.runs.events.log import EventLog

if TYPE_CHECKING:
    from stackwright.agent.models.base import Message

PAGE = 1000
MAX_EVENTS = 100_000


@dataclass(frozen=True, slots=True)
class CassetteService:
    database: Database
    checkpoints: CheckpointService
    events: EventLog

    async def of_run(self, user_id: UserId, project_id: ProjectId, run_id: RunId) -> bytes:
        """Raises RunNotFound, Conflict while the run goes on, BadInput when it is too long."""
        async with self.database.transaction() as transaction:
            project = await ProjectRepository(transaction).get_owned(project_id, user_id)
            run = await RunRepository(transaction).get_owned(user_id, project_id, run_id)
            runs = await RunRepository(transaction).list_of(user_id, project_id, limit=200)
        if not run.is_ended:
            raise Conflict("This run goes on; record it when it has ended.")
        # The agent is loaded only when it is needed: an API without a worker does without it.
        agent = await asyncio.to_thread(importlib.import_module, "stackwright.agent.conversation")
        cassettes = await asyncio.to_thread(importlib.import_module, "stackwright.agent.cassettes")
        talk = await agent.stored_messages(self.checkpoints.saver_for_run(), project.thread_id)
        messages = of_run(run, [one for one in runs if one.number > run.number], talk)
        events = await self._events(user_id, project_id, run_id)

        def packed() -> bytes:
            return cassettes.recorded(
                kind=run.kind,
                status=run.status,
                message=run.input,
                messages=messages,
                events=events,
            ).to_bytes()

        return await asyncio.to_thread(packed)

    async def _events(
        self, user_id: UserId, project_id: ProjectId, run_id: RunId
    ) -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = []
        while len(told) <= MAX_EVENTS:
            after = told[-1]["seq"] if told else 0
            page = await self.events.read(user_id, project_id, run_id, after_seq=after, limit=PAGE)
            told += [{**orjson.loads(event.data), "seq": event.seq} for event in page]
            if len(page) < PAGE:
                return told
        raise BadInput(f"This run has more than {MAX_EVENTS} events, too many for a cassette.")


def of_run(
    run: RunRecord, later: Sequence[RunRecord], talk: "Sequence[Message]"
) -> "list[Message]":
    """The part of a conversation that a run wrote: from its message to that of the next run."""
    starts = [
        index
        for index, message in enumerate(talk)
        if message.text == run.input and message.role == "user"
    ]
    if not starts:
        return []
    inputs = {one.input for one in later}
    begin = starts[-1]
    if run.input in inputs:
        same = [one for one in later if one.input == run.input]
        begin = starts[max(0, len(starts) - 1 - len(same))]
    end = next(
        (i for i, m in enumerate(talk) if i > begin and m.role == "user" and m.text in inputs),
        len(talk),
    )
    return list(talk[begin:end])
