from collections.abc import AsyncIterator

import httpx
import pytest

from fixtures.api_twins import Running, running


@pytest.fixture
async def api() -> AsyncIterator[Running]:
    async with running() as served:
        yield served


@pytest.fixture
async def client(api: Running) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=api.url, timeout=10) as opened:
        yield opened
