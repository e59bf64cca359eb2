"""The platform itself, whole and in this process: accept, queue, worker, driver, events, ending."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager, redirect_stderr

from benchmarks.conversation import Conversation
from benchmarks.sides.base import Conditions, Heard
from stackwright.core.ids import ProjectId, UserId
from stackwright.core.logging import configure_logging
from stackwright.core.tasks import spawn
from stackwright.main import Platform, platform
from stackwright.runs.queue.worker import QueueWorker

USER = UserId("bench")


class OurPlatform:
    """Implements a side of the comparison. A seat is a project; somebody watches every run."""

    def __init__(self, parts: Platform) -> None:
        self._parts = parts

    async def converse(
        self, seat: int, conversation: Conversation, heard: Heard = lambda: None
    ) -> None:
        project = ProjectId(f"bench-{seat}")
        accepted = await self._parts.runs.accept(
            user_id=USER, project_id=project, message=conversation.message
        )
        kind = ""
        pages = self._parts.events.follow(
            USER, project, accepted.run_id, known=accepted.begins_with
        )
        async for page in pages:
            for event in page:
                kind = event.type
                if kind == "agent_thinking":
                    heard()
        assert kind == "agent_complete", f"{conversation.run} ended with {kind}"


@asynccontextmanager
async def our_platform(conditions: Conditions) -> AsyncGenerator[OurPlatform]:
    settings = conditions.settings()
    async with AsyncExitStack() as stack:
        console = stack.enter_context((conditions.data_dir / "console.log").open("w"))
        with redirect_stderr(console):
            configure_logging(settings.logs)
        parts = await stack.enter_async_context(platform(settings))
        worker = QueueWorker(
            parts.direct_url,
            parts.database,
            parts.driver.drive,
            name=parts.worker,
            concurrency=conditions.seats,
        )
        await parts.driver.loaded()
        parts.runs.use_local_worker(worker)
        working = spawn(worker.run(), name="bench worker")
        yield OurPlatform(parts)
        working.cancel()
        await asyncio.wait({working})
    logging.getLogger().handlers.clear()
