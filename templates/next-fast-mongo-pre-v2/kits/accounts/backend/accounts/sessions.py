"""Who is signed in: a random token in the browser's cookie, its hash in the database."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta

from fastapi import Request, Response

from accounts.people import Person, person_of, stored_person
from database import Document, collection

SESSIONS = "_sessions"
COOKIE = "session"
LASTS = timedelta(days=30)


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


async def begin_session(person: Person, request: Request, response: Response) -> None:
    token = secrets.token_urlsafe(32)
    now = datetime.now(UTC)
    await collection(SESSIONS).delete_many({"expires_at": {"$lt": now}})
    session: Document = {"_id": digest(token), "person": person.id, "expires_at": now + LASTS}
    await collection(SESSIONS).insert_one(session)
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(LASTS.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=_is_encrypted(request),
        path="/",
    )


def _is_encrypted(request: Request) -> bool:
    """Next passes on what the browser used; on this machine it may be plain HTTP."""
    return request.headers.get("x-forwarded-proto", request.url.scheme).startswith("https")


async def signed_in(request: Request) -> Person | None:
    token = request.cookies.get(COOKIE, "")
    if not token:
        return None
    session = await collection(SESSIONS).find_one(
        {"_id": digest(token), "expires_at": {"$gt": datetime.now(UTC)}}
    )
    document = await stored_person(session["person"]) if session else None
    return person_of(document) if document else None


async def end_session(request: Request, response: Response) -> None:
    await collection(SESSIONS).delete_one({"_id": digest(request.cookies.get(COOKIE, ""))})
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")


async def end_all_sessions(person_id: str) -> None:
    await collection(SESSIONS).delete_many({"person": person_id})
