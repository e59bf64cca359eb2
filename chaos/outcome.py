"""The state a run leaves behind, and how it differs from what an undisturbed run leaves."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from chaos.script import EFFECTS, LOG
from chaos.talking import Client
from chaos.world import Lane
from stackwright.core.events import TERMINAL_TYPES
from stackwright.sandbox import control as sandboxes
from stackwright.sandbox.base import WORKSPACE_ROOT
from stackwright.sandbox.http import SandboxHttp

LOOK = (
    f"cat {LOG} 2>/dev/null; echo --; cd {WORKSPACE_ROOT} 2>/dev/null || exit 0; "
    "find . -type f -exec sha256sum {} + | sort -k 2"
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Equal for two runs of the same conversation, whatever happened to their processes."""

    statuses: tuple[str, ...]
    """Of the project's runs, oldest first."""
    errors: tuple[str, ...]
    """Why those of them failed that did."""
    history: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]
    """Role, text, and (tool, outcome) of each message."""
    files: tuple[tuple[str, str], ...]
    """Path and SHA-256 of the durable copy."""
    sandbox: tuple[tuple[str, str], ...]
    """The same of the sandbox."""
    versions: int
    effects: tuple[tuple[str, int], ...]
    """How often each command took effect."""
    log_faults: tuple[str, ...] = ()
    """What is wrong with the event logs: gaps, a missing or a second ending."""

    @property
    def repeated_effects(self) -> int:
        return sum(max(0, count - 1) for _, count in self.effects)


def differences(wanted: Outcome, got: Outcome) -> list[str]:
    """One line for each part that differs."""
    return [
        f"{field.name}: {getattr(got, field.name)!r} instead of {getattr(wanted, field.name)!r}"
        for field in fields(Outcome)
        if getattr(wanted, field.name) != getattr(got, field.name)
    ]


async def outcome_of(lane: Lane, client: Client, project: str) -> Outcome:
    """Read it through the API and from the project's sandbox, which is killed then."""
    base = f"/api/projects/{project}"
    runs = list(reversed((await client.get(f"{base}/runs"))["runs"]))
    history = (await client.get(f"{base}/history"))["messages"]
    files = (await client.get(f"{base}/files"))["files"]
    versions = (await client.get(f"{base}/versions"))["versions"]
    faults = [fault for run in runs for fault in await _log_faults(client, base, run)]
    effects, sandbox = await _look_into_sandbox(lane, project)
    return Outcome(
        statuses=tuple(run["status"] for run in runs),
        errors=tuple(str(run["error"]) for run in runs if run["error"] is not None),
        history=tuple(_message(message) for message in history),
        files=tuple(sorted((file["path"], file["sha256"]) for file in files)),
        sandbox=sandbox,
        versions=len(versions),
        effects=tuple((name, effects[name]) for name in EFFECTS),
        log_faults=tuple(faults),
    )


def _message(message: Mapping[str, Any]) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    # Calls of one message run at once: their order is not part of the outcome.
    calls = sorted((call["tool_name"], call.get("outcome", "")) for call in message["tool_calls"])
    return message["role"], message["content"], tuple(calls)


async def _log_faults(client: Client, base: str, run: Mapping[str, Any]) -> list[str]:
    events: list[dict[str, Any]] = []
    after = 0
    while True:
        page = await client.get(f"{base}/runs/{run['id']}/events?after={after}&limit=1000")
        events += page["events"]
        if page["next"] is None:
            break
        after = page["next"]
    return faults_of(events)


def faults_of(events: Sequence[Mapping[str, Any]]) -> list[str]:
    """Of a whole log: its numbers are dense, it tells once that the run was taken up, and it ends
    with its only terminal event."""
    faults: list[str] = []
    starts = sum(event["type"] == "agent_start" for event in events)
    if starts != 1:
        faults.append(f"{starts} times agent_start")
    if [event["seq"] for event in events] != list(range(1, len(events) + 1)):
        faults.append("event numbers have gaps")
    endings = [event["type"] for event in events if event["type"] in TERMINAL_TYPES]
    if len(endings) != 1 or events[-1]["type"] not in TERMINAL_TYPES:
        faults.append(f"endings {endings}, last event {events[-1]['type']}")
    return faults


async def _look_into_sandbox(
    lane: Lane, project: str
) -> tuple[Counter[str], tuple[tuple[str, str], ...]]:
    found = await sandboxes.listed({"project_id": project}, lane.endpoint)
    effects: Counter[str] = Counter()
    files: list[tuple[str, str]] = []
    async with SandboxHttp() as http:
        for one in found:
            sandbox = await sandboxes.connect(one.id, lane.endpoint, http, 60)
            seen = await sandbox.run(LOOK, cwd="/")
            log, _, sums = seen.stdout.partition("--\n")
            effects.update(log.split())
            # One that a dying worker made beside the project's own is empty; upkeep removes it.
            files = files or [_digest(line) for line in sums.splitlines()]
            await sandboxes.kill(one.id, lane.endpoint)
    return effects, tuple(files)


async def forget_sandboxes(lane: Lane, project: str) -> None:
    """Kill what runs for a project nobody will look at again."""
    for one in await sandboxes.listed({"project_id": project}, lane.endpoint):
        await sandboxes.kill(one.id, lane.endpoint)


def _digest(line: str) -> tuple[str, str]:
    sha256, _, path = line.partition("  ")
    return path.removeprefix("./"), sha256


def shown(outcome: Outcome) -> str:
    """For people."""
    return json.dumps({f.name: getattr(outcome, f.name) for f in fields(Outcome)}, indent=1)
