"""Commands that show or fetch what a project has."""

import base64
import json
import sys
import webbrowser
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from stackwright.cli.client import Client
from stackwright.cli.exit_codes import DONE, UNVERIFIED
from stackwright.cli.progress import tell_wishes
from stackwright.cli.words import version_words

PAGE = 200
UNFOLDED = 2_000


def list_projects(client: Client, user: str, *, as_json: bool) -> None:
    found = list(_pages(client, f"/api/users/{user}/projects", "projects", "cursor"))
    rows = [(p["id"], p["name"], p["updated_at"][:16].replace("T", " ")) for p in found]
    _show(found, ("id", "name", "changed"), rows, as_json=as_json)


def list_files(client: Client, project: str, *, as_json: bool) -> None:
    found = client.get(f"/api/projects/{project}/files")["files"]
    rows = [(f["path"], str(f["size_bytes"])) for f in found]
    _show(found, ("path", "bytes"), rows, as_json=as_json)


def print_file(client: Client, project: str, path: str, *, as_json: bool) -> None:
    """The file's bytes as they are; as JSON its text, or in base64 what is none."""
    content = client.request("GET", f"/api/projects/{project}/files/{path}").content
    if as_json:
        try:
            told = {"content": content.decode()}
        except UnicodeDecodeError:
            told = {"base64": base64.b64encode(content).decode()}
        typer.echo(json.dumps({"path": path, "bytes": len(content), **told}))
        return
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def list_wishes(client: Client, project: str, *, as_json: bool) -> int:
    """Exit code 0 when nothing that was asked for is missing."""
    known = client.get(f"/api/projects/{project}/wishes")
    if as_json:
        typer.echo(json.dumps(known))
    elif known["wishes"] or known["not_understood"]:
        tell_wishes(known, Console(highlight=False))
    else:
        typer.echo("Nothing was asked for in this project yet.", err=True)
    settled = {"proven", "yours_to_judge"}
    is_whole = all(wish["state"] in settled for wish in known["wishes"])
    return DONE if is_whole and not known["not_understood"] else UNVERIFIED


def show_preview(client: Client, project: str, *, is_opened: bool, as_json: bool) -> int:
    address = client.get(f"/api/projects/{project}")["preview_url"]
    typer.echo(json.dumps({"preview_url": address}) if as_json else address)
    if is_opened:
        webbrowser.open(address)
    return DONE


def list_models(client: Client, *, as_json: bool) -> None:
    known = client.get("/api/models")
    rows = [
        (m["name"], "builds by default" if m["name"] == known["default"] else m["missing"])
        for m in known["models"]
    ]
    _show(known, ("model", ""), rows, as_json=as_json)


def list_versions(client: Client, project: str, *, as_json: bool) -> None:
    found = list(_pages(client, f"/api/projects/{project}/versions", "versions", "before"))
    rows = [
        (
            str(v["version"]),
            version_words(v["status"]),
            v["created_at"][:16].replace("T", " "),
            v["title"],
        )
        for v in found
    ]
    _show(found, ("version", "status", "made", "title"), rows, as_json=as_json)


def show_changes(
    client: Client,
    project: str,
    before: str | None,
    after: str | None,
    run: str | None,
    *,
    as_json: bool,
) -> None:
    """As a unified diff, or as JSON the files that differ."""
    places = {"before": before, "after": after, "run_id": run}
    asked = {name: value for name, value in places.items() if value is not None}
    address = f"/api/projects/{project}/changes"
    found = client.get(address, **asked)
    if as_json:
        typer.echo(json.dumps(found))
        return
    if not found["files"]:
        typer.echo("Nothing differs.", err=True)
    for file in found["files"]:
        sides = {"before": found["before"], "after": found["after"]}
        compared = client.get(f"{address}/file", path=file["path"], **sides)
        typer.echo(as_diff(compared, change=file["change"]))
    if found["more"]:
        typer.echo(f"{found['more']} more files differ.")


def as_diff(file: dict[str, Any], *, change: str) -> str:
    """With headings and counts that `patch -p1` and `git apply` take."""
    path = file["path"]
    old = "/dev/null" if change == "created" else f"a/{path}\t{file['before']}"
    new = "/dev/null" if change == "deleted" else f"b/{path}\t{file['after']}"
    lines = [f"--- {old}", f"+++ {new}"]
    for hunk in file["hunks"]:
        places = (
            _place(hunk["old_start"], hunk["lines"], "+"),
            _place(hunk["new_start"], hunk["lines"], "-"),
        )
        lines += ["@@ -{} +{} @@".format(*places), *hunk["lines"]]
    return "\n".join([*lines, *filter(None, [file["note"]])])


def _place(start: int, lines: Sequence[str], others: str) -> str:
    """Where a side begins and how many lines it has, without those that only the other side has."""
    count = sum(not line.startswith(others) for line in lines)
    return f"{start if count else start - 1},{count}"


def show_costs(
    client: Client, project: str | None, run: str | None, *, user: str, days: int, as_json: bool
) -> None:
    """Costs of one run, a project or a person; `days` do not count for a run."""
    if project is None and run is not None:
        raise typer.BadParameter("--run needs the project of the run, too.")
    if project is None:
        found = client.get(f"/api/users/{user}/costs", days=days)
    elif run is None:
        found = client.get(f"/api/projects/{project}/costs", days=days)
    else:
        found = client.get(f"/api/projects/{project}/runs/{run}/costs")
    if as_json:
        typer.echo(json.dumps(found))
        return
    columns = ("", "US$", "calls", "tokens", "cached")
    for kind in ("day", "tool", "model"):
        rows = [_cost_cells(cost) for cost in found[f"by_{kind}"]]
        if rows:
            _show([], (f"by {kind}", *columns[1:]), rows, as_json=False)
            typer.echo("")
    _show([], columns, [_cost_cells(found[n]) for n in ("repair", "total")], as_json=False)
    if unpriced := found["total"]["unpriced_calls"]:
        typer.echo(f"{unpriced} calls have no known price; MODEL_PRICES can say it.")


def _cost_cells(cost: dict[str, Any]) -> tuple[str, ...]:
    counts = (f"{cost[key]:,}" for key in ("calls", "tokens", "cached_tokens"))
    return (cost["name"], f"{cost['usd']:.4f}", *counts)


def restore_version(client: Client, project: str, version: int, *, as_json: bool) -> None:
    made = client.post(f"/api/projects/{project}/restore", {"version": version})
    if as_json:
        typer.echo(json.dumps(made))
    else:
        typer.echo(f"Version {version} is back, as version {made['version']}.")


def export_project(client: Client, project: str, target: Path | None, *, as_json: bool) -> None:
    answer = client.request("GET", f"/api/projects/{project}/download")
    path = target or Path(f"{project}.zip")
    path.write_bytes(answer.content)
    if as_json:
        typer.echo(json.dumps({"path": str(path), "bytes": len(answer.content)}))
    else:
        typer.echo(f"Wrote {path} ({len(answer.content)} bytes).")


def _pages(client: Client, path: str, name: str, cursor: str) -> Iterable[dict[str, Any]]:
    query: dict[str, Any] = {"limit": PAGE}
    while True:
        page = client.get(path, **query)
        yield from page[name]
        if page["next"] is None:
            return
        query[cursor] = page["next"]


def _show(
    found: Sequence[Any], columns: Sequence[str], rows: Sequence[Sequence[str]], *, as_json: bool
) -> None:
    if as_json:
        typer.echo(json.dumps(found))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    # Into a pipe or a file each row is one line, however long.
    Console(width=None if sys.stdout.isatty() else UNFOLDED).print(table)
