"""The checks of security and speed over a real application: a sound one passes, faults are told."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio

from fixtures.gate_world import World, application, failures
from stackwright.sandbox.endpoint import Endpoint
from stackwright.verify.checks import ENVIRONMENT, PARSES, SECURITY, SERVICES, SPEED

pytestmark = [
    pytest.mark.integration,
    pytest.mark.timeout(600),
    pytest.mark.asyncio(loop_scope="module"),
]

STORE = "backend/store.py"
ROWS = "frontend/components/records/record-rows.tsx"
LIST = "frontend/components/records/list-page.tsx"
ASKS_PER_RECORD = """async for one in self.records.find({}):
            await self.records.count_documents({"title": one["_id"], "_id": {"$gt": ""}})
        items = await self._present(await found.to_list())"""
ONLY = (PARSES, SERVICES, ENVIRONMENT, SECURITY, SPEED)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def app(endpoint: Endpoint) -> AsyncIterator[World]:
    async with application(endpoint, "todo", only=ONLY) as world:
        yield world


async def test_a_sound_app_passes(app: World) -> None:
    assert failures(await app.verify()) == {}


async def test_faults_are_told(app: World) -> None:
    secret = 'window.name = "sk_live_' + "0123456789abcdef" * 2 + '";'
    stranger = (
        'if (typeof window !== "undefined") { new Image().src = "https://stranger.example/x"; '
    )
    edits = (
        (STORE, "re.escape(text)", "text"),
        (STORE, "items = await self._present(await found.to_list())",
         ASKS_PER_RECORD),
        (ROWS, "            {title}\n          </Link>",
         "            <span dangerouslySetInnerHTML={{ __html: title }} />\n          </Link>"),
        (LIST, "export function", f"{stranger}{secret} }}\nexport function"),
    )  # fmt: skip
    async with AsyncExitStack() as stack:
        for path, old, new in edits:
            await stack.enter_async_context(app.edited(path, old, new))
        failed = failures(await app.verify())
    security = failed[SECURITY].detail
    assert "q=%28 answers HTTP 500" in security
    assert "/tasks: a script in a stored text was run" in security
    assert "a page asks another host: https://stranger.example/x" in security
    assert "hands out a secret: sk_live_0123456789abcdef" in security
    assert re.search(r"GET /api/tasks (takes|answers HTTP 502: no answer)", failed[SPEED].detail)
