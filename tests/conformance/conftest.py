"""One engine and one shared sandbox for all of it; every test runs on both faces of the SDK."""

import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import e2b
import pytest

from conformance.sdk import Sdk
from fixtures.engine_process import EngineProcess, running_engine


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        item.add_marker(pytest.mark.integration)


@pytest.fixture(scope="session")
def engine() -> Iterator[EngineProcess]:
    with (
        tempfile.TemporaryDirectory(prefix="engine-test-") as folder,
        running_engine(Path(folder, "data")) as process,
    ):
        yield process


@pytest.fixture(params=["async", "sync"])
async def sdk(request: pytest.FixtureRequest, engine: EngineProcess) -> AsyncIterator[Sdk]:
    face = Sdk(engine.options, is_async=request.param == "async")
    yield face
    await face.end_all()


@pytest.fixture(scope="session")
def shared_id(engine: EngineProcess) -> str:
    return e2b.Sandbox.create("base", timeout=3600, **engine.options).sandbox_id


@pytest.fixture
async def sandbox(sdk: Sdk, shared_id: str) -> Any:
    """Shared by all tests: they work in `folder` and leave its life alone."""
    return await sdk.connect(shared_id, timeout=3600)


@pytest.fixture
async def own(sdk: Sdk) -> Any:
    """A sandbox for one test, which may pause or end it."""
    return await sdk.create()


@pytest.fixture
def folder() -> str:
    """A path that no other test uses; it does not exist yet."""
    return f"/home/user/{uuid.uuid4().hex}"
