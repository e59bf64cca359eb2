"""The promise of the first page: a sentence becomes a running, proven application."""

import json

import pytest
from playwright.sync_api import Page, expect

from stackwright.testing.platform_process import Platform, failed_checks, last

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

TODO = "Create a todo app with FastAPI and Next.js"
ORIGINAL_SIX = {"agent_start", "agent_thinking", "tool_start", "tool_complete", "agent_complete"}


@pytest.fixture(scope="module")
def todo(platform: Platform) -> list[dict]:
    return platform.chat("todo", TODO)


def test_the_stream_runs_from_agent_start_to_exactly_one_ending(todo: list[dict]) -> None:
    kinds = [event["type"] for event in todo]
    assert set(kinds) >= ORIGINAL_SIX
    endings = [k for k in kinds if k in {"agent_complete", "agent_cancelled", "error"}]
    assert endings == ["agent_complete"]
    assert kinds[-1] == "agent_complete"
    assert kinds.count("agent_start") == 1
    assert [event["seq"] for event in todo] == list(range(1, len(todo) + 1))


def test_the_run_ends_as_verified_by_the_gate(todo: list[dict]) -> None:
    assert failed_checks(todo) == []
    assert last(todo, "verification_report")["status"] == "verified"
    assert last(todo, "agent_complete")["status"] == "verified"


def test_every_tool_start_has_its_completion(todo: list[dict]) -> None:
    started = [e["tool_id"] for e in todo if e["type"] == "tool_start"]
    completed = [e["tool_id"] for e in todo if e["type"] == "tool_complete"]
    assert sorted(started) == sorted(completed)


def test_the_report_and_its_screenshots_can_be_fetched(
    platform: Platform, todo: list[dict]
) -> None:
    run_id = todo[0]["run_id"]
    with platform.client() as client:
        report = client.get(f"/api/projects/todo/runs/{run_id}/report").raise_for_status().json()
        assert report["status"] == "verified"
        assert report["screenshots"]
        for screenshot in report["screenshots"]:
            picture = client.get(screenshot["url"]).raise_for_status()
            assert picture.headers["content-type"] == "image/png"
            assert picture.content.startswith(b"\x89PNG")


def test_in_the_preview_an_item_is_created_edited_listed_and_deleted(
    platform: Platform, todo: list[dict], page: Page
) -> None:
    problems: list[str] = []
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(last(todo, "preview_ready")["url"] + "/todos")

    page.get_by_role("button", name="New todo").first.click()
    page.get_by_role("dialog").get_by_label("Title").fill("Buy milk & <b>bread</b>")
    page.get_by_role("dialog").get_by_role("button", name="Add todo").click()
    expect(page.get_by_text("Buy milk & <b>bread</b>").first).to_be_visible()

    page.reload()
    expect(page.get_by_text("Buy milk & <b>bread</b>").first).to_be_visible()

    page.get_by_role("button", name="Edit Buy milk").first.click()
    page.get_by_role("dialog").get_by_label("Title").fill("Buy oat milk")
    page.get_by_role("dialog").get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("Buy oat milk").first).to_be_visible()

    page.get_by_role("button", name="Delete Buy oat milk").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Buy oat milk")).to_have_count(0)
    assert problems == []


def test_history_state_files_and_projects_answer_truthfully(
    platform: Platform, todo: list[dict]
) -> None:
    with platform.client() as client:
        history = client.get("/api/projects/todo/history").raise_for_status().json()
        assert TODO in json.dumps(history)
        state = client.get("/api/projects/todo/state").raise_for_status().json()
        assert state["project_id"] == "todo"
        files = client.get("/api/projects/todo/files").raise_for_status().json()
        paths = {entry["path"] for entry in files["files"]}
        assert {"backend/main.py", "frontend/package.json"} <= paths
        assert {"Makefile", "README.md", "tools/manage.py"} <= paths  # an export proves itself
        assert not any("node_modules" in path for path in paths)
        projects = client.get("/api/users/ann/projects").raise_for_status().json()
        assert "todo" in {project["id"] for project in projects["projects"]}
        assert client.get("/health").raise_for_status().json()["status"] == "ok"


def test_a_follow_up_changes_the_app_and_keeps_its_records(
    platform: Platform, todo: list[dict]
) -> None:
    preview = last(todo, "preview_ready")["url"]
    created = platform.app(preview, "POST", "/api/todos", json={"title": "Survive"})
    assert created.status_code == 201, created.text

    events = platform.chat("todo", "add an effort field in hours to todos")

    assert failed_checks(events) == []
    assert last(events, "agent_complete")["status"] == "verified"
    listed = platform.app(preview, "GET", "/api/todos").json()
    assert [item["title"] for item in listed["items"]] == ["Survive"]
    assert "effort" in json.dumps(listed["items"][0])


def test_what_needs_a_model_is_said_plainly_and_changes_nothing(
    platform: Platform, todo: list[dict]
) -> None:
    with platform.client() as client:
        before = client.get("/api/projects/todo/files").json()
        events = platform.chat("todo", "integrate Stripe payments with webhooks")
        after = client.get("/api/projects/todo/files").json()
    text = "".join(e["token"] for e in events if e["type"] == "agent_thinking")
    assert "model key" in text
    assert last(events, "agent_complete")["status"] == "answered"
    assert before == after
