"""Rules, figures and views of a generated application, whatever its pages do."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from fixtures.generated_application import Application, application

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def bookings(engine: dict[str, Any]) -> Iterator[Application]:
    with application(engine, "bookings") as running:
        yield running


def test_its_tests_types_and_client_are_sound(bookings: Application) -> None:
    assert " passed" in bookings.run("python -m pytest", "backend")
    bookings.run("python tools/generate_client.py --check")
    bookings.run("tsc --noEmit && oxlint --deny-warnings", "frontend")


async def statuses(app: Application, path: str, bodies: list[dict[str, Any]]) -> Counter[int]:
    """Of requests that are all sent at once."""
    async with httpx.AsyncClient(base_url=app.url, timeout=60) as client:
        answers = await asyncio.gather(*(client.post(path, json=body) for body in bodies))
    return Counter(answer.status_code for answer in answers)


@pytest.mark.asyncio
async def test_rules_between_records_hold_when_twenty_write_at_once(bookings: Application) -> None:
    async with httpx.AsyncClient(base_url=bookings.url, timeout=60) as client:
        room = (await client.post("/api/rooms", json={"name": "Hall", "seats": 9})).json()["id"]
        course = {"name": "Knots", "first_day": "2099-01-01", "places": 12}
        course_id = (await client.post("/api/courses", json=course)).json()["id"]
    hour = {"room_id": room, "start": "2099-01-01T10:00:00Z", "end": "2099-01-01T11:00:00Z"}
    people = [f"Person {number}" for number in range(20)]
    once = await statuses(bookings, "/api/bookings", [hour | {"contact": one} for one in people])
    assert once == {201: 1, 422: 19}
    full = [{"course_id": course_id, "name": one} for one in people]
    assert await statuses(bookings, "/api/sign_ups", full) == {201: 12, 422: 8}
    same = [{"name": "Cellar", "seats": 4}] * 20
    assert await statuses(bookings, "/api/rooms", same) == {201: 1, 422: 19}
