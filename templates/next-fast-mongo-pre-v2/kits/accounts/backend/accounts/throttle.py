"""Slows down those who guess passwords: so many attempts for an account and for an address."""

from datetime import UTC, datetime, timedelta

from fastapi import HTTPException, Request
from pymongo import ReturnDocument

from database import collection

ATTEMPTS = "_attempts"
WINDOW = timedelta(minutes=15)
FOR_AN_ACCOUNT, FOR_AN_ADDRESS = 8, 100


def keys_of(request: Request, purpose: str, email: str = "") -> dict[str, int]:
    """What attempts are counted for, with the number that is allowed."""
    forwarded = request.headers.get("x-forwarded-for", "").split(",")[-1].strip()
    address = forwarded or (request.client.host if request.client else "")
    keys = {f"{purpose} from {address}"[:300]: FOR_AN_ADDRESS}
    return keys | ({f"{purpose} as {email}"[:300]: FOR_AN_ACCOUNT} if email else {})


async def count_attempt(keys: dict[str, int]) -> None:
    """Before it is known whether it succeeds: of many at once none slips through. Raises status 429."""
    now = datetime.now(UTC)
    for key, limit in keys.items():
        await collection(ATTEMPTS).delete_many({"_id": key, "since": {"$lte": now - WINDOW}})
        counted = await collection(ATTEMPTS).find_one_and_update(
            {"_id": key},
            {"$inc": {"count": 1}, "$setOnInsert": {"since": now}},
            upsert=True,
            return_document=ReturnDocument.AFTER,
        )
        if counted["count"] > limit:
            raise HTTPException(429, "Too many attempts. Please try again in 15 minutes.")


async def forget_success(keys: dict[str, int]) -> None:
    """A success is no guess: the account begins anew, the address has one attempt less."""
    for key, limit in keys.items():
        if limit == FOR_AN_ACCOUNT:
            await collection(ATTEMPTS).delete_one({"_id": key})
        else:
            await collection(ATTEMPTS).update_one({"_id": key}, {"$inc": {"count": -1}})
