"""Empties the database between witnesses, where it may be emptied."""

from __future__ import annotations

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


def empty() -> None:
    """Delete all records and keep indexes: dropping them under a running backend would lose them."""
    if not settings.DATABASE:
        return
    if not settings.DATABASE.startswith(_PREFIXES):
        raise RuntimeError(
            f"{settings.DATABASE!r} may hold somebody's records: a database for witnesses has a name "
            f"that begins with {' or '.join(_PREFIXES)}."
        )
    for name in _database().list_collection_names():
        if name not in KEPT and not name.startswith("system."):
            _database()[name].delete_many({})
