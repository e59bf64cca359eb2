"""The quick form of `make chaos`: every scenario, a few cases of each."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio
from chaos.rows import findings
from chaos.run import QUICK, scenarios
from chaos.world import World, world

pytestmark = [
    pytest.mark.integration,
    pytest.mark.timeout(300),
    pytest.mark.asyncio(loop_scope="module"),
]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def everything() -> AsyncIterator[World]:
    async with world() as made:
        yield made


@pytest.mark.parametrize("name", scenarios(QUICK))
async def test_what_was_promised_holds(name: str, everything: World) -> None:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        row = await scenarios(QUICK)[name](everything, http)
    assert findings([row]) == []
    assert row.is_good
    assert everything.model.refusals == []
