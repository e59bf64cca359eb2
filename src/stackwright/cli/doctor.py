"""What this machine lacks, and the fix."""

import asyncio
import dataclasses
import json
import shutil

import typer
from rich.console import Console
from rich.text import Text

from stackwright.core.settings import Settings, load_settings
from stackwright.engine.doctor import diagnose
from stackwright.engine.findings import Finding


def examine(*, as_json: bool) -> int:
    """Tell each finding; 1 when something is missing that is needed."""
    findings = asyncio.run(_findings(load_settings()))
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


async def _findings(settings: Settings) -> list[Finding]:
    found = [_chromium(), await _database(settings)]
    if settings.sandbox.engine == "local":
        data_dir = settings.sandbox.data_dir
        found = [*await diagnose(data_dir if data_dir.exists() else None), *found]
    return found


def _chromium() -> Finding:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        return Finding(
            "chromium",
            False,
            "No Chromium: pages cannot be checked.",
            "Run: apt-get install chromium.",
        )
    return Finding("chromium", True, f"Chromium at {path}.")


async def _database(settings: Settings) -> Finding:
    # Loaded late: SQLAlchemy is slow, and every other finding does without.
    from stackwright.core.errors import DatabaseUnavailable  # noqa: PLC0415
    from stackwright.db.address import addresses  # noqa: PLC0415
    from stackwright.db.engine import Database  # noqa: PLC0415

    given = addresses(settings.database)
    if given is None:
        return Finding("database", True, f"Embedded PostgreSQL in {settings.database.data_dir}.")
    database = Database(given[0], settings.database)
    try:
        await database.ping()
    except DatabaseUnavailable:
        return Finding(
            "database", False, "DATABASE_URL does not answer.", "Start it, or correct DATABASE_URL."
        )
    finally:
        await database.close()
    return Finding("database", True, "DATABASE_URL answers.")
