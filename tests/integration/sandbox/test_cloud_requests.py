"""What E2B's cloud is asked and how its answers are used, with a stand-in that records requests."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from stackwright.sandbox import client, control
from stackwright.sandbox.base import EngineFull, EngineRefused
from stackwright.sandbox.endpoint import Endpoint
from stackwright.sandbox.http import SandboxHttp

pytestmark = pytest.mark.integration

CREATED = {
    "templateID": "abc",
    "sandboxID": "i1a2b3c4d5e6f7g8h9j0k",
    "clientID": "",
    "envdVersion": "0.6.7",
    "envdAccessToken": "secret",
    "domain": "e2b.example",
}


@dataclass
class Cloud:
    """Answers each creation with what it is told to."""

    status: int = 201
    answer: dict[str, Any] = field(default_factory=lambda: dict(CREATED))
    bodies: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    url: str = ""

    async def create(self, request: web.Request) -> web.Response:
        self.bodies.append(await request.json())
        self.keys.append(request.headers.get("X-API-KEY"))
        headers = {"Retry-After": "0"} if self.status == 429 else {}
        return web.json_response(self.answer, status=self.status, headers=headers)


@pytest.fixture
async def cloud() -> AsyncIterator[Cloud]:
    cloud, app = Cloud(), web.Application()
    app.router.add_post("/v2/sandboxes", cloud.create)
    app.router.add_post("/sandboxes", cloud.create)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    cloud.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield cloud
    await runner.cleanup()


async def create(cloud: Cloud, http: SandboxHttp) -> client.E2BSandbox:
    endpoint = Endpoint("e2b_" + "5" * 40, api_url=cloud.url)
    return await control.create("my-template", {"user_id": "ann"}, endpoint, http, 500)


async def test_a_creation_names_template_owner_and_lifetime_and_asks_to_be_paused(
    cloud: Cloud, http: SandboxHttp
) -> None:
    sandbox = await create(cloud, http)
    body = cloud.bodies[0]
    assert sandbox.id == CREATED["sandboxID"]
    assert cloud.keys == ["e2b_" + "5" * 40]
    assert body["templateID"] == "my-template"
    assert body["timeout"] == 500
    assert body["metadata"] == {"user_id": "ann"}
    assert body["autoPause"] is True
    assert body["autoPauseMemory"] is False


async def test_without_a_given_address_a_port_has_a_host_name_of_its_own(
    cloud: Cloud, http: SandboxHttp
) -> None:
    address = (await create(cloud, http)).address(3000)
    assert address.url == f"https://3000-{CREATED['sandboxID']}.e2b.example"
    assert not address.headers


async def test_the_clouds_own_limit_is_a_429_and_its_refusals_are_told(
    cloud: Cloud, http: SandboxHttp
) -> None:
    cloud.status, cloud.answer = 429, {"code": 429, "message": "too many sandboxes"}
    with pytest.raises(EngineFull) as full:
        await create(cloud, http)
    assert (full.value.status, full.value.code) == (429, "sandbox_limit")
    asked = len(cloud.bodies)
    cloud.status, cloud.answer = 404, {"code": 404, "message": "template 'my-template' not found"}
    with pytest.raises(EngineRefused, match="E2B_TEMPLATE_ID"):
        await create(cloud, http)
    cloud.status, cloud.answer = 401, {"code": 401, "message": "bad key"}
    with pytest.raises(EngineRefused, match="E2B_API_KEY"):
        await create(cloud, http)
    assert len(cloud.bodies) == asked + 2
