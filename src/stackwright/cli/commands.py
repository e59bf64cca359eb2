"""All commands. Imports stand inside them, so that `--help` answers at once."""
# ruff: noqa: PLC0415

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stackwright.cli.exit_codes import EXIT_CODES
from stackwright.cli.over_api import Json, open_client, over_api

if TYPE_CHECKING:
    from stackwright.cli.client import Client

HELP = f"""\
Build full-stack web applications from a sentence, and prove that they work.

Exit codes: {", ".join(f"{code} {means}" for code, means in EXIT_CODES.items())}.
"""

app = typer.Typer(
    name="stackwright",
    help=HELP,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

templates = typer.Typer(help="Application templates at E2B.", no_args_is_help=True)
app.add_typer(templates, name="template")

Attach = Annotated[
    list[str] | None,
    typer.Option(help="Picture or text file, or its web address. May be repeated."),
]
Model = Annotated[
    str | None,
    typer.Option(help="Model from `models`. Default: the project's.", show_default=False),
]
Project = Annotated[str, typer.Argument(help="The project's id.", show_default=False)]


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on (HOST).")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on (PORT).")] = None,
    worker: Annotated[bool, typer.Option(help="Also work on runs in this process.")] = True,
) -> None:
    """Start the platform: API, console, previews and, unless told otherwise, the worker."""
    from stackwright.cli.server import serve_here

    serve_here(host=host, port=port, with_worker=worker)


@app.command()
def worker() -> None:
    """Only work on runs; start as many as you like beside `serve --no-worker`."""
    from stackwright.cli.server import work_here

    work_here()


@app.command()
@over_api(start=True)
def build(
    client: "Client",
    sentence: Annotated[str, typer.Argument(help="What the application is for.")],
    project: Annotated[
        str | None, typer.Option(help="Id of the project. Default: made from the sentence.")
    ] = None,
    plan: Annotated[bool, typer.Option("--plan", help="Show a plan first, and ask.")] = False,
    attach: Attach = None,
    model: Model = None,
    *,
    as_json: bool,
) -> int:
    """Build an application and show how, with its address at the end.

    Starts the platform in the background when none is running; `stackwright stop` ends it.
    """
    from stackwright.cli.talking import build_project, plan_then_build

    do = plan_then_build if plan else build_project
    return do(client, sentence, project, attach=attach or (), model=model, as_json=as_json)


@app.command()
@over_api(start=True)
def plan(
    client: "Client",
    sentence: Annotated[str, typer.Argument(help="What to build, or what to change.")],
    project: Annotated[
        str | None, typer.Option(help="Id of the project. Default: made from the sentence.")
    ] = None,
    attach: Attach = None,
    *,
    as_json: bool,
) -> int:
    """Say what would be built, and change nothing; `approve` builds it."""
    from stackwright.cli.talking import plan_project

    return plan_project(client, sentence, project, attach=attach or (), as_json=as_json)


@app.command()
@over_api(start=True)
def approve(
    client: "Client",
    project: Project,
    changes: Annotated[
        Path | None,
        typer.Option("--changes", help="JSON file with the parts of the plan to replace first."),
    ] = None,
    *,
    as_json: bool,
) -> int:
    """Build the project's plan."""
    from stackwright.cli.talking import approve_plan

    return approve_plan(client, project, changes, as_json=as_json)


@app.command()
@over_api(start=True)
def ask(
    client: "Client",
    project: Project,
    question: Annotated[str, typer.Argument(help="What you want to know about the project.")],
    *,
    as_json: bool,
) -> int:
    """Answer a question about a project, and change nothing."""
    from stackwright.cli.talking import ask_project

    return ask_project(client, project, question, as_json=as_json)


@app.command()
@over_api(start=True)
def chat(
    client: "Client",
    project: Project,
    message: Annotated[str, typer.Argument(help="What to change.")],
    attach: Attach = None,
    model: Model = None,
    *,
    as_json: bool,
) -> int:
    """Go on with a project."""
    from stackwright.cli.talking import talk

    return talk(client, project, message, attach=attach or (), model=model, as_json=as_json)


