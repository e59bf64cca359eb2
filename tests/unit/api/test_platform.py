from typing import Any

import httpx
import pytest
from starlette.requests import Request

from fixtures.api_twins import Twin, services_over
from stackwright.api.app import create_app
from stackwright.api.platform import is_from_operator
from stackwright.core.settings import load_settings


def request(client: str | None, **headers: str) -> Request:
    sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    address = None if client is None else (client, 1)
    return Request({"type": "http", "headers": sent, "client": address})


@pytest.mark.parametrize(
    ("asked", "is_told"),
    [
        (request("127.0.0.1"), True),
        (request("::1"), True),
        (request("192.168.1.7"), False),
        (request("127.0.0.1", x_forwarded_for="9.9.9.9"), False),
        (request("127.0.0.1", forwarded="for=9.9.9.9"), False),
        (request("nonsense"), False),
        (request(None), False),
    ],
)
def test_details_are_for_who_sits_at_the_machine(asked: Request, is_told: bool) -> None:
    assert is_from_operator(asked, load_settings().server) is is_told
    everybody = load_settings({"platform_details": "everybody"}).server
    assert is_from_operator(asked, everybody)


async def asked(path: str) -> Any:
    server = load_settings().server
    transport = httpx.ASGITransport(create_app(services_over(Twin(), server)))
    async with httpx.AsyncClient(transport=transport, base_url=server.public_url) as client:
        answer = await client.get(path)
    assert answer.status_code == 200
    return answer.json()


async def test_everybody_is_told_what_builds_and_what_it_may_cost() -> None:
    assert await asked("/api/limits") == {
        "builds_with": "claude-sonnet-5-5",
        "goes_on_with": "claude-haiku-4-5",
        "limits": {"project_usd": 50.0},
        "may_be_raised": True,
    }


async def test_models_are_listed_with_what_they_lack_and_without_keys() -> None:
    told = await asked("/api/models")
    assert told["default"] == "claude-sonnet-5-5"
    usable = {one["name"]: one["is_usable"] for one in told["models"]}
    assert usable == {
        "claude-sonnet-5-5": True,
        "claude-haiku-4-5": True,
        "openai:gpt-5.2": False,
    }
    assert [one["missing"] for one in told["models"] if one["missing"]] == [
        "it needs a key. Set OPENAI_API_KEY and start the platform anew."
    ]
