"""What a long conversation costs: a late step against an early one, bytes stored against bytes said."""

import asyncio
import statistics
from typing import Any

import psycopg
import uvloop
from psycopg import sql

from benchmarks.conversation import Conversation, Tool, warm_up
from benchmarks.options import Options, progress
from benchmarks.served import Served, client, converse, served

STEPS, EARLY, LATE = 210, slice(5, 25), slice(188, 208)
TABLES_OF_OTHERS = "procrastinate%"


def measure_growth(options: Options) -> dict[str, Any]:
    """One run of many steps for each tool. Said is what the model wrote, text and arguments; stored is
    what the rows hold in every table of the platform: conversation, event log, files."""
    steps = 30 if options.is_quick else STEPS
    with (
        served(options.data_dir, seats=3, max_steps=steps + 5) as platform,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        return {"rows": [runner.run(_row(platform, tool, steps)) for tool in ("plan", "write")]}


async def _row(platform: Served, tool: Tool, steps: int) -> dict[str, Any]:
    progress(f"{steps} steps: {tool}")
    run = f"long-{tool}"
    async with client(platform) as http:
        await converse(http, run, warm_up(f"warm-{tool}"))
        before = _stored_bytes(platform.database_url)
        # Without a last word, the run ends by its limit of steps and not with checks of the app.
        conversation = Conversation(run=run, steps=10_000, tool=tool)
        await converse(http, run, conversation)
    gaps = platform.model.gaps(run)[0]
    late = slice(-22, -2) if steps < STEPS else LATE
    early_ms, late_ms = statistics.median(gaps[EARLY]), statistics.median(gaps[late])
    stored = _stored_bytes(platform.database_url) - before
    said = platform.model.said_bytes(run)
    return {
        "tool": tool,
        "steps": len(gaps) + 1,
        "early_step_ms": round(early_ms, 2),
        "late_step_ms": round(late_ms, 2),
        "late_to_early": round(late_ms / early_ms, 2),
        "said_kib": round(said / 1024),
        "stored_kib": round(stored / 1024),
        "stored_to_said": round(stored / said, 2),
        "stored_bytes_a_step": round(stored / len(gaps)),
    }


def _stored_bytes(url: str) -> int:
    """The size of all rows, the queue's own left out."""
    with psycopg.connect(url) as connection:
        names = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE %s",
            (TABLES_OF_OTHERS,),
        ).fetchall()
        size = sql.SQL("SELECT coalesce(sum(pg_column_size(t.*)), 0) FROM {} t")
        rows = [
            connection.execute(size.format(sql.Identifier(str(name)))).fetchone()
            for (name,) in names
        ]
    return sum(int(row[0]) for row in rows if row is not None)
