"""Signing in with a name and a passphrase, and the notes that only their writer sees."""

import hashlib
import hmac
import secrets
from datetime import UTC, datetime
from typing import Annotated, Any

from bson import ObjectId
from fastapi import APIRouter, Cookie, HTTPException, Response
from pydantic import BaseModel, ConfigDict, Field

from store import db

router = APIRouter()


class Credentials(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: str = Field(min_length=2, max_length=40)
    passphrase: str = Field(min_length=8, max_length=200)


class NoteIn(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    text: str = Field(min_length=1, max_length=500)


class Person(BaseModel):
    name: str | None


class Note(BaseModel):
    id: str
    text: str


def digest(passphrase: str, salt: str) -> str:
    return hashlib.scrypt(passphrase.encode(), salt=salt.encode(), n=2**12, r=8, p=1).hex()


def member(desk: str | None) -> str:
    session = db.sessions.find_one({"_id": desk}) if desk else None
    if session is None:
        raise HTTPException(401, "Please sign in first.")
    return session["name"]


@router.get("/api/session")
def who_am_i(desk: Annotated[str | None, Cookie()] = None) -> Person:
    session = db.sessions.find_one({"_id": desk}) if desk else None
    return Person(name=session["name"] if session else None)


@router.post("/api/session")
def sign_in(body: Credentials, response: Response) -> Person:
    known = db.people.find_one({"_id": body.name})
    if known is None:
        salt = secrets.token_hex(8)
        db.people.insert_one(
            {"_id": body.name, "salt": salt, "digest": digest(body.passphrase, salt)}
        )
    elif not hmac.compare_digest(known["digest"], digest(body.passphrase, known["salt"])):
        raise HTTPException(401, "This is not the passphrase of that name.")
    token = secrets.token_urlsafe(24)
    db.sessions.insert_one({"_id": token, "name": body.name, "since": datetime.now(UTC)})
    response.set_cookie("desk", token, httponly=True, samesite="lax")
    return Person(name=body.name)


@router.delete("/api/session", status_code=204)
def sign_out(response: Response, desk: Annotated[str | None, Cookie()] = None) -> None:
    db.sessions.delete_one({"_id": desk})
    response.delete_cookie("desk")


@router.get("/api/notes")
def list_notes(desk: Annotated[str | None, Cookie()] = None) -> list[Note]:
    found = db.notes.find({"writer": member(desk)}).sort("_id", 1)
    return [Note(id=str(document["_id"]), text=document["text"]) for document in found]


@router.post("/api/notes", status_code=201)
def keep_note(body: NoteIn, desk: Annotated[str | None, Cookie()] = None) -> Note:
    document: dict[str, Any] = {"writer": member(desk), "text": body.text}
    document["_id"] = db.notes.insert_one(document).inserted_id
    return Note(id=str(document["_id"]), text=body.text)


@router.delete("/api/notes/{noteId}", status_code=204)
def drop_note(noteId: str, desk: Annotated[str | None, Cookie()] = None) -> None:
    writer = member(desk)
    if not ObjectId.is_valid(noteId):
        raise HTTPException(404, "There is no such note.")
    gone = db.notes.delete_one({"_id": ObjectId(noteId), "writer": writer})
    if gone.deleted_count == 0:
        raise HTTPException(404, "There is no such note.")