@app.command()
@over_api(start=True)
def verify(client: "Client", project: Project, *, as_json: bool) -> int:
    """Check again: prove the application as it is, wish by wish, without a model."""
    from stackwright.cli.talking import prove

    return prove(client, project, as_json=as_json)


@app.command()
@over_api()
def wishes(client: "Client", project: Project, *, as_json: bool) -> int:
    """What you asked for, wish by wish, with what was last seen of each."""
    from stackwright.cli.listing import list_wishes

    return list_wishes(client, project, as_json=as_json)


@app.command()
@over_api()
def preview(
    client: "Client",
    project: Project,
    is_opened: Annotated[bool, typer.Option("--open", help="Open it in a browser.")] = False,
    *,
    as_json: bool,
) -> int:
    """Print the address of the running application."""
    from stackwright.cli.listing import show_preview

    return show_preview(client, project, is_opened=is_opened, as_json=as_json)


@app.command()
@over_api()
def answer(
    client: "Client",
    project: Project,
    given: Annotated[
        list[str], typer.Argument(help="The answer; for a form `name=value`, once for each field.")
    ],
    *,
    as_json: bool,
) -> int:
    """Answer what the agent asks, and follow it to the end."""
    from stackwright.cli.talking import answer_question

    return answer_question(client, project, given, as_json=as_json)


@app.command()
@over_api()
def report(
    client: "Client",
    project: Project,
    run: Annotated[
        str | None, typer.Option(help="Id of the run. Default: the newest that was checked.")
    ] = None,
    *,
    as_json: bool,
) -> int:
    """What was asked for, wish by wish, and whether it was seen working."""
    from stackwright.cli.talking import show_report

    return show_report(client, project, run, as_json=as_json)


@app.command()
@over_api()
def logs(
    client: "Client",
    project: Project,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until the end.")] = False,
    run: Annotated[str | None, typer.Option(help="Id of the run. Default: the newest.")] = None,
    *,
    as_json: bool,
) -> int:
    """What happened in a run."""
    from stackwright.cli.talking import show_log

    return show_log(client, project, run, follow=follow, as_json=as_json)


@app.command()
@over_api()
def projects(
    client: "Client",
    *,
    as_json: bool,
) -> None:
    """List your projects, newest first."""
    from stackwright.cli.listing import list_projects

    list_projects(client, client.user or "local", as_json=as_json)


@app.command()
@over_api()
def files(
    client: "Client",
    project: Project,
    path: Annotated[str | None, typer.Argument(help="Print this file.")] = None,
    *,
    as_json: bool,
) -> None:
    """List a project's files, or print one."""
    from stackwright.cli.listing import list_files, print_file

    if path is None:
        list_files(client, project, as_json=as_json)
    else:
        print_file(client, project, path, as_json=as_json)


@app.command()
@over_api()
def versions(client: "Client", project: Project, *, as_json: bool) -> None:
    """List the versions of a project, newest first."""
    from stackwright.cli.listing import list_versions

    list_versions(client, project, as_json=as_json)


@app.command()
@over_api()
def diff(
    client: "Client",
    project: Project,
    before: Annotated[
        str | None, typer.Option("--from", help="A version. Default: the newest.")
    ] = None,
    after: Annotated[str | None, typer.Option("--to", help="A version. Default: now.")] = None,
    run: Annotated[str | None, typer.Option(help="Instead: what this run changed.")] = None,
    *,
    as_json: bool,
) -> None:
    """Show what changed: since the newest version, between two, or in a run."""
    from stackwright.cli.listing import show_changes

    show_changes(client, project, before, after, run, as_json=as_json)


@app.command()
@over_api()
def models(client: "Client", *, as_json: bool) -> None:
    """Which models can build, and what the others lack."""
    from stackwright.cli.listing import list_models

    list_models(client, as_json=as_json)


