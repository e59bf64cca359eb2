"""A worker in a process of its own, for tests that kill it: arguments are the address and a mode."""

import asyncio
import signal
import sys

from stackwright.core.events import AgentComplete, StateChanged
from stackwright.core.ids import RunId
from stackwright.core.settings import load_settings
from stackwright.db.engine import Database
from stackwright.db.signals import RunSignals
from stackwright.runs.events_log import EventLog
from stackwright.runs.queue import QueueWorker
from stackwright.runs.service import RunService


async def main(url: str, mode: str) -> None:
    database = Database(url, load_settings({"database_url": url}).database)
    signals = RunSignals(url)

    async def work(run_id: RunId) -> None:
        service, log = RunService(database, signals), EventLog(database, signals)
        claimed = await service.claim(run_id, worker=mode)
        if claimed is None:
            return
        try:
            async with log.writer(claimed.lease) as writer:
                writer.emit(StateChanged(state=mode))
                await writer.flush()
                if mode == "hang":
                    await asyncio.Event().wait()
                done = AgentComplete(
                    timestamp="t", project_id=claimed.lease.project_id, status="answered"
                )
                await writer.finish(done)
        except asyncio.CancelledError:
            await service.hand_over(claimed.lease)
            raise

    async with signals.listening():
        await QueueWorker(url, database, work).run(grace_s=0.2)


# Whoever started the tests in the background has SIGINT ignored, and that is inherited.
signal.signal(signal.SIGINT, signal.default_int_handler)
asyncio.run(main(sys.argv[1], sys.argv[2]))
