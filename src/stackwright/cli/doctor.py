"""What this machine lacks, and the fix."""

import asyncio
import dataclasses
import json
import logging
import shutil

import typer
from rich.console import Console
from rich.text import Text

from stackwright.cli.sandbox_findings import named_things
from stackwright.core.errors import DatabaseUnavailable, PlatformError
from stackwright.core.settings import Settings, load_settings
from stackwright.engine.host.doctor import diagnose
from stackwright.engine.host.findings import Finding

E2B_LIMIT_S = 10.0
NO_SANDBOX = {"stackwright": "doctor"}
"""What no sandbox is marked with: the answer is one empty page."""


def examine(*, as_json: bool) -> int:
    """Tell each finding; 1 when something is missing that is needed."""
    logging.disable()  # what a part has to say is told by its finding
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
    found = [*named_things(settings), _chromium(), await _database(settings)]
    if settings.redis_url is not None:
        found.append(await _redis(settings.redis_url.get_secret_value()))
    if settings.sandbox.engine == "local":
        data_dir = settings.sandbox.data_dir
        return [*await diagnose(data_dir if data_dir.exists() else None), *found]
    if settings.e2b_api_key is not None:
        found.insert(1, await _e2b(settings.e2b_api_key.get_secret_value(), settings))
    return found


async def _e2b(key: str, settings: Settings) -> Finding:
    # Loaded late: the SDK is slow, and the local engine does without.
    from stackwright.sandbox.client import Endpoint, listed  # noqa: PLC0415

    sandbox = settings.sandbox
    endpoint = Endpoint(key, sandbox.api_url, sandbox.sandbox_url, sandbox.domain)
    which = "E2B_API_URL" if sandbox.api_url else "E2B_DOMAIN" if sandbox.domain else "E2B"
    try:
        async with asyncio.timeout(E2B_LIMIT_S):
            await listed(NO_SANDBOX, endpoint)
    except TimeoutError:
        problem = f"{which} does not answer within {E2B_LIMIT_S:.0f} s."
    except PlatformError as error:
        problem = f"{which} does not list our sandboxes: {error}"
    else:
        return Finding("E2B", True, f"{which} answers and takes the key.")
    return Finding(
        "E2B", False, problem, "Correct E2B_API_KEY and E2B_API_URL, or start the engine."
    )


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


async def _redis(url: str) -> Finding:
    # Loaded late, as everywhere: most platforms have none.
    from stackwright.cache.redis import RedisCache  # noqa: PLC0415

    cache = RedisCache(url)
    try:
        if await cache.is_healthy():
            return Finding("redis", True, "REDIS_URL answers.")
    finally:
        await cache.aclose()
    return Finding("redis", False, "REDIS_URL does not answer.", "Start it, or correct REDIS_URL.")
