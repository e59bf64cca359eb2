"""What /state tells of an agent is what its newest checkpoint holds."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from langchain_core.callbacks import BaseCallbackHandler

from stackwright.agent.stream import Agent
from stackwright.checkpoint.service import CheckpointService
from stackwright.core.ids import ProjectId, SandboxId, UserId, new_id
from stackwright.db.projects import ProjectRecord
from stackwright.runs.progress import AgentProgress, ProgressReader
from stackwright.testing.agent_world import AgentWorld
from stackwright.testing.script import call, say, together
from stackwright.testing.scripted_model import ScriptedModel

pytestmark = pytest.mark.integration


def project(thread_id: str) -> ProjectRecord:
    return ProjectRecord(
        id=ProjectId("p1"),
        user_id=UserId("ann"),
        name="Shop",
        thread_id=thread_id,
        preview_label="x",
        status="active",
        sandbox_state="running",
        active_sandbox_id=SandboxId("s"),
        files_version=1,
        created_at=datetime.now(UTC),
        updated_at=datetime.now(UTC),
    )


async def test_the_fields_of_the_agent_are_read_from_its_newest_checkpoint(
    server: ScriptedModel, agent: Agent, world: AgentWorld, checkpoints: CheckpointService
) -> None:
    thread = new_id()
    reader = ProgressReader(checkpoints)
    assert await reader.of(project(thread)) == AgentProgress()
    world.service_pids = {"backend": 41}
    world.saver = checkpoints.saver_for_run()
    server.script(
        together(say("I write."), call("write_file", path="backend/a.py", content="x = 1")),
        call("read_file", path="nope.py"),
        say("It is there."),
    )
    await agent.run(replace(world.work("write a file"), thread_id=thread))
    await world.saver.flush()

    told = await reader.of(project(thread))
    assert told.current_phase == "backend"
    assert told.recent_thinking == ("I write.", "It is there.")
    assert told.error_count == 1
    assert told.active_files == ("backend/a.py",)
    assert told.service_pids == {"backend": 41}
    assert told.tokens_used > 0
    paused = replace(project(thread), sandbox_state="paused")
    assert (await reader.of(paused)).service_pids is None


class Told(BaseCallbackHandler):
    """Notes which nodes of the graph were traced."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []

    def on_chain_start(self, serialized: Any, inputs: Any, **more: Any) -> None:
        self.nodes.append(more.get("name"))


async def test_a_tracer_is_told_of_each_step(server: ScriptedModel, world: AgentWorld) -> None:
    told = Told()
    server.script(call("write_file", path="a.txt", content="x"), say("Done."))
    await Agent(compact_above_tokens=None, callbacks=[told]).run(world.work("write a file"))
    assert [name for name in told.nodes if name in {"model", "tools"}] == [
        "model",
        "tools",
        "model",
    ]
