from typing import Any

import httpx
import pytest

from fixtures.api_twins import Twin, services_over
from stackwright.api.app import create_app
from stackwright.core.settings import Settings


async def asked(path: str) -> tuple[int, Any]:
    twin = Twin()
    twin.add_project("ann", "shop", "A small shop")
    server = Settings().server
    app = create_app(services_over(twin, server))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=server.public_url) as client:
        answer = await client.get(path)
    return answer.status_code, answer.json()


@pytest.mark.parametrize("path", ["/api/projects/shop/costs", "/api/users/ann/costs?days=7"])
async def test_costs_are_one_sum_in_several_ways(path: str) -> None:
    status, costs = await asked(path)
    assert status == 200
    assert (costs["total"]["usd"], costs["repair"]["usd"]) == (0.25, 0.05)
    assert [day["name"] for day in costs["by_day"]] == ["2026-11-30", "2026-11-29"]


async def test_an_estimate_needs_no_project() -> None:
    for path in ("/api/estimate", "/api/estimate?project_id=shop"):
        status, estimate = await asked(path)
        assert (status, estimate["sentence"]) == (200, "About $0.28 with claude-sonnet-5-5.")


async def test_an_estimate_is_of_the_model_that_is_asked_about() -> None:
    status, estimate = await asked("/api/estimate?model=claude-haiku-4-5")
    assert (status, estimate["sentence"]) == (200, "About $0.28 with claude-haiku-4-5.")
    assert (await asked("/api/estimate?model=other"))[0] == 422


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/projects/unseen/costs", 404),
        ("/api/projects/shop/costs?user_id=bob", 404),
        ("/api/projects/shop/runs/unseen/costs", 404),
        ("/api/users/ann/costs?days=0", 422),
        ("/api/users/a%20b/costs", 422),
        ("/api/estimate?project_id=a%2Fb", 422),
    ],
)
async def test_what_is_not_there_or_no_id_is_refused(path: str, status: int) -> None:
    assert (await asked(path))[0] == status
