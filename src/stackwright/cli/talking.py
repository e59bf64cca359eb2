"""Commands that follow a run: build, chat, logs."""

import base64
import json
import re
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

import typer
from rich.console import Console
from rich.text import Text

from stackwright.cli.client import Client, Event
from stackwright.cli.exit_codes import ASKS, CANCELLED, REFUSED, UNVERIFIED, VERIFIED
from stackwright.cli.progress import Narrator, exit_code, tell_report
from stackwright.cli.questions import answer_here, answers_of, fields_of, is_interactive
from stackwright.core.attachments import MAX_TOTAL_BYTES
from stackwright.core.events import TERMINAL_TYPES

PAGE = 500


def build_project(
    client: Client,
    sentence: str,
    project: str | None,
    *,
    attach: Sequence[str] = (),
    model: str | None = None,
    as_json: bool,
) -> int:
    """Build, and end with the address of the application."""
    chosen = project or _id_from(sentence)
    events = client.chat(chosen, sentence, _attachments(attach), model=model)
    return _follow(client, chosen, events, as_json=as_json, needs_app=True)


def plan_project(
    client: Client,
    sentence: str,
    project: str | None,
    *,
    attach: Sequence[str] = (),
    model: str | None = None,
    as_json: bool,
) -> int:
    """End with a plan, and say how it is approved."""
    chosen = project or _id_from(sentence)
    events = client.chat(chosen, sentence, _attachments(attach), mode="plan", model=model)
    code = _follow(client, chosen, events, as_json=as_json, needs_app=False)
    if code == VERIFIED and not as_json and _open_plan(client, chosen) is not None:
        typer.echo(f"Build it: stackwright approve {chosen}   (or plan again with what to change)")
    return code


def approve_plan(client: Client, project: str, changes: Path | None, *, as_json: bool) -> int:
    """Build the project's plan; `changes` is a JSON file with the parts that are to be replaced."""
    given = _parts(changes) if changes is not None else {}
    events = client.approve(project, given)
    return _follow(client, project, events, as_json=as_json, needs_app=True)


def plan_then_build(
    client: Client,
    sentence: str,
    project: str | None,
    *,
    attach: Sequence[str] = (),
    model: str | None = None,
    as_json: bool,
) -> int:
    """Plan, ask the person, plan again what they say, build. Without a person at the terminal the plan
    waits to be approved."""
    chosen = project or _id_from(sentence)
    while True:
        code = plan_project(client, sentence, chosen, attach=attach, model=model, as_json=as_json)
        if code != VERIFIED:
            return code
        if _open_plan(client, chosen) is None:
            return UNVERIFIED
        if as_json or not is_interactive():
            return ASKS
        said = typer.prompt("Build it? yes, no, or what to change", default="yes").strip()
        if said.lower() in {"y", "yes"}:
            return approve_plan(client, chosen, None, as_json=as_json)
        if said.lower() in {"n", "no"}:
            return ASKS
        sentence, attach = said, ()


def _open_plan(client: Client, project: str) -> Event | None:
    """The plan that the newest run made, if it made one."""
    run = client.get(f"/api/projects/{project}/runs", limit=1)["runs"][0]
    is_proposed = any(e["type"] == "plan_proposed" for e in _logged(client, project, run["id"]))
    return client.get(f"/api/projects/{project}/plan") if is_proposed else None


def _parts(path: Path) -> Event:
    try:
        parts: object = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise typer.BadParameter(f"{path} cannot be read as JSON: {error}.") from error
    if not isinstance(parts, dict):
        raise typer.BadParameter(f"{path} holds no JSON object.")
    return cast("Event", parts)


def ask_project(client: Client, project: str, question: str, *, as_json: bool) -> int:
    """Have a question about the project answered; nothing is changed."""
    client.get(f"/api/projects/{project}")
    events = client.chat(project, question, mode="ask")
    return _follow(client, project, events, as_json=as_json, needs_app=False)


def talk(
    client: Client,
    project: str,
    message: str,
    *,
    attach: Sequence[str] = (),
    model: str | None = None,
    as_json: bool,
) -> int:
    client.get(f"/api/projects/{project}")
    events = client.chat(project, message, _attachments(attach), model=model)
    return _follow(client, project, events, as_json=as_json, needs_app=False)


def _attachments(given: Sequence[str]) -> list[dict[str, str]]:
    """Files as they are sent; what begins with http is fetched by the platform."""
    out: list[dict[str, str]] = []
    total = 0
    for one in given:
        if one.startswith(("http://", "https://")):
            out.append({"url": one})
            continue
        path = Path(one)
        try:
            total += path.stat().st_size
            if total > MAX_TOTAL_BYTES:
                most = MAX_TOTAL_BYTES // 1_000_000
                raise typer.BadParameter(f"{one}: attachments may have {most} MB altogether.")
            data = base64.b64encode(path.read_bytes()).decode()
        except OSError as error:
            raise typer.BadParameter(f"{one} cannot be read: {error.strerror}.") from error
        out.append({"name": path.name, "data": data})
    return out


def prove(client: Client, project: str, *, as_json: bool) -> int:
    return _follow(client, project, client.prove(project), as_json=as_json, needs_app=True)