@app.command()
@over_api()
def costs(
    client: "Client",
    project: Annotated[
        str | None, typer.Argument(help="The project's id. Default: all your projects.")
    ] = None,
    run: Annotated[str | None, typer.Option(help="Id of a run of the project.")] = None,
    days: Annotated[int, typer.Option(help="How many days, today included.", min=1)] = 30,
    *,
    as_json: bool,
) -> None:
    """What runs cost, by day and by tool."""
    from stackwright.cli.listing import show_costs

    show_costs(client, project, run, user=client.user or "local", days=days, as_json=as_json)


@app.command()
@over_api()
def restore(
    client: "Client",
    project: Project,
    version: Annotated[int, typer.Argument(help="Number from `versions`.", min=1)],
    *,
    as_json: bool,
) -> None:
    """Bring back a version, as a new one; nothing is lost."""
    from stackwright.cli.listing import restore_version

    restore_version(client, project, version, as_json=as_json)


@app.command()
@over_api()
def export(
    client: "Client",
    project: Project,
    target: Annotated[
        Path | None, typer.Argument(help="File to write. Default: <project>.zip.")
    ] = None,
    *,
    as_json: bool,
) -> None:
    """Save all files of a project as a zip archive."""
    from stackwright.cli.listing import export_project

    export_project(client, project, target, as_json=as_json)


@app.command()
@over_api()
def record(
    client: "Client",
    project: Project,
    target: Annotated[
        Path | None, typer.Argument(help="File to write. Default: <project>.cassette.")
    ] = None,
    run: Annotated[str | None, typer.Option(help="Id of the run. Default: the newest.")] = None,
    *,
    as_json: bool,
) -> None:
    """Save an ended run as a cassette: model, tools and events, without secrets."""
    from stackwright.cli.cassettes import record_run

    record_run(client, project, run, target, as_json=as_json)


@app.command()
def replay(
    cassette: Annotated[Path, typer.Argument(help="File from `record`.", show_default=False)],
    json: Json = False,
) -> None:
    """Play a cassette offline, and say whether the agent does what it did then."""
    from stackwright.cli.cassettes import replay_file

    raise typer.Exit(replay_file(cassette, as_json=json))


@app.command()
def doctor(json: Json = False) -> None:
    """What this machine can do, and the exact fix for what it cannot."""
    from stackwright.cli.doctor import examine

    code = examine(as_json=json)
    sys.stdout.flush()
    # Not by the interpreter's ending: a thread of E2B's client that wakes up in it aborts the process.
    os._exit(code)


@app.command()
def prepare() -> None:
    """Build the application template now, so that the first app need not wait for it."""
    from stackwright.cli.server import prepare_template

    raise typer.Exit(prepare_template())


@templates.command("show")
def show_template(
    name: Annotated[str | None, typer.Argument(help="Default: the one of E2B_TEMPLATE_ID.")] = None,
    json: Json = False,
) -> None:
    """Print an application template as a Dockerfile, or (--json) as E2B's builder takes it."""
    from stackwright.cli.templates import show

    raise typer.Exit(show(name, as_json=json))


@templates.command("push")
def push_template(
    name: Annotated[str | None, typer.Argument(help="Default: the one of E2B_TEMPLATE_ID.")] = None,
) -> None:
    """Have E2B build an application template under its name (needs E2B_API_KEY)."""
    from stackwright.cli.templates import push

    raise typer.Exit(push(name))


@app.command()
def migrate() -> None:
    """Bring the database to the present form. `serve` does this by itself."""
    from stackwright.cli.server import migrate_database

    migrate_database()


@app.command()
def stop(
    project: Annotated[
        str | None, typer.Argument(help="Only stop the work on this project.")
    ] = None,
    url: Annotated[str | None, typer.Option("--url", help="The platform, with a project.")] = None,
    user: Annotated[
        str | None, typer.Option("--user", help="In whose name, with a project.")
    ] = None,
    json: Json = False,
) -> None:
    """Stop the work on a project; without one, the platform that was started on this machine."""
    from stackwright.cli.server import stop_server
    from stackwright.cli.talking import stop_work

    if project is None:
        raise typer.Exit(stop_server(as_json=json))
    with open_client(url, user, start=False, quiet=json) as client:
        raise typer.Exit(stop_work(client, project, as_json=json))
