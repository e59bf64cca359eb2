"""What the agent sees of a real application: findings, data, changes, libraries."""

import asyncio
import json
import shlex
import time
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest

from fixtures.engine import ROOT
from fixtures.gate_world import TEMPLATE
from fixtures.tool_bench import BenchNotes
from fixtures.workspace_bench import USER, Bench
from stackwright.cache.memory import MemoryCache
from stackwright.core.errors import Conflict
from stackwright.core.ids import ProjectId, RunId, new_id
from stackwright.db.engine import Database
from stackwright.projects.service import ProjectService
from stackwright.runs.preview_actors import PreviewActors, Roles
from stackwright.sandbox import control
from stackwright.sandbox.base import WORKSPACE_ROOT, Sandbox
from stackwright.sandbox.endpoint import Endpoint
from stackwright.sandbox.http import SandboxHttp
from stackwright.sandbox.services import SandboxServices
from stackwright.sandbox.template import load_template
from stackwright.scaffold.generate import generate
from stackwright.scaffold.spec import AppSpec
from stackwright.testing.memory_wishes import MemoryWishBook
from stackwright.tools.base import ToolContext, ToolFailed
from stackwright.tools.findings import LIMIT_S, NOT_READY, Findings
from stackwright.tools.registry import all_tools

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]

TOOLS = {tool.name: tool for tool in all_tools(search_provider=None)}
SPARE_S = 4.0
"""For the writing itself on a busy machine."""
PAGE = """\
import { Button } from "@/components/ui/button";

export default function Rooms() {
  return <Button variant="%s">{%s}</Button>;
}
"""
FILL = """
python - <<'END'
from pymongo import MongoClient
rooms = MongoClient("mongodb://127.0.0.1:27017")["app"]["rooms"]
rooms.insert_many([{"_id": str(n), "name": f"Room {n}", "size": n} for n in range(30)])
END
"""


class Agent:
    def __init__(self, context: ToolContext, services: SandboxServices) -> None:
        self.services = services
        self._context = context

    async def sandbox(self) -> Sandbox:
        return await self._context.sandbox()

    async def call(self, name: str, /, **arguments: Any) -> str:
        tool = TOOLS[name]
        return await tool.run(tool.arguments.model_validate(arguments), self._context)


@pytest.fixture
async def agent(endpoint: Endpoint, http: SandboxHttp, database: Database) -> AsyncIterator[Agent]:
    project = await ProjectService(database).create(USER, ProjectId(new_id()), name="rooms")
    sandbox = await control.create(TEMPLATE, {"test": "tools"}, endpoint, http, 600)
    bench = Bench(database, project.id, sandbox)
    services = SandboxServices(
        sandbox,
        load_template(ROOT / "templates", TEMPLATE).services,
        emit=bench.events.append,
        preview_url=str,
    )

    async def current() -> Sandbox:
        return sandbox

    async def running() -> SandboxServices:
        return services

    async def unused() -> Any:
        raise AssertionError("no gate here")

    context = ToolContext(
        project_id=project.id,
        run_id=RunId("tools"),
        tool_call_id="call",
        emit=bench.events.append,
        sandbox=current,
        files=bench.files,
        services=running,
        verifier=unused,
        browser=unused,
        plan=[],
        wishes=MemoryWishBook(run_id="tools", emit=bench.events.append),
        messages=unused,
        notes=BenchNotes(),
        findings=Findings(current),
    )
    await bench.files.lay_out(sandbox)
    yield Agent(context, services)
    await control.kill(sandbox.id, endpoint)


async def test_findings_come_with_the_write_that_caused_them(agent: Agent) -> None:
    async def write(variant: str, value: str) -> str:
        began = time.monotonic()
        content = PAGE % (variant, value)
        told = await agent.call("write_file", path="frontend/pages/rooms.tsx", content=content)
        assert time.monotonic() - began < LIMIT_S + SPARE_S
        return told

    for _ in range(20):
        # On a busy machine the type checker needs some goes until it is fast.
        if "TS2322" in (told := await write("wrong", "missing")):
            break
        told = await write("primary", "missing")
    assert "frontend/pages/rooms.tsx:4:18 error TS2322" in told
    assert "Cannot find name 'missing'" in told
    written = asyncio.gather(
        agent.call("write_file", path="backend/a.py", content="x = missing\n"),
        agent.call("write_file", path="backend/b.py", content="import os\n"),
        agent.call("write_file", path="backend/c.py", content="x = 1\n"),
    )
    first, second, third = await written
    assert "backend/a.py:1:5 F821" in first
    assert "b.py" not in first
    assert "backend/b.py:1:8 F401" in second
    assert third == "Written: backend/c.py (6 characters)"
    assert NOT_READY not in told


async def test_the_linter_agrees_with_the_templates_own_parts(agent: Agent) -> None:
    content = (ROOT / "tests/data/pages/parts.tsx").read_text()
    await agent.call("write_file", path="frontend/pages/parts.tsx", content=content)
    command = "oxlint --quiet --format=unix . && tsc --noEmit --pretty false"
    assert "exit code 0" in await agent.call("run_command", command=command, folder="frontend")


