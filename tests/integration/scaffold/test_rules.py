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


def client_of(engine: dict[str, Any], app: Application) -> httpx.AsyncClient:
    """Of the backend, through the engine's address: names below localhost are not known everywhere."""
    headers = {"E2b-Sandbox-Id": app.sandbox.sandbox_id, "E2b-Sandbox-Port": "8000"}
    return httpx.AsyncClient(base_url=engine["api_url"], headers=headers, timeout=60)


async def statuses(
    client: httpx.AsyncClient, path: str, bodies: list[dict[str, Any]]
) -> Counter[int]:
    """Of requests that are all sent at once."""
    answers = await asyncio.gather(*(client.post(path, json=body) for body in bodies))
    return Counter(answer.status_code for answer in answers)


@pytest.mark.asyncio
async def test_rules_between_records_hold_when_twenty_write_at_once(
    engine: dict[str, Any], bookings: Application
) -> None:
    async with client_of(engine, bookings) as client:
        room = (await client.post("/api/rooms", json={"name": "Hall", "seats": 9})).json()["id"]
        course = {"name": "Knots", "first_day": "2099-01-01", "places": 12}
        course_id = (await client.post("/api/courses", json=course)).json()["id"]
        hour = {"room_id": room, "start": "2099-01-01T10:00:00Z", "end": "2099-01-01T11:00:00Z"}
        people = [f"Person {number}" for number in range(20)]
        once = await statuses(client, "/api/bookings", [hour | {"contact": one} for one in people])
        assert once == {201: 1, 422: 19}
        full = [{"course_id": course_id, "name": one} for one in people]
        assert await statuses(client, "/api/sign_ups", full) == {201: 12, 422: 8}
        same = [{"name": "Cellar", "seats": 4}] * 20
        assert await statuses(client, "/api/rooms", same) == {201: 1, 422: 19}


@pytest.mark.asyncio
async def test_an_order_has_neither_gaps_nor_twins_when_twenty_move_at_once(
    engine: dict[str, Any], bookings: Application
) -> None:
    async with client_of(engine, bookings) as client:
        song = (await client.post("/api/songs", json={"title": "Harbour Lights"})).json()["id"]
        setlist = (await client.post("/api/setlists", json={"name": "Summer"})).json()["id"]
        piece = {"setlist_id": setlist, "song_id": song}
        assert await statuses(client, "/api/pieces", [piece] * 20) == {201: 20}
        query = {"setlist_id": setlist, "sort": "record_position", "page_size": 100}
        before = (await client.get("/api/pieces", params=query)).json()["items"]
        await asyncio.gather(
            *(
                client.post(f"/api/pieces/{one['id']}/move", json={"to": 1 + place * 7 % 20})
                for place, one in enumerate(before)
            )
        )
        after = (await client.get("/api/pieces", params=query)).json()["items"]
        assert [one["record_position"] for one in after] == list(range(1, 21))
        assert {one["id"] for one in after} == {one["id"] for one in before}


@pytest.mark.asyncio
async def test_what_lasts_some_minutes_does_not_overlap_and_only_open_ones_are_added_up(
    engine: dict[str, Any], bookings: Application
) -> None:
    async with client_of(engine, bookings) as client:
        made = await client.post("/api/therapists", json={"name": "Ada"})
        therapist = made.json()["id"]

        async def book(time: str, duration: int, **more: Any) -> int:
            body = {"therapist_id": therapist, "day": "2099-05-01", "time": time}
            answer = await client.post("/api/treatments", json=body | more | {"duration": duration})
            return answer.status_code

        assert await book("10:00", 45) == 201
        assert await book("10:44", 30) == 422
        assert await book("09:30", 31) == 422
        assert await book("10:45", 30, done=True, kind="Long") == 201
        assert await book("09:30", 30, kind="Short") == 201
        assert await book("23:30", 90, day="2099-05-02") == 201
        figures = (await client.get(f"/api/therapists/{therapist}")).json()
        assert (figures["open_minutes"], figures["long_ones"]) == (45 + 30 + 90, 1)
