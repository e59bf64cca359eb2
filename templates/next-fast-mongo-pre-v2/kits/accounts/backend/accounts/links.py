"""Links in mails that let somebody in once: invitations and new passwords."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Literal

from accounts.sessions import digest
from database import Document, collection

LINKS = "_account_links"
LASTS = {"invite": timedelta(days=14), "reset": timedelta(hours=2)}
Purpose = Literal["invite", "reset"]


async def make_link(purpose: Purpose, email: str, role: str = "") -> str:
    """The token of a new link. Earlier ones for the same address end."""
    token = secrets.token_urlsafe(24)
    await collection(LINKS).delete_many({"purpose": purpose, "email": email})
    link: Document = {"_id": digest(token), "purpose": purpose, "email": email, "role": role}
    link["expires_at"] = datetime.now(UTC) + LASTS[purpose]
    await collection(LINKS).insert_one(link)
    return token


async def read_link(purpose: Purpose, token: str) -> Document | None:
    return await collection(LINKS).find_one(
        {"_id": digest(token), "purpose": purpose, "expires_at": {"$gt": datetime.now(UTC)}}
    )


async def use_link(purpose: Purpose, token: str) -> Document | None:
    """The link, which can be used only once."""
    return await collection(LINKS).find_one_and_delete(
        {"_id": digest(token), "purpose": purpose, "expires_at": {"$gt": datetime.now(UTC)}}
    )
