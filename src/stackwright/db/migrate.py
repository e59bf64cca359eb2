"""Bring a database to the schema this code needs."""

from pathlib import Path

import psycopg

from stackwright.db.address import libpq_address

HEAD = "0015"
"""The newest revision under migrations/versions; a test compares."""

_LOCK = 0x5357_0001
"""Advisory lock held while migrating."""

CHECKOUT = Path(__file__).resolve().parents[3]


def is_current(url: str) -> bool:
    """Whether nothing is missing. Blocks."""
    with psycopg.connect(libpq_address(url), autocommit=True, connect_timeout=10) as connection:
        return _revision(connection) == HEAD


def upgrade(url: str) -> bool:
    """Apply the missing migrations and say whether there were any. Blocks; needs a direct address.

    Processes that start together take turns."""
    with psycopg.connect(libpq_address(url), autocommit=True, connect_timeout=10) as connection:
        if _revision(connection) == HEAD:
            return False
        connection.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        if _revision(connection) == HEAD:
            return False
        # Loaded late: a start that finds its tables as they should be goes without 10 MB.
        from alembic import command  # noqa: PLC0415
        from alembic.config import Config  # noqa: PLC0415

        config = Config(CHECKOUT / "alembic.ini")
        config.attributes["url"] = url
        command.upgrade(config, "head")
    return True


def _revision(connection: psycopg.Connection) -> str | None:
    there = connection.execute("SELECT to_regclass('alembic_version')").fetchone()
    if there is None or there[0] is None:
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return None if row is None else str(row[0])
