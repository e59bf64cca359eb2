"""The proof's database at the app's server: emptied between witnesses, dropped at the end."""

import contextlib
import importlib
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

LIMIT_MS = 5000
MAX_KEPT = 500
"""Records of one collection that outlast an emptying."""
MIGRATIONS = "_migrations"
"""What the app has done to its records already; it would do it again."""


class DatabaseUnavailable(Exception):
    """The database server does not do what it is asked; the text says what it said."""


class Databases:
    """Those whose names are noted in `notes` were made by proofs of this sandbox."""

    def __init__(self, url: str, notes: Path) -> None:
        # pymongo is the app's own: there is none outside of its environment
        pymongo: Any = importlib.import_module("pymongo")
        self._client = pymongo.MongoClient(
            url, serverSelectionTimeoutMS=LIMIT_MS, socketTimeoutMS=LIMIT_MS
        )
        self._error: type[Exception] = pymongo.errors.PyMongoError
        self._notes = notes
        self._kept: dict[str, list[Any]] = {}

    def close(self) -> None:
        self._client.close()

    def note(self, name: str) -> None:
        """Remember it, so that it is dropped even if this process dies."""
        with self._notes.open("a") as file:
            file.write(f"{name}\n")

    def drop_noted(self) -> None:
        try:
            names = set(self._notes.read_text().split())
        except FileNotFoundError:
            return
        for name in names:
            self.drop(name)
        self._notes.unlink()

    def drop(self, name: str) -> None:
        """Raises DatabaseUnavailable."""
        try:
            self._client.drop_database(name)
        except self._error as error:
            raise DatabaseUnavailable(f"The database does not answer: {error}"[:500]) from error

    def empty(self, name: str) -> None:
        """Delete all records but those of `keep`; indexes and the memory of migrations stay."""
        database = self._client[name]
        for collection in {*self._own(name), *self._kept}:
            if collection != MIGRATIONS:
                database[collection].delete_many({})
                if self._kept.get(collection):
                    database[collection].insert_many(self._kept[collection])

    def keep(self, name: str) -> None:
        """What is there now, as it is now, is there again after each emptying: accounts, sessions."""
        database = self._client[name]
        self._kept = {
            one: list(database[one].find().limit(MAX_KEPT))
            for one in self._own(name)
            if one != MIGRATIONS
        }

    def keep_nothing(self) -> None:
        self._kept = {}

    def multiply(self, name: str, number: int) -> None:
        """Give each collection that holds a record so many copies of its newest one."""
        database = self._client[name]
        for collection in self._own(name):
            newest = database[collection].find_one(sort=[("$natural", -1)])
            if newest is None or collection == MIGRATIONS:
                continue
            kind = cast(Any, type(newest["_id"]))
            copies = [{**newest, "_id": _new_id(kind, number)} for number in range(number)]
            # a unique field keeps copies out, which is no fault
            with contextlib.suppress(self._error):
                database[collection].insert_many(copies, ordered=False)

    def holdings(self, name: str) -> Mapping[str, int]:
        """How many records each collection holds, also those that are empty by now."""
        database = self._client[name]
        return {one: database[one].estimated_document_count() for one in self._own(name)}

    def holding(self, name: str, field: str) -> list[str]:
        """The collections with a record that has this field."""
        database, there = self._client[name], {field: {"$exists": True}}
        return [one for one in self._own(name) if database[one].find_one(there) is not None]

    def _own(self, name: str) -> list[str]:
        names: list[str] = self._client[name].list_collection_names()
        return [one for one in names if not one.startswith("system.")]


def _new_id(kind: Any, number: int) -> Any:
    """Of the kind that the app itself gives."""
    if kind is int:
        return 10_000_000 + number
    return f"{secrets.token_hex(12)}" if kind is str else kind()


def url_of(backend: Path, environment: Mapping[str, str]) -> str:
    """Where the app finds its server: as its environment says, else its `.env`, else here."""
    if url := environment.get("MONGODB_URL"):
        return url
    try:
        lines = (backend / ".env").read_text(errors="replace").splitlines()
    except OSError:
        lines = []
    named = [line.partition("=")[2] for line in lines if line.strip().startswith("MONGODB_URL=")]
    return (named[-1].strip().strip("\"'") if named else "") or "mongodb://127.0.0.1:27017"
