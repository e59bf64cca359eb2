"""The host's clock is set while sandboxes live: by hand, by a time server, by a restored machine."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from e2b import AsyncSandbox

from fixtures.attack import eventually
from fixtures.engine_process import EngineProcess, running_engine

_PRELOADED = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
NEAR = timedelta(seconds=3)


@contextmanager
def _engine_with_clock(clock: Path) -> Iterator[EngineProcess]:
    """It reads what time it is from the host's, moved by what stands in `clock`."""
    assert _PRELOADED, "faketime is missing: make setup-dev installs it"
    clock.write_text("+0\n")
    prefix = ("env", f"LD_PRELOAD={_PRELOADED[0]}", f"FAKETIME_TIMESTAMP_FILE={clock}")
    settings = ("FAKETIME_NO_CACHE=1", "FAKETIME_DONT_FAKE_MONOTONIC=1")
    with running_engine(clock.parent / "data", prefix=(*prefix, *settings)) as engine:
        yield engine


async def test_a_clock_that_jumps_changes_no_sandboxs_life(tmp_path: Path) -> None:
    clock = tmp_path / "clock"
    with _engine_with_clock(clock) as engine:
        sandbox = await AsyncSandbox.create("base", timeout=8, **engine.options)
        began = datetime.now(UTC)
        for jump in (timedelta(days=2), timedelta(days=-2)):
            clock.write_text(f"{jump.total_seconds():+.0f}\n")
            expected = began + timedelta(seconds=8) + jump

            async def is_told(expected: datetime = expected) -> bool:
                return abs((await sandbox.get_info()).end_at - expected) < NEAR

            await eventually(is_told, within_s=3)
            assert (await sandbox.commands.run("echo alive")).stdout == "alive\n"
        left_s = 8 - (datetime.now(UTC) - began).total_seconds()
        assert left_s > 0, "too slow to tell"
        assert await sandbox.is_running()
        await asyncio.sleep(left_s + 1)  # its life, which is tried
        assert not await sandbox.is_running()
