"""The console's files: part of the wheel; a checkout builds them from `web/`."""

import subprocess
from importlib.resources import files
from pathlib import Path

import typer

_PACKAGE = Path(str(files("stackwright")))
PAGE = _PACKAGE / "api" / "console" / "index.html"
BUILD = _PACKAGE.parents[1] / "scripts" / "build-console"


def build_missing_console(page: Path = PAGE, build: Path = BUILD) -> None:
    """Before the first start from a checkout. Without it the platform works, and its page says what to do."""
    if page.is_file() or not build.is_file():
        return
    done = subprocess.run([build], check=False)  # noqa: S603 (our own program)
    if done.returncode != 0:
        typer.secho("The platform starts without its console.", fg="yellow", err=True)
