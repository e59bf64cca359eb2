"""Empties the database between witnesses, where it may be emptied."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from secrets import token_hex
from typing import Any

from witness import settings

KEPT = frozenset({"_migrations"})
"""Collections of the app itself, not of its records."""
_PREFIXES = ("proof_", "test_")


@cache
def _database() -> Any:
    from pymongo import MongoClient

    return MongoClient(settings.MONGODB_URL, serverSelectionTimeoutMS=5000)[settings.DATABASE]


Place = tuple[str, Any]
"""A collection and the `_id` of a document in it."""


def ids() -> set[Place]:
    """All documents of the app, by what finds them again."""
    if not settings.DATABASE:
        return set()
    return {
        (name, one["_id"])
        for name in _names()
        for one in _database()[name].find({}, {"_id": 1})
        if isinstance(one["_id"], Hashable)
    }


def remove(places: Iterable[Place]) -> None:
    """Delete documents that `ids` told."""
    for name, one in places:
        _database()[name].delete_one({"_id": one})


def change(places: Sequence[Place]) -> None:
    """Make every number in these documents another one, and copies of those that refer to others of them, or
    of the last where none does: what counts or adds them up has other figures then, under the same names."""
    found = [(name, _database()[name].find_one({"_id": one})) for name, one in places]
    made = [(name, one) for name, one in found if one is not None]
    for name, one in made:
        if numbers := other_numbers(one):
            _database()[name].update_one({"_id": one["_id"]}, {"$set": numbers})
    for name, one in to_copy(made):
        with suppress(_rejected()):  # only one of the kind may be there
            _database()[name].insert_one({**one, "_id": _another(one["_id"])})


def other_numbers(document: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value + 1 for key, value in document.items() if _is_number(value)}


def to_copy(made: Sequence[tuple[str, Any]]) -> Sequence[tuple[str, Any]]:
    """The documents that hold the `_id` of another one, or the last where none does."""
    ids = {str(one["_id"]) for _, one in made}
    referring = [
        (name, one)
        for name, one in made
        if any(str(value) in ids for key, value in one.items() if key != "_id")
    ]
    return referring or made[-1:]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _another(known: object) -> object:
    """An `_id` of the same kind."""
    from bson import ObjectId

    return ObjectId() if isinstance(known, ObjectId) else token_hex(12)


def _rejected() -> type[Exception]:
    from pymongo.errors import PyMongoError

    return PyMongoError


def _names() -> list[str]:
    names = _database().list_collection_names()
    return [one for one in names if one not in KEPT and not one.startswith("system.")]


def empty() -> None:
    """Delete all records and keep indexes: dropping them under a running backend would lose them."""
    if not settings.DATABASE:
        return
    if not settings.DATABASE.startswith(_PREFIXES):
        raise RuntimeError(
            f"{settings.DATABASE!r} may hold somebody's records: a database for witnesses has a name "
            f"that begins with {' or '.join(_PREFIXES)}."
        )
    for name in _names():
        _database()[name].delete_many({})
