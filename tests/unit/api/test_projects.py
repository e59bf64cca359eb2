from typing import Any

import httpx
import pytest

from fixtures.api_twins import Twin, services_over
from stackwright.api.app import create_app
from stackwright.core.settings import Settings


async def changed(body: dict[str, Any]) -> tuple[int, Any]:
    twin = Twin()
    twin.add_project("ann", "shop", "A small shop")
    server = Settings().server
    app = create_app(services_over(twin, server))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=server.public_url) as client:
        answer = await client.patch("/api/projects/shop", json=body)
    return answer.status_code, answer.json()


async def test_a_project_has_a_model_and_limits_of_its_own() -> None:
    status, project = await changed(
        {"model": "claude-haiku-4-5", "max_usd": 2.5, "max_tokens": 10**6}
    )
    assert status == 200
    assert (project["name"], project["model"]) == ("A small shop", "claude-haiku-4-5")
    assert (project["max_usd"], project["max_tokens"]) == (2.5, 1_000_000)
    status, project = await changed({"max_usd": None, "model": None})
    assert (status, project["max_usd"], project["model"]) == (200, None, None)


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ({}, 422, "give a name, a model, max_usd or max_tokens"),
        ({"max_usd": 0}, 422, "body.max_usd: Input should be greater than 0"),
        ({"max_usd": -1}, 422, "greater than 0"),
        ({"max_usd": "much"}, 422, "body.max_usd: Input should be a valid number"),
        ({"max_usd": 1e300}, 422, "less than or equal to"),
        ({"max_usd": True}, 422, "valid number"),
        ({"max_tokens": 1.5}, 422, "body.max_tokens: Input should be a valid integer"),
        ({"max_tokens": "9"}, 422, "valid integer"),
        ({"max_usd": 51}, 422, "allows a project 50 US dollars at most (MAX_PROJECT_USD)"),
        ({"model": "other"}, 422, "'other' is not offered here; there are: claude-sonnet-5-5"),
        ({"model": "openai:gpt-5.2"}, 422, "Set OPENAI_API_KEY"),
        ({"name": None}, 422, "a project has a name"),
        ({"name": ""}, 422, "body.name"),
    ],
)
async def test_what_cannot_be_is_refused_with_a_sentence(
    body: dict[str, Any], status: int, told: str
) -> None:
    answered, problem = await changed(body)
    assert (answered, told in problem["detail"]) == (status, True), problem
