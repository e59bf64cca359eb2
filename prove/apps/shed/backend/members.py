"""Neighbours: they join with a name and a PIN, and are known by a cookie from then on."""

import asyncio
import hashlib
import hmac
import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Cookie, Depends, HTTPException, Response
from pydantic import BaseModel, Field
from pymongo.errors import DuplicateKeyError

from store import Db, Strict

router = APIRouter(tags=["members"])
SessionCookie = Annotated[str | None, Cookie(alias="shed_session", max_length=100)]


class Credentials(Strict):
    name: str = Field(min_length=2, max_length=40)
    pin: str = Field(pattern="^[0-9]{4}$")


class Member(BaseModel):
    key: str
    name: str


class WhoIsHere(BaseModel):
    member: Member | None


async def who_is_here(db: Db, session: SessionCookie = None) -> Member | None:
    found = await db.sessions.find_one({"_id": session}) if session else None
    return Member(key=found["memberKey"], name=found["name"]) if found else None


async def must_be_here(found: Annotated[Member | None, Depends(who_is_here)]) -> Member:
    if found is None:
        raise HTTPException(401, "Please sign in first.")
    return found


Me = Annotated[Member, Depends(must_be_here)]


async def digest(pin: str, salt: str) -> str:
    hashed = await asyncio.to_thread(
        hashlib.scrypt, pin.encode(), salt=salt.encode(), n=2**12, r=8, p=1
    )
    return hashed.hex()


async def let_in(db: Any, member: Member, response: Response) -> None:
    token = secrets.token_urlsafe(24)
    await db.sessions.insert_one({"_id": token, "memberKey": member.key, "name": member.name})
    response.set_cookie("shed_session", token, httponly=True, samesite="strict")


@router.post("/members", status_code=201)
async def join(body: Credentials, db: Db, response: Response) -> Member:
    salt = secrets.token_hex(8)
    stored = {"_id": body.name.casefold(), "name": body.name, "salt": salt}
    try:
        await db.members.insert_one({**stored, "digest": await digest(body.pin, salt)})
    except DuplicateKeyError:
        raise HTTPException(409, "Somebody of that name has joined already.") from None
    member = Member(key=stored["_id"], name=body.name)
    await let_in(db, member, response)
    return member


@router.get("/session")
async def read_session(found: Annotated[Member | None, Depends(who_is_here)]) -> WhoIsHere:
    return WhoIsHere(member=found)


@router.post("/session")
async def sign_in(body: Credentials, db: Db, response: Response) -> Member:
    known = await db.members.find_one({"_id": body.name.casefold()})
    if known is None or not hmac.compare_digest(
        known["digest"], await digest(body.pin, known["salt"])
    ):
        raise HTTPException(401, "Name and PIN do not belong together.")
    member = Member(key=known["_id"], name=known["name"])
    await let_in(db, member, response)
    return member


@router.delete("/session", status_code=204)
async def sign_out(db: Db, response: Response, session: SessionCookie = None) -> None:
    await db.sessions.delete_one({"_id": session})
    response.delete_cookie("shed_session")
