"""Empties the database between witnesses, where it may be emptied."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from functools import cache
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
