"""What a person sees of edits to styles: sixty edits by the agent's own tools, each one delivered."""

import asyncio
import random
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from fixtures.engine import ROOT
from fixtures.gate_world import TEMPLATE
from fixtures.tool_bench import BenchNotes
from fixtures.waiting import until
from fixtures.workspace_bench import USER, Bench
from stackwright.core.ids import ProjectId, RunId, new_id
from stackwright.db.engine import Database
from stackwright.projects.service import ProjectService
from stackwright.sandbox import control
from stackwright.sandbox.base import Sandbox
from stackwright.sandbox.endpoint import Endpoint
from stackwright.sandbox.http import SandboxHttp
from stackwright.sandbox.services import SandboxServices
from stackwright.sandbox.template import load_template
from stackwright.testing.memory_wishes import MemoryWishBook
from stackwright.tools.base import ToolContext
from stackwright.tools.registry import all_tools

pytestmark = [pytest.mark.integration, pytest.mark.timeout(400)]

ROUNDS = 40
"""Every second one edits both files: sixty edits."""
SEEN_WITHIN_S = 8.0
STYLES, PAGE = "frontend/styles/globals.css", "frontend/pages/styles.tsx"
SOURCE = 'export default function Styles() {\n  return <p className="w-[0px]">Styles</p>;\n}\n'
TOOLS = {tool.name: tool for tool in all_tools(search_provider=None)}


class Styled:
    """A project whose page and style sheet carry numbers; a round raises one or both."""

    def __init__(self, bench: Bench, context: ToolContext) -> None:
        self.sandbox: Sandbox = bench.sandbox
        self.numbers = {STYLES: 0, PAGE: 0}
        self._bench = bench
        self._context = context

    async def set_up(self) -> None:
        await self._bench.files.lay_out(self.sandbox)
        css = (await self._bench.files.read(STYLES)).decode()
        await self._call("write_file", path=STYLES, content=f"{css}\n{self._marker(STYLES)}\n")
        await self._call("write_file", path=PAGE, content=SOURCE)

    async def edit(self, path: str) -> None:
        before = self._marker(path)
        self.numbers[path] += 1
        await self._call("edit_file", path=path, old_text=before, new_text=self._marker(path))

    async def is_delivered(self) -> bool:
        page = await self._get("/styles")
        sheets = re.findall(r'href="(/_next/[^"]+\.css[^"]*)"', page)
        css = "\n".join([await self._get(sheet) for sheet in sheets])
        shown = re.search(r"--number:\s*(\d+)", css)
        return (
            shown is not None
            and int(shown[1]) == self.numbers[STYLES]
            and rf".w-\[{self.numbers[PAGE]}px\]" in css
        )

    def _marker(self, path: str) -> str:
        number = self.numbers[path]
        return f":root {{ --number: {number}; }}" if path == STYLES else f"w-[{number}px]"

    async def _get(self, path: str) -> str:
        plain = {"accept-encoding": "identity"}
        answer = await self.sandbox.request(3000, "GET", path, headers=plain, timeout_s=30)
        return answer.body.decode(errors="replace")

    async def _call(self, name: str, **arguments: Any) -> None:
        tool = TOOLS[name]
        await tool.run(tool.arguments.model_validate(arguments), self._context)


@pytest.fixture
async def styled(
    endpoint: Endpoint, http: SandboxHttp, database: Database
) -> AsyncIterator[Styled]:
    project = await ProjectService(database).create(USER, ProjectId(new_id()), name="styles")
    sandbox = await control.create(TEMPLATE, {"test": "styles"}, endpoint, http, 600)
    bench = Bench(database, project.id, sandbox)
    services = SandboxServices(
        sandbox,
        load_template(ROOT / "templates", TEMPLATE).services,
        emit=bench.events.append,
        preview_url=lambda port: f"http://{port}.example",
    )

    async def current() -> Sandbox:
        return sandbox

    async def unused() -> Any:
        raise AssertionError("files are edited, nothing else")

    context = ToolContext(
        project_id=project.id,
        run_id=RunId("styles"),
        tool_call_id="call",
        emit=bench.events.append,
        sandbox=current,
        files=bench.files,
        services=unused,
        verifier=unused,
        browser=unused,
        plan=[],
        wishes=MemoryWishBook(run_id="styles", emit=bench.events.append),
        messages=unused,
        notes=BenchNotes(),
    )
    world = Styled(bench, context)
    await world.set_up()
    await services.start("frontend")
    yield world
    await control.kill(sandbox.id, endpoint)


async def test_every_edit_of_styles_and_of_classes_reaches_the_preview(styled: Styled) -> None:
    chance = random.Random(14)
    await until(styled.is_delivered, within_s=60)
    missed: list[str] = []
    for number in range(ROUNDS):
        files = [STYLES, PAGE] if chance.random() < 0.5 else [PAGE, STYLES]
        gap_ms = chance.uniform(0, 300)
        await styled.edit(files[0])
        if number % 2:
            await asyncio.sleep(gap_ms / 1000)  # the race is a matter of this gap
            await styled.edit(files[1])
        try:
            await until(styled.is_delivered, within_s=SEEN_WITHIN_S)
        except TimeoutError:
            missed.append(f"round {number}: {files[: 1 + number % 2]}, {gap_ms:.0f} ms apart")
    assert missed == []
