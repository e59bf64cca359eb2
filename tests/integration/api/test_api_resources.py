import io
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from fixtures.api_twins import PNG, Running, healthy, running
from stackwright.api.ports import PartHealth
from stackwright.core.errors import SandboxUnavailable
from stackwright.core.events import (
    AgentComplete,
    AgentStart,
    CheckSummary,
    Screenshot,
    VerificationReport,
)
from stackwright.core.ids import ProjectId
from stackwright.core.wishes import Wish, WishList
from stackwright.db.restore_points import RestorePointRecord
from stackwright.runs.progress import AgentProgress

pytestmark = pytest.mark.integration

SHA = "a" * 64
REPORT = VerificationReport(
    status="verified",
    checks=(CheckSummary(name="types", ok=True, seconds=1.5),),
    screenshots=(Screenshot(route="/", url="/x.png", sha256=SHA, width=1, height=1),),
)


async def finished_run(api: Running) -> str:
    run = await api.services.runs.accept(user_id="ann", project_id="todo", message="A todo app")
    end = AgentComplete(timestamp="t", project_id="todo", status="verified")
    await api.twin.emit(run.run_id, REPORT, end)
    return run.run_id


async def test_history_tells_the_conversation_in_reading_order(
    api: Running, client: httpx.AsyncClient
) -> None:
    await finished_run(api)
    history = (await client.get("/api/projects/todo/history")).json()
    said = [(message["role"], message["content"]) for message in history["messages"]]
    assert said == [("user", "A todo app"), ("assistant", "Done.")]
    assert history["messages"][1]["status"] == "verified"
    older = (await client.get("/api/projects/todo/history?limit=1")).json()
    assert older["next"] == 2
    first = (await client.get("/api/projects/todo/history?limit=1&before=2")).json()
    assert first["messages"][0]["content"] == "A todo app"


