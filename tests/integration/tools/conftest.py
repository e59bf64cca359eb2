from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fixtures.tool_bench import Bench
from stackwright.testing.memory_sandbox import MemorySandbox


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    sandbox = MemorySandbox(tmp_path)
    yield Bench(sandbox)
    await sandbox.end()
