"""Nothing is lost when the sandbox dies, and two chats at once are both kept."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from stackwright.testing.platform_process import Platform, last

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]


def sandbox_processes(platform: Platform) -> list[int]:
    """Pids of every process that has the folder of one of this platform's sandboxes mounted."""
    mine = [folder.name for folder in (platform.data_dir / "engine" / "sandboxes").iterdir()]
    found: list[int] = []
    for mounts in Path("/proc").glob("[0-9]*/mountinfo"):
        try:
            mounted = mounts.read_text()
        except OSError:
            continue
        if any(sandbox in mounted for sandbox in mine):
            found.append(int(mounts.parent.name))
    return found


PLANTS = "plants"


@pytest.fixture(scope="module")
def preview(platform: Platform) -> str:
    """The address of the preview of an app of plants."""
    built = platform.chat(PLANTS, "track my plants: name, species, last watered")
    return last(built, "preview_ready")["url"]


def test_after_the_sandbox_is_killed_a_message_brings_everything_back(
    platform: Platform, preview: str
) -> None:
    project = PLANTS
    with platform.client() as client:
        before = client.get(f"/api/projects/{project}/files").json()["files"]

    victims = sandbox_processes(platform)
    assert victims
    for pid in victims:
        with suppress(ProcessLookupError):  # died with one before it
            os.kill(pid, signal.SIGKILL)

    again = platform.chat(project, "add a pot size to plants")

    assert last(again, "agent_complete")["status"] == "verified"
    with platform.client() as client:
        after = {
            f["path"]: f["sha256"]
            for f in client.get(f"/api/projects/{project}/files").json()["files"]
        }
    assert {f["path"] for f in before} <= set(after)
    assert platform.app(preview, "GET", "/api/plants").status_code == 200
    assert preview.split(":")[1] == last(again, "preview_ready")["url"].split(":")[1]


@pytest.mark.usefixtures("preview")
def test_two_chats_at_once_on_one_project_are_both_kept_in_order(platform: Platform) -> None:
    with ThreadPoolExecutor(2) as pool:
        both = list(
            pool.map(
                lambda text: platform.chat(PLANTS, text),
                ("add a label to plants", "add a condition (strong, fair, poor) to plants"),
            )
        )
    statuses = [last(events, "agent_complete")["status"] for events in both]
    assert statuses == ["verified"] * 2, [last(events, "verification_report") for events in both]
    with platform.client() as client:
        spec = client.get(f"/api/projects/{PLANTS}/files/.stackwright/app.json").text
    assert '"label"' in spec
    assert '"condition"' in spec


def test_stop_while_the_app_is_verified_ends_the_run_and_its_checks(platform: Platform) -> None:
    project = "halted"
    stream = platform.events(project, "a list of kites with color")
    started = next(event for event in stream if event.get("name") == "frontend-types")
    run = started["run_id"]
    with platform.client() as client:
        client.post(f"/api/projects/{project}/runs/{run}/cancel").raise_for_status()
    kinds = [event["type"] for event in stream]
    assert kinds[-1] == "agent_cancelled"
    assert "verification_report" not in kinds
    mark = f"STACKWRIGHT_RUN={run}".encode()
    assert not [pid for pid in sandbox_processes(platform) if mark in environment_of(pid)]
    with platform.client() as client:
        assert client.get(f"/api/projects/{project}/versions").json()["versions"]


def environment_of(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return []


def test_a_reader_that_comes_back_gets_the_rest_of_the_stream(platform: Platform) -> None:
    project = "reader"
    stream = platform.events(project, "a guest book with messages")
    seen = [next(stream) for _ in range(3)]
    stream.close()
    run_id = seen[0]["run_id"]
    with platform.client() as client:
        rest = client.get(
            f"/api/projects/{project}/chat",
            headers={"Last-Event-ID": f"{run_id}:{seen[-1]['seq']}"},
        )
    ids = [line.split(":")[-1] for line in rest.text.splitlines() if line.startswith("id: ")]
    assert [int(i) for i in ids] == list(range(seen[-1]["seq"] + 1, seen[-1]["seq"] + 1 + len(ids)))
    assert '"type":"agent_complete"' in rest.text
