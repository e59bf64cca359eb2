from collections.abc import Generator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from typer.testing import CliRunner

from stackwright.cli.commands import app as commands
from stackwright.cli.over_api import over_api


def test_a_command_gets_a_client_and_gives_an_exit_code() -> None:
    asked = list[Any]()

    @contextmanager
    def opened(url: str | None, user: str | None, *, start: bool, quiet: bool) -> Generator[str]:
        asked.append((url, user, start, quiet))
        yield "client"

    app = typer.Typer()

    @app.command()
    @over_api(start=True, opened=opened)
    def show(client: str, name: Annotated[str, typer.Argument()], *, as_json: bool) -> int:
        """Show it."""
        typer.echo(f"{client} {name} {as_json}")
        return 3

    done = CliRunner().invoke(app, ["it", "--json", "--url", "http://x"])
    assert (done.exit_code, done.output) == (3, "client it True\n")
    assert asked == [("http://x", None, True, True)]


def test_every_command_of_a_project_takes_json() -> None:
    told = CliRunner().invoke(commands, ["wishes", "--help"]).output
    assert all(option in told for option in ("--json", "--url", "--user"))
