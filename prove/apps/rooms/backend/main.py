"""Meeting rooms and who has booked them. No room is booked twice for the same hour."""

import datetime as dt
import os
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any, Literal

from fastapi import FastAPI, HTTPException, Query, Response
from pydantic import BaseModel, ConfigDict, Field
from pymongo import AsyncMongoClient

DATABASE = os.environ.get("MONGODB_DB") or "app"
ADDRESS = os.environ.get("MONGODB_URL") or "mongodb://127.0.0.1:27017"


@asynccontextmanager
async def life(application: FastAPI) -> AsyncIterator[None]:
    client: AsyncMongoClient = AsyncMongoClient(ADDRESS, serverSelectionTimeoutMS=3000)
    application.state.database = client[DATABASE]
    yield
    await client.close()


app = FastAPI(title="Rooms", lifespan=life, openapi_url="/api/openapi.json", docs_url=None)


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class RoomBody(Strict):
    name: str = Field(min_length=1, max_length=60)
    seats: int = Field(ge=1, le=500)
    has_screen: bool = False


class Room(RoomBody):
    id: str


class BookingBody(Strict):
    room_id: str = Field(max_length=40)
    title: str = Field(min_length=1, max_length=100)
    person: str = Field(min_length=1, max_length=60)
    day: dt.date
    hour: int = Field(ge=8, le=19)
    hours: int = Field(ge=1, le=4)


class Booking(BookingBody):
    id: str
    status: Literal["requested", "confirmed"]


class Usage(BaseModel):
    room: str
    hours: int


def rooms() -> Any:
    return app.state.database.rooms


def bookings() -> Any:
    return app.state.database.bookings


def with_id(document: dict[str, Any]) -> dict[str, Any]:
    return {("id" if key == "_id" else key): value for key, value in document.items()}


async def one_of(collection: Any, record_id: str, name: str) -> dict[str, Any]:
    document = await collection.find_one({"_id": record_id})
    if document is None:
        raise HTTPException(404, f"There is no such {name}.")
    return with_id(document)


async def check_free(body: BookingBody, but: str = "") -> None:
    if await rooms().find_one({"_id": body.room_id}) is None:
        raise HTTPException(422, "There is no such room.")
    if body.hour + body.hours > 20:
        raise HTTPException(422, "The house closes at 20:00.")
    same_day = {"room_id": body.room_id, "day": body.day.isoformat(), "_id": {"$ne": but}}
    async for other in bookings().find(same_day):
        if body.hour < other["hour"] + other["hours"] and other["hour"] < body.hour + body.hours:
            raise HTTPException(409, f"The room is already booked for “{other['title']}”.")


@app.get("/api/health")
async def health() -> dict[str, str]:
    await app.state.database.command("ping")
    return {"status": "ok"}


@app.get("/api/rooms")
async def all_rooms() -> list[Room]:
    return [Room(**with_id(room)) async for room in rooms().find().sort("name", 1)]


@app.post("/api/rooms", status_code=201)
async def add_room(body: RoomBody) -> Room:
    room = {"_id": uuid.uuid4().hex, **body.model_dump()}
    await rooms().insert_one(room)
    return Room(**with_id(room))


@app.get("/api/rooms/{room_id}")
async def get_room(room_id: str) -> Room:
    return Room(**await one_of(rooms(), room_id, "room"))


@app.put("/api/rooms/{room_id}")
async def save_room(room_id: str, body: RoomBody) -> Room:
    await one_of(rooms(), room_id, "room")
    await rooms().update_one({"_id": room_id}, {"$set": body.model_dump()})
    return Room(**await one_of(rooms(), room_id, "room"))


@app.delete("/api/rooms/{room_id}", status_code=204)
async def remove_room(room_id: str) -> None:
    await one_of(rooms(), room_id, "room")
    await bookings().delete_many({"room_id": room_id})
    await rooms().delete_one({"_id": room_id})


@app.get("/api/bookings")
async def all_bookings(
    response: Response,
    room_id: Annotated[str | None, Query(max_length=40)] = None,
    day: dt.date | None = None,
    page: Annotated[int, Query(ge=1, le=10000)] = 1,
    per_page: Annotated[int, Query(ge=1, le=100)] = 20,
) -> list[Booking]:
    query: dict[str, Any] = {}
    if room_id:
        query["room_id"] = room_id
    if day:
        query["day"] = day.isoformat()
    response.headers["X-Total-Count"] = str(await bookings().count_documents(query))
    found = bookings().find(query).sort([("day", 1), ("hour", 1), ("_id", 1)])
    found = found.skip((page - 1) * per_page).limit(per_page)
    return [Booking(**with_id(booking)) async for booking in found]


@app.post("/api/bookings", status_code=201)
async def add_booking(body: BookingBody) -> Booking:
    await check_free(body)
    booking = {"_id": uuid.uuid4().hex, **body.model_dump(mode="json"), "status": "requested"}
    await bookings().insert_one(booking)
    return Booking(**with_id(booking))


@app.get("/api/bookings/{booking_id}")
async def get_booking(booking_id: str) -> Booking:
    return Booking(**await one_of(bookings(), booking_id, "booking"))


@app.put("/api/bookings/{booking_id}")
async def save_booking(booking_id: str, body: BookingBody) -> Booking:
    await one_of(bookings(), booking_id, "booking")
    await check_free(body, but=booking_id)
    await bookings().update_one({"_id": booking_id}, {"$set": body.model_dump(mode="json")})
    return Booking(**await one_of(bookings(), booking_id, "booking"))


@app.delete("/api/bookings/{booking_id}", status_code=204)
async def cancel_booking(booking_id: str) -> None:
    await one_of(bookings(), booking_id, "booking")
    await bookings().delete_one({"_id": booking_id})


@app.post("/api/bookings/{booking_id}/confirm")
async def confirm_booking(booking_id: str) -> Booking:
    booking = await one_of(bookings(), booking_id, "booking")
    if booking["status"] == "confirmed":
        raise HTTPException(409, "This booking is confirmed already.")
    await bookings().update_one({"_id": booking_id}, {"$set": {"status": "confirmed"}})
    return Booking(**await one_of(bookings(), booking_id, "booking"))


@app.get("/api/usage")
async def usage() -> list[Usage]:
    """How many hours each room is booked for, all days together."""
    told = []
    async for room in rooms().find().sort("name", 1):
        hours = [booking["hours"] async for booking in bookings().find({"room_id": room["_id"]})]
        told.append(Usage(room=room["name"], hours=sum(hours)))
    return told