def show_report(client: Client, project: str, run_id: str | None, *, as_json: bool) -> int:
    """What was seen of each wish; by default in the newest run that has a report."""
    base = f"/api/projects/{project}"
    if run_id is None:
        report = client.get(f"{base}/state")["last_report"]
    else:
        report = client.get(f"{base}/runs/{run_id}/report")
    if report is None:
        typer.echo("Nothing was checked in this project yet.", err=True)
        return UNVERIFIED
    if as_json:
        typer.echo(json.dumps(report))
    else:
        tell_report(report, Console(highlight=False))
    return VERIFIED if report["status"] == "verified" else UNVERIFIED


def show_log(
    client: Client, project: str, run_id: str | None, *, follow: bool, as_json: bool
) -> int:
    """Tell what is logged of a run; with `follow` to its end."""
    shown = run_id or _newest_run(client, project)
    if shown is None:
        typer.echo("This project has no runs yet.", err=True)
        return 0
    narrator = Narrator(Console(highlight=False))
    last = 0
    for event in _logged(client, project, shown):
        last = event["seq"]
        if event["type"] == "user_message" and not as_json:
            typer.secho(f"> {event['text']}", bold=True)
        _show(event, narrator, as_json=as_json)
        if event["type"] in TERMINAL_TYPES:
            return 0
    if follow:
        for event in client.attach(project, f"{shown}:{last}"):
            _show(event, narrator, as_json=as_json)
    return 0


def _newest_run(client: Client, project: str) -> str | None:
    runs = client.get(f"/api/projects/{project}/runs", limit=1)["runs"]
    return runs[0]["id"] if runs else None


def _logged(client: Client, project: str, run_id: str) -> Iterator[Event]:
    after: int | None = 0
    while after is not None:
        page = client.get(f"/api/projects/{project}/runs/{run_id}/events", after=after, limit=PAGE)
        yield from page["events"]
        after = page["next"]


def _show(event: Event, narrator: Narrator, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(event))
    else:
        narrator.tell(event)


def _follow(
    client: Client, project: str, events: Iterator[Event], *, as_json: bool, needs_app: bool
) -> int:
    console = Console(highlight=False, quiet=as_json)
    narrator = Narrator(console)
    run_id, ending = "", None
    try:
        with console.status(status_line(narrator, console)) as status:
            for event in events:
                run_id = event["run_id"]
                _show(event, narrator, as_json=as_json)
                status.update(status_line(narrator, console))
                if event["type"] == "user_input_required":
                    status.stop()
                    if not answer_here(client, project, event):
                        return ASKS
                    status.start()
                ending = event
    except KeyboardInterrupt:
        if run_id:
            client.post(f"/api/projects/{project}/runs/{run_id}/cancel")
            console.print("Cancelled.")
        return CANCELLED
    if ending is None:
        return 0
    if not as_json:
        _tell_where(client, project, ending, console)
    return exit_code(ending, needs_app=needs_app)


def status_line(narrator: Narrator, console: Console) -> Text:
    """One line, however narrow the terminal: a line that wraps would jump. No markup: a model's words
    may hold brackets."""
    line = Text(narrator.doing, no_wrap=True, overflow="ellipsis")
    line.truncate(max(console.width - len("⠋ ") - 1, 10), overflow="ellipsis")
    return line


def answer_question(client: Client, project: str, given: Sequence[str], *, as_json: bool) -> int:
    """Give the open question its answers, and follow the run."""
    run = _current(client, project)
    if run is None or run["status"] != "waiting_input":
        typer.echo("Nothing is asked in this project.", err=True)
        return REFUSED
    answers = answers_of(fields_of(run["interrupt"] or {}), given)
    run_id, seen = run["id"], run["last_seq"]
    client.post(f"/api/projects/{project}/runs/{run_id}/answer", {"answers": answers})
    events = client.attach(project, f"{run_id}:{seen}")
    return _follow(client, project, events, as_json=as_json, needs_app=False)


def stop_work(client: Client, project: str, *, as_json: bool) -> int:
    """Cancel the run that is under way."""
    run = _current(client, project)
    if run is not None:
        client.post(f"/api/projects/{project}/runs/{run['id']}/cancel")
    if as_json:
        typer.echo(json.dumps({"stopped": run is not None, "run_id": run and run["id"]}))
    elif run is None:
        typer.echo("Nothing is being worked on in this project.", err=True)
    else:
        typer.echo("Stopped. What was written so far is kept.")
    return VERIFIED


def _current(client: Client, project: str) -> Event | None:
    return client.get(f"/api/projects/{project}/state")["current_run"]


def _tell_where(client: Client, project: str, ending: Event, console: Console) -> None:
    if ending.get("preview_url"):
        console.print(f"Preview:  {ending['preview_url']}", soft_wrap=True)
    console.print(f"Project:  {client.url}/projects/{project}", soft_wrap=True)
    console.print(f'Go on:    stackwright chat {project} "…"', soft_wrap=True)


def _id_from(sentence: str) -> str:
    words = re.findall(r"[a-z0-9]+", sentence.lower())
    small = {"a", "an", "the", "app", "application", "with", "for", "to", "and", "of", "create", "build", "make", "me"}  # fmt: skip
    name = "-".join([word for word in words if word not in small][:3])[:40] or "app"
    return f"{name}-{secrets.token_hex(3)}"
