import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest

from stackwright.verify.records import ApiFault, AppApi
from stackwright.verify.shared_records import SharedRecords

API = cast(AppApi, object())


async def test_those_who_look_at_once_share_records_that_go_with_the_last() -> None:
    told: list[str] = []

    @asynccontextmanager
    async def made(_: AppApi) -> AsyncGenerator[Mapping[str, dict[str, Any]]]:
        told.append("made")
        yield {"oats": {"id": str(len(told))}}
        told.append("removed")

    shared, first_has_them = SharedRecords(made), asyncio.Event()

    async def look(until: asyncio.Event) -> Mapping[str, dict[str, Any]]:
        async with shared.borrowed(API) as records:
            first_has_them.set()
            await until.wait()
            return records

    first_may_go, last_may_go = asyncio.Event(), asyncio.Event()
    async with asyncio.TaskGroup() as group:
        one = group.create_task(look(first_may_go))
        other = group.create_task(look(last_may_go))
        await first_has_them.wait()
        first_may_go.set()
        await one
        assert told == ["made"]
        last_may_go.set()
    assert one.result() is other.result()
    assert told == ["made", "removed"]
    async with shared.borrowed(API):
        assert told[-1] == "made"


async def test_one_who_could_not_make_them_leaves_nothing_for_the_next() -> None:
    @asynccontextmanager
    async def refused(_: AppApi) -> AsyncGenerator[Mapping[str, dict[str, Any]]]:
        raise ApiFault("POST is refused")
        yield {}

    shared = SharedRecords(refused)
    for _ in range(2):
        with pytest.raises(ApiFault):
            async with shared.borrowed(API):
                pass
