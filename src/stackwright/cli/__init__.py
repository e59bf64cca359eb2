"""The terminal: `stackwright …`. Commands load what they need when they run."""

from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line. Ends the process."""
    from stackwright.cli.commands import app  # noqa: PLC0415 (typer is slow to load)

    app(args=arguments)
