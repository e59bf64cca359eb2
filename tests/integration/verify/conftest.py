"""The to-do application under the gate, shared by the tests of a module."""

from collections.abc import AsyncIterator

import pytest_asyncio

from fixtures.gate_world import World, application
from stackwright.sandbox.endpoint import Endpoint
from stackwright.verify.checks import CHECKS, LOOK, USE

WITHOUT_SLOW = [check.name for check in CHECKS if check.name not in (USE, LOOK)]
"""Using and looking at the app take longest and have tests of their own."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def todo(endpoint: Endpoint) -> AsyncIterator[World]:
    async with application(endpoint, "todo", only=WITHOUT_SLOW) as world:
        yield world
