"""What writing one checkpoint of a conversation takes, in milliseconds."""

import asyncio
import time
from typing import Any

from benchmarks.figures import summary
from benchmarks.options import Options
from stackwright.checkpoint import tables
from stackwright.checkpoint.service import CheckpointService
from stackwright.core.settings import load_settings
from stackwright.db.embedded import EmbeddedPostgres

WRITES = 200


def measure_checkpoints(options: Options) -> dict[str, Any]:
    """Checkpoints with a message of 4 KB each, one after the other."""
    return {"write_ms": summary(asyncio.run(_write_ms_of_all(options)))}


async def _write_ms_of_all(options: Options) -> list[float]:
    settings = load_settings({"stackwright_data_dir": options.data_dir}).database
    embedded = EmbeddedPostgres(settings.data_dir)
    url = embedded.start()
    try:
        await tables.set_up(url)
        service = CheckpointService(url, settings)
        await service.open()
        try:
            return await _write_ms(service)
        finally:
            await service.close()
    finally:
        embedded.delete()


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
