"""The template's backend while its database is not there: it answers, waits and goes on by itself."""

import asyncio
from collections.abc import AsyncIterator

import orjson
import pytest
import pytest_asyncio

from fixtures.gate_world import World, application
from fixtures.waiting import until
from stackwright.sandbox.endpoint import Endpoint

pytestmark = [
    pytest.mark.integration,
    pytest.mark.timeout(300),
    pytest.mark.asyncio(loop_scope="module"),
]
SENTENCE = "The database cannot be reached at the moment. Please try again soon."


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def todo(endpoint: Endpoint) -> AsyncIterator[World]:
    async with application(endpoint, "todo") as world:
        yield world


async def status(world: World) -> int:
    return (await world.sandbox.request(8000, "GET", "/api/tasks", timeout_s=30)).status


async def test_the_backend_starts_before_its_database_and_is_complete_once_it_came(
    todo: World,
) -> None:
    async def is_refused() -> bool:
        return await status(todo) == 503

    async with asyncio.TaskGroup() as group:
        starting = group.create_task(todo.services.start("backend"))
        await until(is_refused, within_s=40)
        answer = await todo.sandbox.request(8000, "POST", "/api/tasks", body=b'{"title":"x"}')
        assert orjson.loads(answer.body)["detail"] == SENTENCE
        headers = {name.lower(): value for name, value in answer.headers.items()}
        assert headers["content-type"] == "application/problem+json"
        await todo.services.start("mongo")
    assert starting.result().state == "running"
    assert await status(todo) == 200
    logged = await todo.services.logs("backend")
    assert logged.count("waiting for the database") == 1
    assert logged.count("the database is there") == 1


async def test_a_database_that_goes_and_comes_back_needs_no_restart(todo: World) -> None:
    await todo.services.start("mongo")
    before = await todo.services.start("backend")

    async def answers() -> bool:
        return await status(todo) == 200

    await until(answers)
    await todo.services.stop("mongo")
    assert await status(todo) == 503
    assert "the database cannot be reached" in await todo.services.logs("backend")
    await todo.services.start("mongo")
    await until(answers, within_s=20)
    assert (await todo.services.status())[1].pid == before.pid
