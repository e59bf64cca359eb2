"""Engines to attack, of root and of an ordinary user, and sandboxes in them."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from e2b import AsyncSandbox

from fixtures.attack import SMALL_LIMITS
from fixtures.engine_process import EngineProcess, running_engine, sandbox_of
from fixtures.folders import folder_of_many_files
from fixtures.ordinary_user import engine_of_ordinary_user


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.integration)


@pytest.fixture(scope="session", params=["root", "ordinary"])
def engine(request: pytest.FixtureRequest) -> Iterator[EngineProcess]:
    """Every host may be reached, so that only what guards private addresses is left."""
    config: dict[str, object] = {"limits": SMALL_LIMITS, "egress_allow": ["*"]}
    if request.param == "ordinary":
        with engine_of_ordinary_user(**config) as process:
            yield process
        return
    if os.geteuid() != 0:
        pytest.skip("the tests do not run as root")
    with (
        folder_of_many_files("engine-attacked-") as folder,
        running_engine(folder / "data", **config) as process,
    ):
        yield process


@pytest.fixture
async def sandbox(engine: EngineProcess) -> AsyncIterator[AsyncSandbox]:
    async with sandbox_of(engine) as sandbox:
        yield sandbox


@pytest.fixture
async def neighbour(engine: EngineProcess) -> AsyncIterator[AsyncSandbox]:
    async with sandbox_of(engine) as sandbox:
        yield sandbox
