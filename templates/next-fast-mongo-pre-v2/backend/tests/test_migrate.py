"""Stored records follow the code, on the live database, and nothing typed is lost."""

from datetime import UTC, datetime
from typing import Any

from fastapi.testclient import TestClient

from database import connection
from migrate import Migration, apply_migrations

OLD = "migrate_old"
NEW = "migrate_new"

STEPS = (
    Migration("t1", "rename_entity", OLD, to=NEW),
    Migration("t2", "rename_field", NEW, field="due", to="deadline"),
    Migration("t3", "set_default", NEW, field="done", value=False),
    Migration("t4", "convert_field", NEW, field="effort", to="integer"),
    Migration("t5", "map_value", NEW, field="state", value="Open", to="New"),
    Migration("t6", "remove_field", NEW, field="notes"),
)


def test_records_are_brought_up_to_date_once(client: TestClient) -> None:
    async def scenario() -> list[dict[str, Any]]:
        database = connection.database
        await database[OLD].insert_many(
            [
                {"_id": "a", "due": "2026-01-31", "effort": "3", "state": "Open", "notes": "keep"},
                {"_id": "b", "done": True, "effort": "a lot", "state": "Closed"},
            ]
        )
        await apply_migrations(database, STEPS)
        await database[NEW].update_one({"_id": "a"}, {"$set": {"state": "Open"}})
        await apply_migrations(database, STEPS)
        rows = await database[NEW].find().sort("_id").to_list()
        await database[NEW].drop()
        return rows

    assert client.portal is not None
    first, second = client.portal.call(scenario)
    assert first == {
        "_id": "a",
        "deadline": "2026-01-31",
        "effort": 3,
        "done": False,
        "state": "Open",
        "notes": "keep",
    }
    assert second == {
        "_id": "b",
        "done": True,
        "effort": None,
        "effort__before": "a lot",
        "state": "Closed",
    }


def test_dates_and_moments_are_converted_without_moving_a_day(client: TestClient) -> None:
    async def scenario() -> dict[str, Any]:
        records = connection.database[NEW]
        moment = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)
        await records.insert_one({"_id": "d", "day": moment, "at": "2026-03-31"})
        await apply_migrations(
            connection.database,
            (
                Migration("d1", "convert_field", NEW, field="day", to="date"),
                Migration("d2", "convert_field", NEW, field="at", to="datetime"),
            ),
        )
        row = await records.find_one({"_id": "d"})
        await records.drop()
        assert row is not None
        return row

    assert client.portal is not None
    row = client.portal.call(scenario)
    assert row["day"] == "2026-03-31"
    assert row["at"] == datetime(2026, 3, 31, tzinfo=UTC)
