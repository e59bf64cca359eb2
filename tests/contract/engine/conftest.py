import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from e2b import AsyncSandbox

from fixtures.engine_process import EngineProcess, running_engine, sandbox_of


@pytest.fixture(scope="session")
def engine() -> Iterator[EngineProcess]:
    with (
        tempfile.TemporaryDirectory(prefix="engine-test-") as folder,
        running_engine(Path(folder, "data")) as process,
    ):
        yield process


@pytest.fixture
async def sandbox(engine: EngineProcess) -> AsyncIterator[AsyncSandbox]:
    async with sandbox_of(engine) as sandbox:
        yield sandbox