async def test_wishes_are_listed_added_edited_agreed_to_and_struck(
    api: Running, client: httpx.AsyncClient
) -> None:
    await finished_run(api)
    base = "/api/projects/todo/wishes"
    added = await client.post(base, json={"text": "Todos have due dates", "kind": "data"})
    assert added.status_code == 201
    assert added.json()["id"] == "w1"
    edited = await client.patch(f"{base}/w1", json={"text": "Todos have a deadline"})
    assert (edited.json()["text"], edited.json()["state"]) == ("Todos have a deadline", "open")
    assert (await client.post(f"{base}/w1/agree")).json()["is_expectation_changed"] is False
    listed = (await client.get(base)).json()
    assert [wish["text"] for wish in listed["wishes"]] == ["Todos have a deadline"]
    assert (await client.get("/api/projects/todo/state")).json()["wishes"] == listed["wishes"]
    assert (await client.delete(f"{base}/w1")).status_code == 204
    assert (await client.get(base)).json()["wishes"] == []


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "", {"text": "  "}, 422),
        ("POST", "", {"text": "x" * 301}, 422),
        ("POST", "", {"text": "x", "kind": "magic"}, 422),
        ("POST", "", {"text": "x\0"}, 422),
        ("PATCH", "/w9", {"text": "x"}, 404),
        ("DELETE", "/w9", None, 404),
        ("DELETE", "/" + "w" * 50, None, 422),
        ("POST", "/w9/agree", None, 404),
    ],
)
async def test_what_is_no_wish_is_refused(
    api: Running, client: httpx.AsyncClient, method: str, path: str, body: object, status: int
) -> None:
    await finished_run(api)
    answer = await client.request(method, f"/api/projects/todo/wishes{path}", json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


async def test_check_again_is_a_run_of_its_own_kind(
    api: Running, client: httpx.AsyncClient
) -> None:
    await finished_run(api)
    answer = await client.post("/api/projects/todo/verify")
    assert answer.status_code == 202
    run = await client.get(f"/api/projects/todo/runs/{answer.json()['run_id']}")
    assert (run.json()["kind"], run.json()["input"]) == ("proof", "Check again")
    assert (await client.post("/api/projects/nope/verify")).status_code == 404


async def test_history_ties_wishes_to_the_message_they_come_from(
    api: Running, client: httpx.AsyncClient
) -> None:
    run_id = await finished_run(api)
    mine = Wish(id="w1", text="Todos", kind="data", quotes=("todo app",), run_id=run_id)
    other = mine.model_copy(update={"id": "w2", "run_id": "another"})
    api.twin.wishes["todo"] = WishList(wishes=(mine, other))
    asked, answered = (await client.get("/api/projects/todo/history")).json()["messages"]
    assert [wish["id"] for wish in asked["wishes"]] == ["w1"]
    assert answered["wishes"] == []


async def test_state_has_what_a_client_needs_to_open_a_project(
    api: Running, client: httpx.AsyncClient
) -> None:
    run_id = await finished_run(api)
    state = (await client.get("/api/projects/todo/state")).json()
    assert (state["project_id"], state["user_id"]) == ("todo", "ann")
    assert state["current_run"] is None
    assert state["last_report"]["status"] == "verified"
    assert state["last_report_run_id"] == run_id
    assert state["preview_url"] == f"http://{api.preview('todo')}"


async def test_state_has_the_seven_fields_of_the_agent(
    api: Running, client: httpx.AsyncClient
) -> None:
    await finished_run(api)
    empty = (await client.get("/api/projects/todo/state")).json()
    assert (empty["current_phase"], empty["service_pids"], empty["tokens_used"]) == (None, {}, 0)
    known: dict[str, Any] = {
        "current_phase": "frontend",
        "next_steps": ("Check it",),
        "recent_thinking": ("I will check it.",),
        "error_count": 2,
        "active_files": ("backend/app.py",),
        "service_pids": {"backend": 41},
        "tokens_used": 900,
    }
    api.twin.progress["todo"] = AgentProgress(**known)
    state = (await client.get("/api/projects/todo/state")).json()
    assert {name: state[name] for name in known} == {
        name: list(value) if isinstance(value, tuple) else value for name, value in known.items()
    }


@pytest.mark.parametrize("body", [None, {}])
async def test_restore_without_a_version_wakes_the_project_and_answers_its_state(
    api: Running, client: httpx.AsyncClient, body: dict[str, Any] | None
) -> None:
    await finished_run(api)
    answer = await client.post("/api/projects/todo/restore", json=body)
    assert (answer.status_code, answer.json()["project_id"]) == (200, "todo")
    assert api.twin.woken == ["todo"]
    assert api.twin.points.get("todo", []) == []


async def test_restore_says_why_the_project_cannot_be_woken(
    api: Running, client: httpx.AsyncClient
) -> None:
    await finished_run(api)
    api.twin.wake_error = SandboxUnavailable("no engine")
    answer = await client.post("/api/projects/todo/restore", json={})
    assert (answer.status_code, answer.json()["code"]) == (503, "sandbox_unavailable")
    assert (await client.post("/api/projects/none/restore", json={})).status_code == 404


async def test_runs_are_listed_looked_at_and_cancelled_twice(
    api: Running, client: httpx.AsyncClient
) -> None:
    done = await finished_run(api)
    live = (await api.services.runs.accept(user_id="ann", project_id="todo", message="m")).run_id
    runs = (await client.get("/api/projects/todo/runs")).json()["runs"]
    assert [run["id"] for run in runs] == [live, done]
    for _ in range(2):
        answer = await client.post(f"/api/projects/todo/runs/{live}/cancel")
        assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
    untouched = (await client.post(f"/api/projects/todo/runs/{done}/cancel")).json()
    assert untouched["status"] == "verified"
    answer = await client.post(
        f"/api/projects/todo/runs/{done}/answer", json={"answers": {"a": "b"}}
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


async def test_a_runs_events_come_in_pages(api: Running, client: httpx.AsyncClient) -> None:
    run_id = await finished_run(api)
    path = f"/api/projects/todo/runs/{run_id}/events"
    first = (await client.get(f"{path}?limit=3")).json()
    assert [event["seq"] for event in first["events"]] == [1, 2, 3]
    rest = (await client.get(f"{path}?limit=3&after={first['next']}")).json()
    assert [event["type"] for event in rest["events"]] == ["agent_complete"]
    assert rest["next"] is None


async def test_the_report_and_its_screenshots_are_resources(
    api: Running, client: httpx.AsyncClient
) -> None:
    run_id = await finished_run(api)
    api.twin.pictures[SHA] = PNG
    report = (await client.get(f"/api/projects/todo/runs/{run_id}/report")).json()
    assert report["checks"][0] == {"name": "types", "ok": True, "seconds": 1.5, "detail": ""}
    picture = await client.get(f"/api/projects/todo/runs/{run_id}/screenshots/{SHA}.png")
    assert (picture.headers["content-type"], picture.content) == ("image/png", PNG)
    other = "b" * 64
    answer = await client.get(f"/api/projects/todo/runs/{run_id}/screenshots/{other}.png")
    assert (answer.status_code, answer.json()["code"]) == (404, "screenshot_not_found")


async def test_a_run_that_was_never_judged_has_no_report(
    api: Running, client: httpx.AsyncClient
) -> None:
    run = await api.services.runs.accept(user_id="ann", project_id="todo", message="m")
    answer = await client.get(f"/api/projects/todo/runs/{run.run_id}/report")
    assert (answer.status_code, answer.json()["code"]) == (404, "no_report")


async def test_files_are_listed_read_and_downloaded_and_never_a_page_of_ours(
    api: Running, client: httpx.AsyncClient
) -> None:
    api.twin.add_project("ann", "todo", "Todo")
    page = b"<script>alert(1)</script>"
    api.twin.files["todo"] = {"a/page.html": page, "logo.png": PNG, "ü/ß.txt": "ä".encode()}

    listed = (await client.get("/api/projects/todo/files")).json()["files"]
    assert [file["path"] for file in listed] == ["a/page.html", "logo.png", "ü/ß.txt"]
    html = await client.get("/api/projects/todo/files/a/page.html")
    assert html.content == page
    assert html.headers["content-type"] == "text/plain; charset=utf-8"
    assert "sandbox" in html.headers["content-security-policy"]
    binary = await client.get("/api/projects/todo/files/logo.png")
    assert (binary.headers["content-type"], binary.content) == ("application/octet-stream", PNG)
    assert (await client.get("/api/projects/todo/files/ü/ß.txt")).text == "ä"

    archive = await client.get("/api/projects/todo/download")
    assert archive.headers["content-disposition"] == 'attachment; filename="todo.zip"'
    with zipfile.ZipFile(io.BytesIO(archive.content)) as files:
        assert {name: files.read(name) for name in files.namelist()} == api.twin.files["todo"]


async def test_restoring_adds_a_version_and_wakes_the_app(
    api: Running, client: httpx.AsyncClient
) -> None:
    api.twin.add_project("ann", "todo", "Todo")
    first = RestorePointRecord(
        project_id=ProjectId("todo"),
        version=1,
        run_id=None,
        restored_from=None,
        title="A todo app",
        status="verified",
        created_at=datetime.now(UTC),
    )
    api.twin.points["todo"] = [first]
    made = (await client.post("/api/projects/todo/restore", json={"version": 1})).json()
    assert (made["version"], made["restored_from"]) == (2, 1)
    versions = (await client.get("/api/projects/todo/versions")).json()["versions"]
    assert [version["version"] for version in versions] == [2, 1]
    await api.twin.until(lambda: api.twin.woken == ["todo"])


async def test_projects_are_made_renamed_and_deleted(
    api: Running, client: httpx.AsyncClient
) -> None:
    made = await client.post("/api/projects", json={"name": "  Mine ", "project_id": "mine"})
    assert made.status_code == 201
    assert (made.json()["name"], made.json()["user_id"]) == ("Mine", "local")
    again = await client.post("/api/projects", json={"name": "Mine", "project_id": "mine"})
    assert (again.status_code, again.json()["code"]) == (409, "conflict")
    renamed = await client.patch("/api/projects/mine", json={"name": "Yours"})
    assert renamed.json()["name"] == "Yours"
    run = await api.services.runs.accept(user_id="local", project_id="mine", message="m")
    assert (await client.delete("/api/projects/mine")).status_code == 204
    assert api.twin.runs[run.run_id].status == "cancelled"
    assert (await client.get("/api/projects/mine")).status_code == 404
    await api.twin.until(lambda: api.twin.put_away == ["mine"])


async def test_a_persons_projects_come_in_pages_newest_first(
    api: Running, client: httpx.AsyncClient
) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(5):
        project = api.twin.add_project("ann", f"p{number}", f"P {number}")
        object.__setattr__(project, "updated_at", start + timedelta(minutes=number))
    seen, cursor = [], None
    while True:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await client.get("/api/users/ann/projects", params=query)).json()
        seen += [project["id"] for project in page["projects"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == ["p4", "p3", "p2", "p1", "p0"]


async def test_the_local_user_is_always_known_and_others_must_have_been_seen(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/api/users/local/projects")
    assert answer.json() == {"projects": [], "next": None}
    answer = await client.get("/api/users/nobody/projects")
    assert (answer.status_code, answer.json()["code"]) == (404, "user_not_found")


async def test_health_tells_each_part_and_readiness_what_is_missing() -> None:
    async def broken() -> PartHealth:
        raise ValueError("boom")

    async def off() -> PartHealth:
        return PartHealth("off")

    probes = {"database": healthy, "redis": off, "sandboxes": broken}
    async with running(probes=probes) as api, httpx.AsyncClient(base_url=api.url) as client:
        answer = await client.get("/health")
        assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
        parts = {name: part["status"] for name, part in answer.json()["parts"].items()}
        assert parts == {"database": "ok", "redis": "off", "sandboxes": "failed"}
        assert (await client.get("/readyz")).status_code == 200

    async with (
        running(probes={**probes, "database": broken}) as api,
        httpx.AsyncClient(base_url=api.url) as client,
    ):
        answer = await client.get("/health")
        assert (answer.status_code, answer.json()["status"]) == (503, "failed")
        answer = await client.get("/readyz")
        assert (answer.status_code, answer.json()["code"]) == (503, "not_ready")
        assert answer.headers["retry-after"] == "2"
        assert (await client.get("/livez")).status_code == 200


async def test_how_busy_it_is_is_told_to_the_operator_without_names(
    client: httpx.AsyncClient, api: Running
) -> None:
    for message in ("one", "two"):
        await api.services.runs.accept(user_id="ann", project_id="books", message=message)
    run = next(iter(api.twin.runs))
    await api.twin.emit(run, AgentStart(timestamp="t", project_id="books"))
    answer = await client.get("/api/platform/queue")
    assert answer.json() == {"waiting": 1, "working": 1}
    answer = await client.get("/api/platform/queue", headers={"X-Forwarded-For": "203.0.113.7"})
    assert answer.status_code == 403


async def test_the_version_says_who_answers(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/version")
    assert answer.json() == {"name": "stackwright", "version": "0.0.0-test"}


async def test_metrics_are_served_as_prometheus_reads_them(client: httpx.AsyncClient) -> None:
    answer = await client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert "# TYPE stackwright_sandboxes_given_total counter" in answer.text


async def test_what_only_watches_the_platform_is_no_visit() -> None:
    visits: list[None] = []
    async with (
        running(visited=lambda: visits.append(None)) as served,
        httpx.AsyncClient(base_url=served.url, timeout=10) as visitor,
    ):
        for path in ("/health", "/livez", "/readyz", "/metrics", "/api/version"):
            assert (await visitor.get(path)).status_code == 200
        assert not visits
        for path in ("/", "/users/local/projects", "/nowhere"):
            await visitor.get(path)
        assert len(visits) == 3
