"""The platform on an engine it knows by address and key alone, as it knows E2B."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fixtures.platforms import serving
from fixtures.remote_engine import RemoteEngine, remote_engine
from stackwright.testing.platform_process import Platform, failed_checks, last

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def engine() -> Iterator[RemoteEngine]:
    with remote_engine() as running:
        yield running


@pytest.fixture(scope="module")
def platform(engine: RemoteEngine) -> Iterator[Platform]:
    data_dir = Path(tempfile.mkdtemp(prefix="stackwright-remote-"))
    with serving(data_dir, {**engine.environment, "MAX_SANDBOXES_PER_USER": "1"}) as running:
        yield running


def test_a_sentence_becomes_a_verified_application_on_the_remote_engine(
    platform: Platform, engine: RemoteEngine
) -> None:
    events: list[dict[str, Any]] = []
    for event in platform.events("library", "a library with books, authors and loans"):
        events.append(event)
        if event["type"] == "tool_complete" and event["tool_id"] == first_tool(events):
            waiting = told_to_wait(platform)
            assert "All 1 sandboxes of this user are in use" in waiting["detail"]
    assert failed_checks(events) == []
    assert last(events, "agent_complete")["status"] == "verified"

    preview = last(events, "preview_ready")["url"]
    assert platform.app(preview, "GET", "/").status_code == 200
    created = platform.app(preview, "POST", "/api/authors", json={"name": "Ursula K. Le Guin"})
    assert created.status_code == 201, created.text

    with platform.client() as client:
        sandboxes = client.get("/health").raise_for_status().json()["parts"]["sandboxes"]
        project = client.get("/api/projects/library").raise_for_status().json()
        metrics = client.get("/metrics").raise_for_status().text
    assert sandboxes["detail"]["engine"] == "e2b"
    assert sandboxes["detail"]["running"] == 1
    assert project["sandbox_state"] == "running"
    assert 'stackwright_sandboxes{state="running"} 1.0' in metrics
    assert 'stackwright_part_up{part="sandboxes"} 1.0' in metrics
    assert 'stackwright_sandbox_limit_refusals_total{limit="user"}' in metrics

    ours = [entry.name for entry in (platform.data_dir / "engine" / "sandboxes").glob("*")]
    theirs = [entry for entry in (engine.data_dir / "sandboxes").iterdir() if entry.is_dir()]
    assert (ours, len(theirs)) == ([], 1)
    if os.geteuid() == 0 and engine.uid != 0:
        assert theirs[0].stat().st_uid == engine.uid


def told_to_wait(platform: Platform) -> dict[str, Any]:
    """What a second project hears while the first one has the only sandbox; it is stopped then."""
    for event in platform.events("second", "a todo app"):
        if event.get("code") == "sandbox_limit":
            with platform.client() as client:
                client.post(
                    f"/api/projects/second/runs/{event['run_id']}/cancel"
                ).raise_for_status()
            return event
    raise AssertionError("the second project did not wait")


def first_tool(events: list[dict[str, Any]]) -> str:
    return next(event["tool_id"] for event in events if event["type"] == "tool_start")


def test_the_application_is_still_there_after_the_platform_was_started_again(
    platform: Platform,
) -> None:
    with platform.client() as client:
        before = client.get("/api/projects/library/runs").json()["runs"][0]
    platform.stop()
    platform.start()
    with platform.client() as client:
        assert client.get("/api/projects/library/runs").json()["runs"][0] == before
        assert client.get("/health").json()["parts"]["sandboxes"]["detail"]["running"] == 1
