"""The pool of connections while its server is away."""

import asyncio
import time

import pytest
from sqlalchemy import text

from fixtures.waiting import stays
from stackwright.core.errors import DatabaseUnavailable
from stackwright.core.setting_groups import DatabaseSettings
from stackwright.db.engine import Database
from stackwright.testing.absent_database import absent, cut_off

pytestmark = pytest.mark.integration


async def test_an_absent_database_is_said_soon_and_used_as_soon_as_it_is_back(
    database: Database, database_url: str
) -> None:
    await database.ping()
    async with absent(database_url):
        began = time.monotonic()
        with pytest.raises(DatabaseUnavailable):
            await database.ping()
        for _ in range(2):
            with pytest.raises(DatabaseUnavailable):
                await database.fetch("SELECT pg_sleep(0)", {})
        assert time.monotonic() - began < 10
    began = time.monotonic()
    await database.ping()
    assert time.monotonic() - began < 2


async def test_who_asks_during_a_short_absence_waits_for_its_end(
    database: Database, database_url: str
) -> None:
    await database.ping()
    async with absent(database_url):
        asking = [asyncio.create_task(database.ping()) for _ in range(20)]
        await stays(lambda: not any(one.done() for one in asking), for_s=0.5)
    await asyncio.gather(*asking)


async def test_broken_connections_are_replaced_unnoticed(
    database: Database, database_url: str
) -> None:
    before = await connections_of(database, 8)
    cut_off(database_url)
    assert before.isdisjoint(await connections_of(database, 20))


async def test_many_share_few_connections(
    database: Database, database_settings: DatabaseSettings
) -> None:
    used = await connections_of(database, 200)
    assert 1 < len(used) <= database_settings.pool_size + database_settings.max_overflow


async def connections_of(database: Database, queries: int) -> set[int]:
    """The server's processes that answered so many queries at once."""
    asked = "SELECT pg_backend_pid() FROM pg_sleep(0.05)"
    answers = await asyncio.gather(*(database.fetch(asked, {}) for _ in range(queries)))
    assert len(answers) == queries
    return {rows[0][0] for rows in answers}


async def test_a_connection_that_closed_while_nobody_used_it_is_replaced_unnoticed(
    database: Database,
) -> None:
    async with database.transaction() as transaction:
        raw = await transaction.get_raw_connection()
        idle = raw.driver_connection
    assert idle is not None
    await idle.close()
    async with database.transaction() as transaction:
        assert (await transaction.execute(text("SELECT 1"))).scalar() == 1
