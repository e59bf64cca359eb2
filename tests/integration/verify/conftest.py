"""The to-do application under the gate, shared by the tests of a module."""

from collections.abc import AsyncIterator

import pytest_asyncio

from fixtures.gate_world import World, application
from stackwright.sandbox.client import Endpoint


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def todo(endpoint: Endpoint) -> AsyncIterator[World]:
    async with application(endpoint, "todo") as world:
        yield world
