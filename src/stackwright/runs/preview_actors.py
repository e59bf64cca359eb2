"""Lets the owner of an app look at it as a person of each of its roles, in the preview.

It works for apps that have the kit `accounts`. The person is an account of its own in the app's data, named
"Member (preview)", that nobody can log in to; it is made when somebody asks for it, and can be removed.
"""

import hashlib
import json
import secrets
import shlex

from pydantic import BaseModel, Field, ValidationError

from stackwright.core.cache import Cache
from stackwright.core.errors import Conflict
from stackwright.core.ids import ProjectId, UserId
from stackwright.sandbox.base import WORKSPACE_ROOT, Sandbox, SandboxProvider

TIMEOUT_S = 20.0
MAX_OUTPUT_BYTES = 20_000
TICKET_TTL_S = 60

_SCRIPT = """
import json, os, secrets, sys
from datetime import UTC, datetime, timedelta
sys.path.insert(0, os.getcwd())
try:
    from accounts.passwords import NOBODY
    from accounts.people import PEOPLE, id_of
    from accounts.rights import IS_OPEN, ROLES
    from accounts.sessions import COOKIE, SESSIONS, digest
    from settings import settings
except ImportError:
    print(json.dumps({}))
    sys.exit()
from pymongo import MongoClient
asked, now = json.loads(sys.argv[1]), datetime.now(UTC)
database = MongoClient(settings.mongodb_url, serverSelectionTimeoutMS=3000, socketTimeoutMS=10000)[settings.mongodb_db]
people, sessions, ours = database[PEOPLE], database[SESSIONS], {"is_preview": True}
told = {"roles": list(ROLES)}
if asked["do"] == "remove":
    sessions.delete_many({"person": {"$in": [one["_id"] for one in people.find(ours, {"_id": 1})]}})
    people.delete_many(ours)
elif asked["do"] == "become" and asked["role"] not in ROLES:
    told["refused"] = "The app has no such role any more."
elif asked["do"] == "become" and not IS_OPEN and not people.find_one({"is_preview": {"$ne": True}}):
    told["refused"] = "Register the first person in the app before: else nobody could register any more."
elif asked["do"] == "become":
    role = asked["role"]
    person, token = id_of(role + "@preview.invalid"), secrets.token_urlsafe(32)
    kept = {"email": role + "@preview.invalid", "name": role.title() + " (preview)", "role": role, **ours}
    made = {"password": NOBODY, "created_at": now}
    people.update_one({"_id": person}, {"$set": kept, "$setOnInsert": made}, upsert=True)
    sessions.insert_one({"_id": digest(token), "person": person, "expires_at": now + timedelta(hours=12)})
    told |= {"cookie": COOKIE, "token": token}
told["accounts"] = people.count_documents(ours)
print(json.dumps(told))
"""


class Entry(BaseModel):
    """The cookie by which the app knows a person."""

    cookie: str = Field(pattern=r"^[A-Za-z0-9_-]{1,60}$")
    token: str = Field(pattern=r"^[A-Za-z0-9_-]{20,200}$")


class Roles(BaseModel):
    """The app's roles, from the least to the most; and how many accounts its data has for the preview."""

    roles: list[str] = Field(default=[], max_length=30)
    accounts: int = Field(default=0, ge=0)


class Told(Roles):
    """What the app's sandbox says: nothing of it is trusted beyond its form."""

    refused: str = Field(default="", max_length=300)
    cookie: str = ""
    token: str = ""


class PreviewActors:
    def __init__(self, sandboxes: SandboxProvider, cache: Cache) -> None:
        self._sandboxes = sandboxes
        self._cache = cache

    async def roles(self, user_id: UserId, project_id: ProjectId) -> Roles:
        """The roles of the app; an app without accounts has none. Raises Conflict while the app does not
        run."""
        told = await self._asked(user_id, project_id, {"do": "tell"})
        return Roles(roles=told.roles, accounts=told.accounts)

    async def become(self, user_id: UserId, project_id: ProjectId, role: str) -> str:
        """A ticket with which one browser, once and soon, becomes a person of this role."""
        told = await self._asked(user_id, project_id, {"do": "become", "role": role})
        entry = entry_of(told)
        ticket = secrets.token_urlsafe(24)
        await self._cache.set(_key(project_id, ticket), entry.model_dump_json(), ttl_s=TICKET_TTL_S)
        return ticket

    async def remove(self, user_id: UserId, project_id: ProjectId) -> Roles:
        """Take the accounts of the preview out of the app's data."""
        told = await self._asked(user_id, project_id, {"do": "remove"})
        return Roles(roles=told.roles, accounts=told.accounts)

    async def entered(self, project_id: ProjectId, ticket: str) -> Entry | None:
        """None: there is no such ticket for this project, or not any more."""
        key = _key(project_id, ticket)
        kept = await self._cache.get(key)
        await self._cache.delete(key)
        return None if kept is None else Entry.model_validate_json(kept)

    async def _asked(self, user_id: UserId, project_id: ProjectId, asked: dict[str, str]) -> Told:
        sandbox = await self._sandboxes.find(user_id, project_id)
        if sandbox is None:
            raise Conflict("The app is asleep. Open it in the preview, then try again.")
        return told_of(await _output(sandbox, json.dumps(asked)))


async def _output(sandbox: Sandbox, asked: str) -> str:
    result = await sandbox.run(
        f"python -c {shlex.quote(_SCRIPT)} {shlex.quote(asked)}",
        cwd=f"{WORKSPACE_ROOT}/backend",
        timeout_s=TIMEOUT_S,
        max_output_bytes=MAX_OUTPUT_BYTES,
    )
    if result.timed_out or result.exit_code != 0:
        raise Conflict("The app's data cannot be reached now. Is the app running?")
    return result.stdout


def told_of(output: str) -> Told:
    """The last line is ours; the app may print before. Raises Conflict."""
    last = (output.strip().splitlines() or [""])[-1]
    try:
        return Told.model_validate_json(last)
    except ValidationError as error:
        raise _unexpected() from error


def entry_of(told: Told) -> Entry:
    """Raises Conflict when the app has no such person."""
    if told.refused or not told.roles:
        raise Conflict(told.refused or "This app has no accounts.")
    try:
        return Entry(cookie=told.cookie, token=told.token)
    except ValidationError as error:
        raise _unexpected() from error


def _unexpected() -> Conflict:
    return Conflict("This app keeps its accounts in its own way: log in to it as its people do.")


def _key(project_id: ProjectId, ticket: str) -> str:
    return f"preview_entry:{hashlib.sha256(f'{project_id} {ticket}'.encode()).hexdigest()}"
