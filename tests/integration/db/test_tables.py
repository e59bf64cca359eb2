import asyncio

import psycopg
import pytest

from stackwright.checkpoint import tables as checkpoints
from stackwright.db.migrate import is_current
from stackwright.tables import complete_aside

pytestmark = pytest.mark.integration


async def test_platforms_that_start_together_find_all_tables(empty_database: str) -> None:
    async with asyncio.timeout(60):
        await asyncio.gather(*(complete_aside(empty_database) for _ in range(3)))
    assert await asyncio.to_thread(is_current, empty_database)
    assert await checkpoints.are_current(empty_database)


async def test_a_database_of_another_version_is_left_alone_and_told(empty_database: str) -> None:
    with psycopg.connect(empty_database) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num text)")
        connection.execute("INSERT INTO alembic_version VALUES ('9999')")
    with pytest.raises(SystemExit, match=r"could not be migrated.*9999") as told:
        await complete_aside(empty_database)
    assert empty_database not in str(told.value)
