"""The people who have an account. Their collection is `_people`."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from pymongo.errors import DuplicateKeyError

from accounts.rights import IS_OPEN, ROLES
from database import Document, collection

PEOPLE = "_people"
FIRST = "_first_person"


@dataclass(frozen=True)
class Person:
    id: str
    email: str
    name: str
    role: str

    @property
    def rank(self) -> int:
        """How much the role may do; 0 is the least."""
        return ROLES.index(self.role) if self.role in ROLES else 0

    @property
    def is_head(self) -> bool:
        """Whether this person may do everything and looks after the others.

        Where all are equal nobody is, unless people are invited: then everybody may invite.
        """
        has_heads = len(ROLES) > 1 or not IS_OPEN
        return has_heads and self.rank == len(ROLES) - 1


def plain_email(email: str) -> str:
    return email.strip().lower()


def id_of(email: str) -> str:
    """Made from the address, so that the database itself lets nobody register twice."""
    return hashlib.sha256(plain_email(email).encode()).hexdigest()[:24]


def person_of(document: Document) -> Person:
    return Person(document["_id"], document["email"], document["name"], document["role"])


async def add_person(email: str, name: str, password_hash: str, role: str = "") -> Person | None:
    """None when the address has an account already. The very first person gets the highest role."""
    now = datetime.now(UTC)
    document: Document = {
        "_id": id_of(email),
        "email": plain_email(email),
        "name": name,
        "role": role or ROLES[0],
        "password": password_hash,
        "created_at": now,
    }
    try:
        await collection(PEOPLE).insert_one(document)
    except DuplicateKeyError:
        return None
    if await _is_first(document["_id"]):
        document["role"] = ROLES[-1]
        await collection(PEOPLE).update_one({"_id": document["_id"]}, {"$set": {"role": ROLES[-1]}})
    return person_of(document)


async def _is_first(person_id: str) -> bool:
    """Of two who register at once, one is."""
    try:
        await collection(FIRST).insert_one({"_id": "first", "person": person_id})
    except DuplicateKeyError:
        return False
    return True


async def stored_person(person_id: str) -> Document | None:
    """With the hash of the password."""
    return await collection(PEOPLE).find_one({"_id": person_id})


async def everybody() -> list[Person]:
    found = await collection(PEOPLE).find({}).sort("name").to_list(1000)
    return [person_of(document) for document in found]


async def names_of(person_ids: set[str]) -> dict[str, str]:
    found = collection(PEOPLE).find({"_id": {"$in": sorted(person_ids)}}, {"name": 1})
    return {document["_id"]: document["name"] async for document in found}


async def change_person(person_id: str, values: Document) -> None:
    await collection(PEOPLE).update_one({"_id": person_id}, {"$set": values})


async def number_of_heads() -> int:
    return await collection(PEOPLE).count_documents({"role": ROLES[-1]})
