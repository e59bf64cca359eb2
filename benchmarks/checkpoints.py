"""What one checkpoint of a long conversation costs: bytes stored and milliseconds to write."""

import time
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.figures import summary
from benchmarks.steps import PROJECT
from stackwright.checkpoint.service import CheckpointService
from stackwright.core.settings import load_settings
from stackwright.db.embedded import EmbeddedPostgres

WRITES = 200


async def measure_checkpoints(data_dir: Path) -> dict[str, Any]:
    """Looks at the thread that the step benchmark left in `data_dir`, then times writes."""
    settings = load_settings({"stackwright_data_dir": data_dir}).database
    embedded = EmbeddedPostgres(settings.data_dir)
    url = embedded.start()
    try:
        stored = _stored(url)
        service = CheckpointService(url, url, settings)
        await service.open()
        try:
            write_ms = await _write_ms(service)
        finally:
            await service.close()
    finally:
        embedded.stop()
    return {**stored, "write_ms": summary(write_ms)}


def _stored(url: str) -> dict[str, float]:
    with psycopg.connect(url) as connection:
        thread = connection.execute(
            "SELECT thread_id FROM projects WHERE id = %s", (PROJECT,)
        ).fetchone()
        assert thread is not None
        total = 0
        count = 0
        for table in ("checkpoints", "checkpoint_blobs", "checkpoint_writes"):
            row = connection.execute(
                f"SELECT coalesce(sum(pg_column_size(t.*)), 0), count(*) FROM {table} t WHERE thread_id = %s",
                thread,
            ).fetchone()
            assert row is not None
            total += int(row[0])
            count = int(row[1]) if table == "checkpoints" else count
    return {
        "checkpoints": count,
        "bytes_per_checkpoint": round(total / max(count, 1)),
        "bytes_total": total,
    }


async def _write_ms(service: CheckpointService) -> list[float]:
    saver = service.saver_for_run()
    config: Any = {"configurable": {"thread_id": "bench-writes", "checkpoint_ns": ""}}
    taken: list[float] = []
    for number in range(WRITES):
        checkpoint: Any = {
            "v": 4,
            "id": f"{number:08d}",
            "ts": "2026-01-01T00:00:00+00:00",
            "channel_values": {"messages": "x" * 4096},
            "channel_versions": {"messages": f"{number:08d}"},
            "versions_seen": {},
            "updated_channels": ["messages"],
        }
        began = time.perf_counter()
        config = await saver.aput(
            config, checkpoint, {"step": number}, {"messages": f"{number:08d}"}
        )
        taken.append((time.perf_counter() - began) * 1000)
    await service.forget("bench-writes")
    return taken
