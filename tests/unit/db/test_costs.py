from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from stackwright.core.ids import UserId
from stackwright.db.costs import CostRepository


async def test_sums_of_any_numeric_type_become_floats() -> None:
    day = date(2026, 11, 30)

    async def fetch(statement: str, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
        assert values["project_id"] is None
        return [(day, "edit_file", "build", "m", 0.5, 0.1, Decimal(3), 2, 1.5, 0, 0)]

    (row,) = await CostRepository(fetch).list_of(UserId("ann"))
    assert (row.day, row.read, row.written) == (day, 3.0, 2.0)
    assert isinstance(row.read, float)
