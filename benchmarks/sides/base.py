"""What every side of the comparison is, and what the three that are not the platform share."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from benchmarks.conversation import Conversation
from stackwright.agent.models.anthropic import AnthropicModel
from stackwright.agent.prompting import system_prompt
from stackwright.core.settings import Settings, load_settings
from stackwright.engine.host.supervisor import EngineSupervisor
from stackwright.main import engine_config
from stackwright.sandbox import control
from stackwright.sandbox.base import WORKSPACE_ROOT, Sandbox
from stackwright.sandbox.endpoint import Endpoint
from stackwright.sandbox.http import SandboxHttp
from stackwright.tools.registry import all_tools

TOOLS = all_tools(search_provider=None)
SYSTEM = system_prompt("")


Heard = Callable[[], None]


class Side(Protocol):
    """An open agent. `seat` tells apart what runs at the same time: it has a sandbox of its own."""

    async def converse(
        self, seat: int, conversation: Conversation, heard: Heard = lambda: None
    ) -> None:
        """Hold the conversation to its end; `heard` is called with each piece of text that comes."""
        ...


OpenSide = AbstractAsyncContextManager[Side]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What all sides of one comparison have in common."""

    data_dir: Path
    model_url: str
    database_url: str
    seats: int
    steps: int
    """Calls of tools in each measured conversation."""

    def settings(self) -> Settings:
        """The sandboxes' template is empty: no service competes for the processor."""
        return load_settings(
            {
                "stackwright_data_dir": self.data_dir,
                "database_url": self.database_url,
                "log_dir": self.data_dir / "log",
                "anthropic_api_key": "bench",
                "anthropic_base_url": self.model_url,
                "e2b_template_id": "base",
                "max_iterations": self.steps,
                "max_sandboxes_per_user": self.seats,
                "max_total_sandboxes": self.seats,
            }
        )

    def model(self) -> AnthropicModel:
        return AnthropicModel(self.settings().model)


class BareTools:
    """The tools of the conversations, called directly."""

    def __init__(self, sandboxes: Sequence[Sandbox]) -> None:
        self._sandboxes = sandboxes

    async def call(self, seat: int, name: str, arguments: Mapping[str, Any]) -> str:
        if name == "write_file":
            path = f"{WORKSPACE_ROOT}/{arguments['path']}"
            await self._sandboxes[seat].write({path: arguments["content"].encode()})
            return f"Written: {arguments['path']}"
        return "The plan is shown."


@asynccontextmanager
async def bare_tools(conditions: Conditions) -> AsyncGenerator[BareTools]:
    """Tools over one sandbox a seat, on an engine of their own."""
    settings = conditions.settings().sandbox
    async with AsyncExitStack() as stack:
        supervisor = EngineSupervisor(engine_config(settings))
        running = await supervisor.start()
        stack.push_async_callback(supervisor.stop)
        endpoint = Endpoint(running.api_key, running.api_url, running.sandbox_url)
        http = await stack.enter_async_context(SandboxHttp())
        sandboxes: list[Sandbox] = []
        for seat in range(conditions.seats):
            sandbox = await control.create("base", {"seat": str(seat)}, endpoint, http, 600)
            stack.push_async_callback(control.kill, sandbox.id, endpoint)
            sandboxes.append(sandbox)
        yield BareTools(sandboxes)
