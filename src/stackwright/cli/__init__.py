"""The terminal: `stackwright …`. Commands load what they need when they run."""

import sys
from collections.abc import Sequence

from stackwright.core.errors import WrongSettings


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line. Ends the process."""
    from stackwright.cli.commands import app  # noqa: PLC0415 (typer is slow to load)

    try:
        app(args=arguments)
    except WrongSettings as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
