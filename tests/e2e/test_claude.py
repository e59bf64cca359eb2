"""The same path on Claude: the real client against a model server that checks every request."""

import base64
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from fixtures.platforms import serving
from stackwright.testing.platform_process import Platform, failed_checks, last

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

SPEC = {
    "title": "Reading List",
    "entities": [
        {
            "name": "article",
            "plural": "articles",
            "label": "Article",
            "label_plural": "Articles",
            "title_field": "title",
            "fields": [
                {"name": "title", "label": "Title", "required": True},
                {"name": "link", "label": "Link", "type": "url"},
                {"name": "is_read", "label": "Read", "type": "boolean"},
            ],
        }
    ],
}
ROUTE = '''from fastapi import APIRouter

router = APIRouter(prefix="/api/motto", tags=["motto"])


@router.get("", operation_id="getMotto")
async def get_motto() -> dict[str, str]:
    """A sentence for the day."""
    return {"motto": "Read more."}
'''
BROKEN_ROUTE = ROUTE.replace(
    "async def get_motto() -> dict[str, str]:", "async def get_motto( -> dict:"
)

WISH = {"text": "A reading list of articles", "kind": "data", "quotes": ["reading list"]}
LINK = {"wish": "w1", "shows": "records", "entity": "article"}
PROPOSAL = {"title": "Gym", "wishes": [{"text": "Bookings are listed", "kind": "data"}]}
PLAN = {
    "scripts": [
        {
            "when": "gym bookings",
            "turns": [
                {"calls": [{"name": "write_file", "arguments": {"path": "a.py", "content": "1"}}]},
                {"say": "I would build bookings."},
                {"calls": [{"name": "propose_plan", "arguments": PROPOSAL}]},
                {"say": "Have a look."},
            ],
        },
        {"when": "[Attached mock-up.png:]", "turns": [{"say": "A red square."}]},
        {
            "when": "reading list",
            "turns": [
                {
                    "say": "I will build a reading list.",
                    "calls": [
                        {"name": "set_wishes", "arguments": {"wishes": [WISH]}},
                        {"name": "update_plan", "arguments": {"steps": [{"title": "Build it"}]}},
                        {"name": "scaffold_app", "arguments": {"spec": SPEC, "wishes": [LINK]}},
                    ],
                },
                {
                    "calls": [
                        {
                            "name": "write_file",
                            "arguments": {"path": "backend/extra.py", "content": BROKEN_ROUTE},
                        }
                    ]
                },
                {
                    "calls": [
                        {
                            "name": "write_file",
                            "arguments": {"path": "backend/extra.py", "content": ROUTE},
                        },
                        {
                            "name": "run_command",
                            "arguments": {"command": "echo made by a command > NOTES.md; ls"},
                        },
                    ],
                    "faults": ["529"],
                },
                {"calls": [{"name": "check_app", "arguments": {}}]},
                {"say": "The reading list is ready."},
            ],
        },
    ]
}


@pytest.fixture(scope="module")
def on_claude(tmp_path_factory: pytest.TempPathFactory, platform: Platform) -> Iterator[Platform]:
    plan = tmp_path_factory.mktemp("model") / "plan.json"
    plan.write_text(json.dumps(PLAN))
    model = subprocess.Popen(
        [sys.executable, "-m", "stackwright.testing.scripted_model", "--plan", str(plan)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert model.stdout is not None
    address = model.stdout.readline().strip()
    data_dir = Path(str(platform.data_dir) + "-claude")
    data_dir.mkdir()
    environment = {"ANTHROPIC_API_KEY": "sk-ant-canary-key", "ANTHROPIC_BASE_URL": address}
    with model:
        try:
            with serving(data_dir, environment) as running:
                yield running
        finally:
            model.terminate()


def test_claude_builds_is_corrected_and_ends_verified(on_claude: Platform) -> None:
    events = on_claude.chat("reading", "Build me a reading list")

    assert failed_checks(events) == []
    assert last(events, "agent_complete")["status"] == "verified"
    assert sum(event["type"] == "usage" for event in events) <= 10
    refused = [e for e in events if e["type"] == "tool_complete" and e["tool_name"] == "write_file"]
    assert [e["outcome"] for e in refused] == ["failed", "ok"]
    assert "parse" in refused[0]["output_preview"]
    with on_claude.client() as client:
        notes = client.get("/api/projects/reading/files/NOTES.md")
    assert notes.text.strip() == "made by a command"


def test_the_key_is_in_no_event_and_no_log(on_claude: Platform) -> None:
    on_claude.chat("reading", "Build me a reading list")
    with on_claude.client() as client:
        everything = client.get("/api/projects/reading/history").text + client.get("/health").text
    assert "canary-key" not in everything
    for file in [on_claude.data_dir / "serve.out", *(on_claude.data_dir / "log").rglob("*.log")]:
        assert "canary-key" not in file.read_text(errors="replace")


def test_a_picture_that_the_person_sends_reaches_the_model(on_claude: Platform) -> None:
    out = io.BytesIO()
    Image.new("RGB", (400, 300), "red").save(out, "PNG")
    picture = {"name": "mock-up.png", "data": base64.b64encode(out.getvalue()).decode()}
    body = {"message": "What do you see?", "attachments": [picture]}
    with on_claude.client() as client:
        answer = client.post("/api/projects/seeing/chat", json=body, timeout=60)
        assert "A red square." in answer.text
        said = client.get("/api/projects/seeing/history").json()["messages"]
        assert [message["content"] for message in said] == ["What do you see?", "A red square."]
        sent = said[0]["attachments"][0]
        assert (sent["name"], sent["width"], sent["height"]) == ("mock-up.png", 400, 300)
        assert client.get(sent["url"]).headers["content-type"] == "image/png"


def test_a_plan_changes_nothing_and_is_approved_as_the_person_corrected_it(
    on_claude: Platform,
) -> None:
    with on_claude.client() as client:
        body = {"message": "gym bookings", "user_id": "ann", "mode": "plan"}
        told = client.post("/api/projects/gym/chat", json=body).raise_for_status().text
        events = [json.loads(line[6:]) for line in told.splitlines() if line.startswith("data: ")]
        [refused] = [e for e in events if e["type"] == "tool_refused"]
        assert "There is no tool 'write_file'" in refused["reason"]
        assert last(events, "plan_proposed")["plan"]["title"] == "Gym"
        assert last(events, "agent_complete")["status"] == "answered"
        assert not [e for e in events if e["type"] in ("file_changed", "version_created")]

        change = {"wishes": [{"text": "Bookings are listed by day", "kind": "data"}]}
        approved = client.post("/api/projects/gym/plan/approve", json=change).raise_for_status()
        run = f"/api/projects/gym/runs/{approved.json()['run_id']}"
        assert "- w1 (data): Bookings are listed by day" in client.get(run).json()["input"]
        wishes = client.get("/api/projects/gym/wishes").json()["wishes"]
        assert [wish["text"] for wish in wishes] == ["Bookings are listed by day"]
        client.post(f"{run}/cancel").raise_for_status()
