"""What this machine lacks, and the fix."""

import asyncio
import dataclasses
import json
import logging

import typer
from rich.console import Console
from rich.text import Text

from stackwright.core.settings import load_settings
from stackwright.runs.diagnosis import examined


def examine(*, as_json: bool) -> int:
    """Tell each finding; 1 when something is missing that is needed."""
    logging.disable()  # what a part has to say is told by its finding
    findings = asyncio.run(examined(load_settings()))
    if as_json:
        typer.echo(json.dumps([dataclasses.asdict(finding) for finding in findings]))
    else:
        console = Console(highlight=False)
        for finding in findings:
            mark, style = ("✓", "green") if finding.ok else ("!", "yellow")
            if finding.is_fatal:
                mark, style = "✗", "red"
            console.print(Text(f"{mark} {finding.name}: {finding.detail}", style=style))
            if finding.fix:
                console.print(Text(f"  {finding.fix}"))
    return 1 if any(finding.is_fatal for finding in findings) else 0
