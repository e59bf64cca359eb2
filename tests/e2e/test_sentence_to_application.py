"""The promise of the first page: a sentence becomes a running, proven application."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from fixtures.waiting import eventually
from stackwright.testing.platform_process import Platform, failed_checks, last

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

TODO = "Create a todo app with FastAPI and Next.js"
BUILDING_MS = 600_000
ORIGINAL_SIX = {"agent_start", "agent_thinking", "tool_start", "tool_complete", "agent_complete"}


@pytest.fixture(scope="module")
def todo(platform: Platform, browser: Browser, built_console: Path) -> Iterator[list[dict]]:
    """The events of the app that a newcomer of an empty instance plans and builds in the console."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(platform.url)
    expect(page.get_by_role("heading", name="Judge it")).to_be_visible()
    page.get_by_label("What do you want to build?").fill(TODO)
    page.get_by_role("radio", name="Plan").click()
    page.get_by_role("button", name="Send").click()
    plan = page.get_by_role("region", name="Proposed plan")
    plan.get_by_role("button", name="Build this").click(timeout=BUILDING_MS)
    verified = page.get_by_label("Result").filter(has_text="Verified")
    expect(verified).to_be_visible(timeout=BUILDING_MS)
    yield newest_events(platform, page.url.split("/projects/")[1].split("/")[0])
    context.close()


def newest_events(platform: Platform, project: str) -> list[dict]:
    """All events of the project's newest run."""
    with platform.client() as client:
        runs = client.get(f"/api/projects/{project}/runs?limit=1").raise_for_status().json()["runs"]
        path, events = f"/api/projects/{project}/runs/{runs[0]['id']}/events", []
        after: int | None = 0
        while after is not None:
            page = client.get(path, params={"after": after}).raise_for_status().json()
            events += page["events"]
            after = page["next"]
    return events


def project_of(events: list[dict]) -> str:
    return last(events, "agent_start")["project_id"]


def test_the_log_runs_from_agent_start_to_exactly_one_ending(todo: list[dict]) -> None:
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
        report = (
            client.get(f"/api/projects/{project_of(todo)}/runs/{run_id}/report")
            .raise_for_status()
            .json()
        )
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
    project = project_of(todo)
    with platform.client() as client:
        history = client.get(f"/api/projects/{project}/history").raise_for_status().json()
        assert TODO in json.dumps(history)
        state = client.get(f"/api/projects/{project}/state").raise_for_status().json()
        assert state["project_id"] == project
        files = client.get(f"/api/projects/{project}/files").raise_for_status().json()
        paths = {entry["path"] for entry in files["files"]}
        assert {"backend/main.py", "frontend/package.json"} <= paths
        assert {"Makefile", "README.md", "tools/manage.py"} <= paths  # an export proves itself
        assert not any("node_modules" in path for path in paths)
        projects = client.get("/api/users/local/projects").raise_for_status().json()
        assert project in {project["id"] for project in projects["projects"]}
        assert client.get("/health").raise_for_status().json()["status"] == "ok"


def test_a_follow_up_changes_the_app_keeps_its_records_and_is_undone(
    platform: Platform, todo: list[dict], page: Page
) -> None:
    project, preview = project_of(todo), last(todo, "preview_ready")["url"]
    created = platform.app(preview, "POST", "/api/todos", json={"title": "Survive"})
    assert created.status_code == 201, created.text
    page.goto(f"{platform.url}/projects/{project}")
    page.get_by_label("Page of the app").fill("/todos")
    page.keyboard.press("Enter")
    expect(page.frame_locator("iframe").get_by_text("Survive").first).to_be_visible()

    page.get_by_label("Message", exact=True).fill("add an effort field in hours to todos")
    page.keyboard.press("Enter")
    results = page.get_by_label("Result")
    expect(results).to_have_count(2, timeout=BUILDING_MS)
    expect(results.last).to_contain_text("Verified")
    events = newest_events(platform, project)
    assert failed_checks(events) == []
    assert last(events, "agent_complete")["status"] == "verified"
    assert listed(platform, preview) == [("Survive", True)]

    page.get_by_role("tab", name="History").click()
    page.get_by_role("button", name="Go back", exact=True).nth(1).click()
    page.get_by_role("button", name="Go back to version 1").click()
    expect(page.get_by_text("Your app is as in version 1 again.")).to_be_visible(
        timeout=BUILDING_MS
    )
    eventually(lambda: listed(platform, preview) == [("Survive", False)], within_s=60)


def listed(platform: Platform, preview: str) -> list[tuple[str, bool]]:
    """The titles of the todos that the app lists, and whether they have an effort; none without an answer."""
    answer = platform.app(preview, "GET", "/api/todos")
    items = answer.json()["items"] if answer.status_code == 200 else []
    return [(item["title"], "effort" in json.dumps(item)) for item in items]


def test_what_needs_a_model_is_said_plainly_and_changes_nothing(
    platform: Platform, todo: list[dict]
) -> None:
    project = project_of(todo)
    with platform.client() as client:
        before = client.get(f"/api/projects/{project}/files").json()
        events = platform.chat(project, "integrate Stripe payments with webhooks", user="local")
        after = client.get(f"/api/projects/{project}/files").json()
    text = "".join(e["token"] for e in events if e["type"] == "agent_thinking")
    assert "model key" in text
    assert last(events, "agent_complete")["status"] == "answered"
    assert before == after
