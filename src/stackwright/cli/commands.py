"""All commands. Imports stand inside them, so that `--help` answers at once."""
# ruff: noqa: PLC0415

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from stackwright.cli.client import Client

HELP = """\
Build full-stack web applications from a sentence, and prove that they work.

Exit codes: 0 verified (or done) · 1 the platform refused or is out of reach · 2 wrong usage
or settings · 3 built, but not verified · 4 the run failed · 5 the agent asks something · 130 cancelled.
"""

app = typer.Typer(
    name="stackwright",
    help=HELP,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)

templates = typer.Typer(help="Application templates at E2B.", no_args_is_help=True)
app.add_typer(templates, name="template")

Url = Annotated[
    str | None, typer.Option("--url", help="Address of a running platform. Default: this machine.")
]
User = Annotated[str | None, typer.Option("--user", help="In whose name. Default: the owner.")]
Json = Annotated[bool, typer.Option("--json", help="JSON on standard output, nothing else.")]
Attach = Annotated[
    list[str] | None,
    typer.Option(help="Picture or text file, or its web address. May be repeated."),
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
def build(
    sentence: Annotated[str, typer.Argument(help="What the application is for.")],
    project: Annotated[
        str | None, typer.Option(help="Id of the project. Default: made from the sentence.")
    ] = None,
    plan: Annotated[bool, typer.Option("--plan", help="Show a plan first, and ask.")] = False,
    attach: Attach = None,
    json: Json = False,
    url: Url = None,
    user: User = None,
) -> None:
    """Build an application and show how, with its address at the end.

    Starts the platform in the background when none is running; `stackwright stop` ends it.
    """
    from stackwright.cli.talking import build_project, plan_then_build

    do = plan_then_build if plan else build_project
    with _client(url, user, start=True, quiet=json) as client:
        raise typer.Exit(do(client, sentence, project, attach=attach or (), as_json=json))


@app.command()
def plan(
    sentence: Annotated[str, typer.Argument(help="What to build, or what to change.")],
    project: Annotated[
        str | None, typer.Option(help="Id of the project. Default: made from the sentence.")
    ] = None,
    attach: Attach = None,
    json: Json = False,
    url: Url = None,
    user: User = None,
) -> None:
    """Say what would be built, and change nothing; `approve` builds it."""
    from stackwright.cli.talking import plan_project

    with _client(url, user, start=True, quiet=json) as client:
        raise typer.Exit(plan_project(client, sentence, project, attach=attach or (), as_json=json))


@app.command()
def approve(
    project: Project,
    changes: Annotated[
        Path | None,
        typer.Option("--changes", help="JSON file with the parts of the plan to replace first."),
    ] = None,
    json: Json = False,
    url: Url = None,
    user: User = None,
) -> None:
    """Build the project's plan."""
    from stackwright.cli.talking import approve_plan

    with _client(url, user, start=True, quiet=json) as client:
        raise typer.Exit(approve_plan(client, project, changes, as_json=json))


@app.command()
def ask(
    project: Project,
    question: Annotated[str, typer.Argument(help="What you want to know about the project.")],
    json: Json = False,
    url: Url = None,
    user: User = None,
) -> None:
    """Answer a question about a project, and change nothing."""
    from stackwright.cli.talking import ask_project

    with _client(url, user, start=True, quiet=json) as client:
        raise typer.Exit(ask_project(client, project, question, as_json=json))


@app.command()
def chat(
    project: Project,
    message: Annotated[str, typer.Argument(help="What to change.")],
    attach: Attach = None,
    json: Json = False,
    url: Url = None,
    user: User = None,
) -> None:
    """Go on with a project."""
    from stackwright.cli.talking import talk

    with _client(url, user, start=True, quiet=json) as client:
        raise typer.Exit(talk(client, project, message, attach=attach or (), as_json=json))


@app.command()
def verify(project: Project, json: Json = False, url: Url = None, user: User = None) -> None:
    """Check again: prove the application as it is, wish by wish, without a model."""
    from stackwright.cli.talking import prove

    with _client(url, user, start=True, quiet=json) as client:
        raise typer.Exit(prove(client, project, as_json=json))


@app.command()
def report(
    project: Project,
    run: Annotated[
        str | None, typer.Option(help="Id of the run. Default: the newest that was checked.")
    ] = None,
    json: Json = False,
    url: Url = None,
    user: User = None,
) -> None:
    """What was asked for, wish by wish, and whether it was seen working."""
    from stackwright.cli.talking import show_report

    with _client(url, user) as client:
        raise typer.Exit(show_report(client, project, run, as_json=json))


@app.command()
def logs(
    project: Project,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until the end.")] = False,
    run: Annotated[str | None, typer.Option(help="Id of the run. Default: the newest.")] = None,
    json: Json = False,
    url: Url = None,
    user: User = None,
) -> None:
    """What happened in a run."""
    from stackwright.cli.talking import show_log

    with _client(url, user) as client:
        raise typer.Exit(show_log(client, project, run, follow=follow, as_json=json))


@app.command()
def projects(
    json: Json = False,
    url: Url = None,
    user: Annotated[str, typer.Option("--user", help="Whose projects.")] = "local",
) -> None:
    """List your projects, newest first."""
    from stackwright.cli.listing import list_projects

    with _client(url, None) as client:
        list_projects(client, user, as_json=json)


@app.command()
def files(
    project: Project,
    path: Annotated[str | None, typer.Argument(help="Print this file.")] = None,
    json: Json = False,
    url: Url = None,
    user: User = None,
) -> None:
    """List a project's files, or print one."""
    from stackwright.cli.listing import list_files, print_file

    with _client(url, user) as client:
        if path is None:
            list_files(client, project, as_json=json)
        else:
            print_file(client, project, path)


@app.command()
def versions(project: Project, json: Json = False, url: Url = None, user: User = None) -> None:
    """List the versions of a project, newest first."""
    from stackwright.cli.listing import list_versions

    with _client(url, user) as client:
        list_versions(client, project, as_json=json)


@app.command()
def diff(
    project: Project,
    before: Annotated[
        str | None, typer.Option("--from", help="A version. Default: the newest.")
    ] = None,
    after: Annotated[str | None, typer.Option("--to", help="A version. Default: now.")] = None,
    run: Annotated[str | None, typer.Option(help="Instead: what this run changed.")] = None,
    json: Json = False,
    url: Url = None,
    user: User = None,
) -> None:
    """Show what changed: since the newest version, between two, or in a run."""
    from stackwright.cli.listing import show_changes

    with _client(url, user) as client:
        show_changes(client, project, before, after, run, as_json=json)


@app.command()
def costs(
    project: Annotated[
        str | None, typer.Argument(help="The project's id. Default: all your projects.")
    ] = None,
    run: Annotated[str | None, typer.Option(help="Id of a run of the project.")] = None,
    days: Annotated[int, typer.Option(help="How many days, today included.", min=1)] = 30,
    json: Json = False,
    url: Url = None,
    user: User = None,
) -> None:
    """What runs cost, by day and by tool."""
    from stackwright.cli.listing import show_costs

    with _client(url, user) as client:
        show_costs(client, project, run, user=user or "local", days=days, as_json=json)


@app.command()
def restore(
    project: Project,
    version: Annotated[int, typer.Argument(help="Number from `versions`.", min=1)],
    json: Json = False,
    url: Url = None,
    user: User = None,
) -> None:
    """Bring back a version, as a new one; nothing is lost."""
    from stackwright.cli.listing import restore_version

    with _client(url, user) as client:
        restore_version(client, project, version, as_json=json)


@app.command()
def export(
    project: Project,
    target: Annotated[
        Path | None, typer.Argument(help="File to write. Default: <project>.zip.")
    ] = None,
    url: Url = None,
    user: User = None,
) -> None:
    """Save all files of a project as a zip archive."""
    from stackwright.cli.listing import export_project

    with _client(url, user) as client:
        export_project(client, project, target)


@app.command()
def record(
    project: Project,
    target: Annotated[
        Path | None, typer.Argument(help="File to write. Default: <project>.cassette.")
    ] = None,
    run: Annotated[str | None, typer.Option(help="Id of the run. Default: the newest.")] = None,
    url: Url = None,
    user: User = None,
) -> None:
    """Save an ended run as a cassette: model, tools and events, without secrets."""
    from stackwright.cli.cassettes import record_run

    with _client(url, user) as client:
        record_run(client, project, run, target)


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
def stop() -> None:
    """Stop the platform that was started on this machine with these settings."""
    from stackwright.cli.server import stop_server

    raise typer.Exit(stop_server())


def _client(
    url: str | None, user: str | None, *, start: bool = False, quiet: bool = False
) -> "Client":
    from stackwright.cli.client import Client
    from stackwright.cli.server import find_or_start

    return Client(url or find_or_start(may_start=start, quiet=quiet), user)
