"""Files by hand, changes, versions and copies of a project: the real services behind the real routes."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from fixtures.api_twins import Running, running
from fixtures.database_services import services_over_database
from fixtures.workspace_bench import in_sandbox
from stackwright.cli.client import Client
from stackwright.cli.listing import show_changes
from stackwright.core.events import AgentStart, ToolStart
from stackwright.core.ids import ProjectId, UserId, new_id
from stackwright.db.engine import Database
from stackwright.db.file_contents import FileContentRepository
from stackwright.db.notifications import RunNotifications
from stackwright.db.run_events import Batch, NewEvent, RunEventRepository
from stackwright.projects.restore_points import RestorePoints
from stackwright.projects.service import ProjectService
from stackwright.runs.events.records import encode
from stackwright.runs.service import RunService
from stackwright.sandbox.detached import log_file
from stackwright.testing.memory_sandbox import MemorySandbox
from stackwright.tools.seen import digest

pytestmark = pytest.mark.integration

USER = UserId("ann")
FIRST = {"backend/main.py": b"x = 1\n" * 30, "notes.txt": b"Milk\n"}


@dataclass
class World:
    api: Running
    client: httpx.AsyncClient
    database: Database
    runs: RunService
    sandbox: MemorySandbox
    project: ProjectId

    async def put(self, path: str, text: bytes, expected: str | None = None) -> httpx.Response:
        headers = {} if expected is None else {"If-Match": f'"{expected}"'}
        return await self.client.put(f"files/{path}", content=text, headers=headers)

    async def ask(self, address: str, /, **query: Any) -> Any:
        answer = await self.client.get(address, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def store(self, files: Mapping[str, bytes | None]) -> None:
        await FileContentRepository(self.database.fetch).write(USER, self.project, files)

    async def version(self, title: str) -> str:
        """A run that ends with the files as they are."""
        accepted = await self.runs.accept(
            user_id=USER, project_id=self.project, message=title, on_busy="queue"
        )
        await RestorePoints(self.database).create(
            USER, self.project, accepted.run_id, title=title, status="verified"
        )
        await self.runs.cancel(USER, self.project, accepted.run_id)
        return accepted.run_id


@pytest.fixture
async def world(
    database: Database, signals: RunNotifications, tmp_path: Path
) -> AsyncIterator[World]:
    sandbox, projects = MemorySandbox(tmp_path), ProjectService(database)
    project = (await projects.create(USER, ProjectId(new_id()), name="Shop")).id
    runs = RunService(database, signals)
    services = services_over_database(database, signals, runs, sandbox)
    async with (
        running(**services) as api,
        httpx.AsyncClient(base_url=f"{api.url}/api/projects/{project}/", timeout=10) as client,
    ):
        made = World(api, client, database, runs, sandbox, project)
        await made.store({"template.txt": b"from the template"})
        await made.store(FIRST)
        yield made
    await sandbox.end()


async def test_a_file_is_written_with_the_guards_of_the_agent(world: World) -> None:
    made = await world.put("frontend/new.ts", b"export const a = 1\n")
    assert made.status_code == 200, made.text
    assert (await world.put("frontend/new.ts", b"again")).json()["code"] == "conflict"
    opened = await world.client.get("files/frontend/new.ts")
    digest = opened.headers["etag"].strip('"')
    assert digest == made.json()["sha256"]
    assert (await in_sandbox(world.sandbox))["frontend/new.ts"] == b"export const a = 1\n"
    broken = await world.put("frontend/new.ts", b"export const = 1\n", digest)
    assert (broken.status_code, broken.json()["code"]) == (422, "edit_refused")
    assert "would not parse" in broken.json()["detail"]
    assert (await world.put(".env", b"KEY=1")).json()["code"] == "edit_refused"
    assert (await world.put("../x", b"1")).status_code in (404, 422)
    assert (await world.put("big.txt", b"x" * 5_000_001)).status_code == 413
    await world.store({"frontend/new.ts": b"export const b = 2\n"})
    stale = (await world.put("frontend/new.ts", b"export const c = 3\n", digest)).json()
    assert (stale["code"], stale["text"]) == ("file_changed", "export const b = 2\n")


async def test_files_and_folders_are_renamed_deleted_and_searched(world: World) -> None:
    moved = await world.client.post("files/rename", json={"source": "backend", "target": "server"})
    assert moved.json() == {"paths": ["server/main.py"]}
    taken = await world.client.post(
        "files/rename", json={"source": "notes.txt", "target": "server/main.py"}
    )
    assert taken.status_code == 409
    hits = (await world.ask("search", q="MILK"))["hits"]
    assert [(hit["path"], hit["line"]) for hit in hits] == [("notes.txt", 1)]
    assert (await world.client.delete("files/server")).status_code == 204
    assert (await world.client.delete("files/server")).status_code == 404
    listed = [file["path"] for file in (await world.ask("files"))["files"]]
    assert listed == ["notes.txt", "template.txt"]


async def test_a_file_that_the_agent_writes_right_now_is_refused_and_others_are_not(
    world: World,
) -> None:
    accepted = await world.runs.accept(user_id=USER, project_id=world.project, message="go")
    claimed = await world.runs.claim(accepted.run_id, worker="w")
    assert claimed is not None

    call = ToolStart(tool_name="write_file", tool_id="c", tool_args={"path": "notes.txt"})
    events = [AgentStart(timestamp="t", project_id=world.project), call]
    batch = Batch.of(
        claimed.lease,
        claimed.run.last_seq,
        [NewEvent(event.type, encode(event).data) for event in events],
    )
    await RunEventRepository(world.database.fetch).append(batch, durable=True)
    held = await world.client.delete("files/notes.txt")
    assert (held.status_code, held.json()["code"]) == (409, "file_in_hand")
    assert (await world.put("other.txt", b"mine")).status_code == 200


async def test_changes_of_a_run_between_versions_and_since_are_told_and_taken_back(
    world: World,
) -> None:
    first = await world.version("one")
    told = await world.ask("changes", run_id=first)
    assert (told["before"], told["after"]) == ("nothing", "1")
    assert [f["path"] for f in told["files"]] == ["backend/main.py", "notes.txt"]
    new = b"y = 2\n" + FIRST["backend/main.py"] + b"z = 3\n"
    await world.store({"backend/main.py": new, "notes.txt": None})
    told = await world.ask("changes")
    assert [(f["path"], f["change"], f["added"], f["removed"]) for f in told["files"]] == [
        ("backend/main.py", "modified", 2, 0),
        ("notes.txt", "deleted", 0, 1),
    ]
    seen = await world.ask("changes/file", path="backend/main.py")
    assert [h["lines"][0] for h in seen["hunks"]] == ["+y = 2", " x = 1"]
    body = {"path": "backend/main.py", "to": "1", "hunk": 0, "sha256": "0" * 64}
    assert (await world.client.post("changes/revert", json=body)).json()["code"] == "file_changed"
    body["sha256"] = seen["after_sha256"]
    assert (await world.client.post("changes/revert", json=body)).status_code == 200
    now = (await world.client.get("files/backend/main.py")).content
    assert now == FIRST["backend/main.py"] + b"z = 3\n"
    back = {"path": "notes.txt", "to": "1", "sha256": None}
    assert (await world.client.post("changes/revert", json=back)).status_code == 200
    assert (await world.client.get("files/notes.txt")).content == FIRST["notes.txt"]
    assert (await world.client.get("changes", params={"before": "9"})).status_code == 404
    assert (await world.client.get("changes", params={"before": "x"})).status_code == 422


async def test_changes_are_told_in_the_terminal(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    await world.version("one")
    await world.put("notes.txt", b"Bread\n", digest(b"Milk\n"))

    def show() -> None:
        with Client(world.api.url, user=None) as client:
            show_changes(client, world.project, None, None, None, as_json=False)

    await asyncio.to_thread(show)
    shown = capsys.readouterr().out
    assert shown == "--- a/notes.txt\t1\n+++ b/notes.txt\tnow\n@@ -1,1 +1,1 @@\n-Milk\n+Bread\n"


async def test_versions_are_looked_at_starred_and_hand_edits_survive_a_return(
    world: World,
) -> None:
    await world.version("one")
    assert (await world.client.patch("versions/1", json={"is_starred": True})).json()["is_starred"]
    files = (await world.ask("versions/1/files"))["files"]
    assert [file["path"] for file in files] == ["backend/main.py", "notes.txt", "template.txt"]
    await world.put("mine.txt", b"by hand")
    preview = await world.ask("changes", before="now", after="1")
    assert [(f["path"], f["change"]) for f in preview["files"]] == [("mine.txt", "deleted")]
    assert (await world.client.post("restore", json={"version": 1})).status_code == 200
    titles = [one["title"] for one in (await world.ask("versions"))["versions"]]
    assert titles == ["Back to version 1: one", "Changed by hand", "one"]
    assert (await world.client.get("versions/2/files/mine.txt")).content == b"by hand"
    assert (await world.client.get("versions/1/files/mine.txt")).status_code == 404


async def test_an_old_version_is_run_beside_the_app_and_put_away(world: World) -> None:
    await world.version("one")
    await world.store({"notes.txt": b"Bread\n"})
    opened = (await world.client.post("versions/1/preview")).json()
    assert (await world.client.post("versions/1/preview")).json() == opened
    label = opened["preview_url"].partition("3000-")[2].partition(".")[0]
    projects = ProjectService(world.database)
    preview = await projects.find_by_preview_label(label)
    assert preview is not None
    assert await projects.read_file(USER, preview.id, "notes.txt") == FIRST["notes.txt"]
    assert await projects.read_file(USER, world.project, "notes.txt") == b"Bread\n"
    await world.api.twin.until(lambda: world.api.twin.woken == [preview.id] * 2)
    assert preview.id not in {one.id for one in (await projects.list_of(USER)).projects}
    strange = await world.client.post("versions/1/preview", params={"user_id": "bob"})
    assert (strange.status_code, (await world.client.post("versions/9/preview")).status_code) == (
        404,
        404,
    )
    for _ in range(2):
        assert (await world.client.delete("versions/1/preview")).status_code == 204
    assert await projects.find_by_preview_label(label) is None
    assert (await world.client.post("versions/1/preview")).json() == opened


async def test_a_project_is_copied_found_deleted_and_brought_back(world: World) -> None:
    await world.client.post("wishes", json={"text": "There is a list"})
    copied = (await world.client.post("duplicate", json={})).json()
    assert copied["name"] == "Shop (copy)"
    there = f"{world.api.url}/api/projects/{copied['id']}"
    assert (await world.client.get(f"{there}/files/notes.txt")).content == FIRST["notes.txt"]
    wishes = (await world.client.get(f"{there}/wishes")).json()["wishes"]
    assert [(wish["text"], wish["state"]) for wish in wishes] == [("There is a list", "open")]
    mine = f"{world.api.url}/api/users/{USER}/projects"
    found = (await world.client.get(mine, params={"q": "copy shop"})).json()["projects"]
    assert [project["id"] for project in found] == [copied["id"]]
    assert (await world.client.delete(there)).status_code == 204
    assert (await world.client.get(there)).status_code == 404
    back = await world.client.post(f"{there}/undelete", params={"user_id": USER})
    assert back.status_code == 200
    assert (await world.client.get(there)).status_code == 200
    strange = await world.client.post(f"{there}/undelete", params={"user_id": "bob"})
    assert strange.status_code == 404


async def test_a_message_to_a_deleted_project_begins_a_new_one(world: World) -> None:
    await world.client.delete(f"{world.api.url}/api/projects/{world.project}")
    await world.runs.accept(user_id=USER, project_id=world.project, message="Begin anew")
    assert (await world.ask("files"))["files"] == []
    address = f"{world.api.url}/api/projects/{world.project}"
    assert (await world.ask(address))["name"] == "Begin anew"
    late = await world.client.post("undelete", params={"user_id": USER})
    assert late.status_code == 404


async def test_logs_are_streamed_and_taken_up_where_a_stream_ended(world: World) -> None:
    await world.sandbox.write({log_file("backend"): b"INFO started\nERROR broken\n"})
    assert (await world.ask("logs"))["lines"][1]["level"] == "error"
    async with world.client.stream("GET", "logs/stream") as stream:
        lines = stream.aiter_lines()
        place = await anext(line async for line in lines if line.startswith("id: "))
        first = await anext(line async for line in lines if line.startswith("data: "))
    assert "ERROR broken" in first
    await world.sandbox.write({log_file("backend"): b"INFO started\nERROR broken\nmore\n"})
    again = {"Last-Event-ID": place.removeprefix("id: ")}
    async with world.client.stream("GET", "logs/stream", headers=again) as stream:
        lines = stream.aiter_lines()
        data = await anext(line async for line in lines if line.startswith("data: "))
    assert [line["text"] for line in json.loads(data.removeprefix("data: "))["lines"]] == ["more"]
    await world.sandbox.write({log_file("backend"): b"\x1b[32manew\x1b[0m\n"})
    logs = world.api.services.workbench.logs
    begun_anew = await logs.read(USER, world.project, {"backend": 5000})
    assert [line.text for line in begun_anew.lines] == ["anew"]
    assert (await world.client.get("logs", params={"user_id": "bob"})).status_code == 404