async def test_the_data_is_read_and_never_changed(agent: Agent) -> None:
    with pytest.raises(ToolFailed, match="run_service mongo"):
        await agent.call("query_data")
    await agent.services.start("mongo")
    await agent.call("run_command", command=FILL)

    assert await agent.call("query_data") == "rooms: 30 documents"
    asked = {"collection": "rooms", "filter": {"size": {"$lt": 5}}, "fields": ["name"]}
    found = await agent.call("query_data", **asked, sort={"size": -1}, limit=2)
    assert found.splitlines() == [
        '{"_id": "4", "name": "Room 4"}',
        '{"_id": "3", "name": "Room 3"}',
        "[2 shown, there are more: narrow the filter]",
    ]
    assert await agent.call("query_data", **asked, action="count") == "5"
    total = [{"$group": {"_id": None, "all": {"$sum": "$size"}}}]
    summed = await agent.call("query_data", collection="rooms", action="aggregate", pipeline=total)
    assert summed == '{"_id": null, "all": 435}\n[1 found]'
    with pytest.raises(ToolFailed, match=r"\$out is not for reading"):
        await agent.call(
            "query_data", collection="rooms", action="aggregate", pipeline=[{"$out": "x"}]
        )
    with pytest.raises(ToolFailed, match="did not answer"):
        await agent.call("query_data", collection="rooms", filter={"size": {"$no": 1}})


class OneSandbox:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def find(self, *_: object) -> Sandbox:
        return self._sandbox


async def account_of(sandbox: Sandbox, cookie: str) -> Any:
    told = await sandbox.run(f"curl -s -b session={cookie} localhost:8000/api/account")
    return json.loads(told.stdout)["account"]


async def test_the_app_is_looked_at_as_one_of_its_people_and_nothing_of_that_stays(
    agent: Agent,
) -> None:
    sandbox, project = await agent.sandbox(), ProjectId("gym")
    actors = PreviewActors(cast("Any", OneSandbox(sandbox)), MemoryCache())
    assert await actors.roles(USER, project) == Roles()
    gym = AppSpec.model_validate_json((ROOT / "tests/data/kits/gym.json").read_text())
    files = {f"{WORKSPACE_ROOT}/{path}": text.encode() for path, text in generate(gym).items()}
    await sandbox.write(files)
    await agent.services.start("mongo")
    await agent.services.start("backend")

    known = await actors.roles(USER, project)
    assert known == Roles(roles=["member", "staff"])
    ticket = await actors.become(USER, project, "staff")
    assert await actors.entered(ProjectId("other"), ticket) is None
    entry = await actors.entered(project, ticket)
    assert entry is not None
    assert await actors.entered(project, ticket) is None
    account = await account_of(sandbox, entry.token)
    assert (account["role"], account["name"]) == ("staff", "Staff (preview)")
    with pytest.raises(Conflict, match="no such role"):
        await actors.become(USER, project, "owner")

    body = shlex.quote(json.dumps({"name": "Ann", "email": "a@b.cd", "password": "a long secret"}))
    register = (
        f"curl -s -H content-type:application/json -d {body} localhost:8000/api/account/register"
    )
    assert json.loads((await sandbox.run(register)).stdout)["role"] == "staff"
    assert (await actors.remove(USER, project)).accounts == 0
    assert await account_of(sandbox, entry.token) is None
    told = await agent.call("query_data", collection="_people", fields=["name"])
    assert "Ann" in told
    assert "preview" not in told


async def test_where_people_of_one_role_are_invited_each_of_them_may_invite(agent: Agent) -> None:
    sandbox = await agent.sandbox()
    gym = json.loads((ROOT / "tests/data/kits/gym.json").read_text())
    options = {"roles": ["agent"], "registration": "invited"}
    spec = AppSpec.model_validate(gym | {"kits": [{"name": "accounts", "options": options}]})
    files = {f"{WORKSPACE_ROOT}/{path}": text.encode() for path, text in generate(spec).items()}
    await sandbox.write(files)
    await agent.services.start("mongo")
    done = await sandbox.run("cd backend && python -m pytest -q tests/test_accounts.py 2>&1")
    assert done.exit_code == 0, done.stdout


async def test_changes_of_the_run_are_told_with_their_diff(agent: Agent) -> None:
    with pytest.raises(ToolFailed, match="No change is known"):
        await agent.call("list_changes")
    await agent.call("write_file", path="backend/new.py", content="x = 1\n")
    await agent.call("run_command", command="rm backend/routers/__init__.py; echo '# x' >>Makefile")
    await agent.call("edit_file", path="Makefile", old_text="# x", new_text="# y")

    told = await agent.call("list_changes")
    assert told.startswith("changed Makefile\ncreated backend/new.py\ndeleted backend/routers/")
    assert "\n+# y" in told
    assert "# x" not in told
    assert "+x = 1" in await agent.call("list_changes", path="backend")
    assert "Makefile" not in await agent.call("list_changes", path="backend")


async def test_libraries_are_installed_and_promised_or_it_is_told_why_not(agent: Agent) -> None:
    # No test may need a registry: this host is told that there is none.
    with pytest.raises(ToolFailed, match="is no name of a package"):
        await agent.call("add_dependency", side="backend", names=["x; rm -rf /"])
    listed = await agent.call("add_dependency", side="backend", names=["pydantic"])
    assert "It was listed already." in listed
    await agent.call("run_command", command="sed -i /^fastapi==/d backend/requirements.txt")
    added = await agent.call("add_dependency", side="backend", names=["fastapi"])
    assert "added fastapi==" in added
    assert "Changed: backend/requirements.txt." in added
    with pytest.raises(ToolFailed, match="Not added"):
        await agent.call("add_dependency", side="frontend", names=["@no-such/package-anywhere"])
