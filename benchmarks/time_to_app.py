"""From the POST to a preview that answers, and to the gate's word; split by who took the time."""

import time
from typing import Any

from benchmarks.figures import summary
from benchmarks.options import Options, progress
from stackwright.testing.platform_process import Platform

SENTENCE = "Create a todo app with FastAPI and Next.js"
APPS = 3


def measure_time_to_app(options: Options) -> dict[str, Any]:
    """Build the todo app a few times, each in a new project with a new sandbox."""
    count = 1 if options.is_quick else APPS
    running = Platform(options.data_dir, environment={"MAX_SANDBOXES_PER_USER": str(count + 1)})
    running.start()
    try:
        builds = [_build(running, f"bench-{number}") for number in range(count)]
    finally:
        running.stop()
    return {
        name: summary([build[name] for build in builds])
        for name in builds[0]
        if name != "is_verified"
    } | {
        "unit": "s",
        "verified_builds": sum(build["is_verified"] for build in builds),
    }


def _build(running: Platform, project: str) -> dict[str, float]:
    progress(f"building {project}")
    began = time.monotonic()
    seen: list[tuple[float, dict[str, Any]]] = []
    first_answer = 0.0
    for event in running.events(project, SENTENCE):
        seen.append((time.monotonic() - began, event))
        if event["type"] == "preview_ready" and not first_answer:
            running.app(event["url"], "GET", "/").raise_for_status()
            first_answer = time.monotonic() - began
    at = {event["type"]: moment for moment, event in reversed(seen)}
    checks = [e["seconds"] for _, e in seen if e["type"] == "check_result"]
    tools = [e for _, e in seen if e["type"] == "tool_complete"]
    gate = next((e["duration_ms"] / 1000 for e in tools if e["tool_name"] == "check_app"), 0.0)
    others = sum(e["duration_ms"] / 1000 for e in tools if e["tool_name"] != "check_app")
    services = sum(
        e["seconds"] for _, e in seen if e["type"] == "check_result" and e["name"] == "services"
    )
    ended = at["agent_complete"]
    return {
        "first_event": seen[0][0],
        "agent_start": at["agent_start"],
        "preview_answers": first_answer,
        "verified": ended,
        "tools": others,
        "services": services,
        "gate": gate,
        "gate_checks_sum": sum(checks),
        "model_and_rest": ended - others - gate,
        "is_verified": float(seen[-1][1].get("status") == "verified"),
    }
