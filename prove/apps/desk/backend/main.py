"""Help desk: tickets that everybody sees, and notes of the people who signed in."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from bson import ObjectId
from fastapi import FastAPI, HTTPException, Query
from pydantic import BaseModel, ConfigDict, Field

import people
from store import db

app = FastAPI(title="Help desk", openapi_url="/api/openapi.json", docs_url=None, redoc_url=None)
app.include_router(people.router)

Urgency = Literal["low", "normal", "high"]
ORDERS = {"newest": ("openedAt", -1), "oldest": ("openedAt", 1), "subject": ("subject", 1)}


class TicketIn(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    subject: str = Field(min_length=1, max_length=120)
    details: str = Field(default="", max_length=2000)
    urgency: Urgency = "normal"
    hours: float = Field(default=0, ge=0, le=100)
    dueOn: date | None = None


class TicketChange(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    subject: str | None = Field(default=None, min_length=1, max_length=120)
    details: str | None = Field(default=None, max_length=2000)
    urgency: Urgency | None = None
    hours: float | None = Field(default=None, ge=0, le=100)
    dueOn: date | None = None


class CommentIn(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    text: str = Field(min_length=1, max_length=1000)


class Ticket(BaseModel):
    id: str
    subject: str
    details: str
    urgency: Urgency
    hours: float
    dueOn: date | None
    state: Literal["open", "closed"]
    openedAt: datetime
    comments: int


class Comment(BaseModel):
    id: str
    text: str
    writtenAt: datetime


class TicketPage(BaseModel):
    results: list[Ticket]
    count: int


def key_of(ticketId: str) -> ObjectId:
    if not ObjectId.is_valid(ticketId):
        raise HTTPException(404, "There is no such ticket.")
    return ObjectId(ticketId)


def shown(document: dict[str, Any]) -> Ticket:
    count = db.comments.count_documents({"ticket": document["_id"]})
    return Ticket(**{**document, "id": str(document["_id"]), "comments": count})


def storable(values: dict[str, Any]) -> dict[str, Any]:
    due = values.get("dueOn")
    return {**values, "dueOn": due.isoformat()} if due else values


def find(ticketId: str) -> dict[str, Any]:
    document = db.tickets.find_one({"_id": key_of(ticketId)})
    if document is None:
        raise HTTPException(404, "There is no such ticket.")
    return document


@app.get("/api/health")
def health() -> dict[str, str]:
    db.command("ping")
    return {"status": "ok"}


@app.get("/api/tickets")
def list_tickets(
    search: Annotated[str, Query(max_length=100)] = "",
    state: Literal["", "open", "closed"] = "",
    order: Literal["newest", "oldest", "subject"] = "newest",
    offset: Annotated[int, Query(ge=0, le=100000)] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 10,
) -> TicketPage:
    wanted: dict[str, Any] = {}
    if search:
        wanted["subject"] = {"$regex": re.escape(search.replace("\0", "")), "$options": "i"}
    if state:
        wanted["state"] = state
    key, direction = ORDERS[order]
    found = db.tickets.find(wanted).sort([(key, direction), ("_id", direction)])
    results = [shown(document) for document in found.skip(offset).limit(limit)]
    return TicketPage(results=results, count=db.tickets.count_documents(wanted))


@app.post("/api/tickets", status_code=201)
def open_ticket(body: TicketIn) -> Ticket:
    document = {**storable(body.model_dump()), "state": "open", "openedAt": datetime.now(UTC)}
    document["_id"] = db.tickets.insert_one(document).inserted_id
    return shown(document)


@app.get("/api/tickets/{ticketId}")
def read_ticket(ticketId: str) -> Ticket:
    return shown(find(ticketId))


@app.patch("/api/tickets/{ticketId}")
def change_ticket(ticketId: str, body: TicketChange) -> Ticket:
    find(ticketId)
    sent = body.model_dump(exclude_unset=True)
    values = {key: value for key, value in sent.items() if value is not None or key == "dueOn"}
    if values:
        db.tickets.update_one({"_id": key_of(ticketId)}, {"$set": storable(values)})
    return shown(find(ticketId))


@app.delete("/api/tickets/{ticketId}", status_code=204)
def drop_ticket(ticketId: str) -> None:
    document = find(ticketId)
    db.comments.delete_many({"ticket": document["_id"]})
    db.tickets.delete_one({"_id": document["_id"]})


@app.post("/api/tickets/{ticketId}/close")
def close_ticket(ticketId: str) -> Ticket:
    document = find(ticketId)
    if document["state"] == "closed":
        raise HTTPException(409, "This ticket is closed already.")
    db.tickets.update_one({"_id": document["_id"]}, {"$set": {"state": "closed"}})
    return shown(find(ticketId))


@app.get("/api/tickets/{ticketId}/comments")
def list_comments(ticketId: str) -> list[Comment]:
    found = db.comments.find({"ticket": find(ticketId)["_id"]}).sort("writtenAt", 1)
    return [Comment(**{**document, "id": str(document["_id"])}) for document in found]


@app.post("/api/tickets/{ticketId}/comments", status_code=201)
def write_comment(ticketId: str, body: CommentIn) -> Comment:
    document: dict[str, Any] = {
        "ticket": find(ticketId)["_id"],
        "text": body.text,
        "writtenAt": datetime.now(UTC),
    }
    document["_id"] = db.comments.insert_one(document).inserted_id
    return Comment(**{**document, "id": str(document["_id"])})
