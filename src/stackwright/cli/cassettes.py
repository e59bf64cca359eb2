"""Commands that save runs as cassettes and play them."""

import asyncio
import json
from pathlib import Path

import typer
from rich.console import Console

from stackwright.agent.cassettes import MAX_BYTES, read_cassette
from stackwright.agent.replaying import replay
from stackwright.cli.client import Client, fail
from stackwright.cli.progress import FAILED, VERIFIED, Narrator
from stackwright.core.errors import BadInput
from stackwright.runs.modes import tools_for
from stackwright.tools.registry import all_tools


def record_run(
    client: Client, project: str, run_id: str | None, target: Path | None, *, as_json: bool
) -> None:
    runs = client.get(f"/api/projects/{project}/runs", limit=1)["runs"]
    if not runs:
        fail("This project has no runs yet.")
    path = target or Path(f"{project}.cassette")
    address = f"/api/projects/{project}/runs/{run_id or runs[0]['id']}/cassette"
    cassette = client.request("GET", address).content
    path.write_bytes(cassette)
    if as_json:
        typer.echo(json.dumps({"path": str(path), "bytes": len(cassette)}))
    else:
        typer.echo(f"{path}  (play it with: stackwright replay {path})")


def replay_file(path: Path, *, as_json: bool) -> int:
    """Tell what happened in the run, then whether its loop did the same now."""
    try:
        if path.stat().st_size > MAX_BYTES:
            fail(f"{path} is too large for a cassette.")
        cassette = read_cassette(path.read_bytes())
    except OSError as error:
        fail(f"{path} cannot be read: {error.strerror}.")
    except BadInput as error:
        fail(str(error))
    everything = all_tools(search_provider=None, with_debugging=True)
    played = asyncio.run(replay(cassette, tools_for(cassette.kind, everything)))
    narrator = Narrator(Console(highlight=False, quiet=as_json))
    for event in cassette.events:
        narrator.tell({"position": 0, **event})
    verdict = played.difference or f"The same: {len(played.events)} events of the loop."
    if as_json:
        typer.echo(
            json.dumps(
                {
                    "is_same": not played.difference,
                    "difference": played.difference,
                    "events": played.events,
                }
            )
        )
    else:
        typer.echo(verdict)
    return FAILED if played.difference else VERIFIED
