import asyncio

import pytest

from database import DatabaseFirst, connection


async def _asked(monkeypatch: pytest.MonkeyPatch, *, comes: bool) -> bool:
    """Whether the database was there when the request got through."""
    coming: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    monkeypatch.setattr(connection, "coming", coming)
    monkeypatch.setattr("database.COMING_LIMIT_S", 60.0 if comes else 0.01)
    seen: list[bool] = []

    async def app(scope: object, receive: object, send: object) -> None:
        seen.append(coming.done())

    async with asyncio.TaskGroup() as group:
        group.create_task(DatabaseFirst(app)({"type": "http"}, None, None))  # type: ignore[arg-type]
        await asyncio.sleep(0)
        if comes:
            coming.set_result(None)
    return seen == [True]


def test_a_request_waits_for_a_database_that_is_just_coming(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert asyncio.run(_asked(monkeypatch, comes=True))


def test_a_request_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not asyncio.run(_asked(monkeypatch, comes=False))
