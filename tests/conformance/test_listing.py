import asyncio
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from e2b import SandboxException, SandboxQuery, SandboxState

from conformance.sdk import Sdk


@pytest.fixture
def label() -> dict[str, str]:
    return {"group": f"list & page={uuid.uuid4()}"}


async def ids(pages: Any) -> list[str]:
    found: list[str] = []
    while pages.has_next:
        found += [info.sandbox_id for info in await pages.next_items()]
    return found


async def test_a_list_is_filtered_by_metadata_state_time_and_template(
    sdk: Sdk, label: dict[str, str]
) -> None:
    before = datetime.now(UTC)
    running = await sdk.create(metadata=label | {"n": "1"})
    asleep = await sdk.create(metadata=label | {"n": "2"})
    await asleep.pause()

    async def found(**query: Any) -> list[str]:
        return await ids(sdk.pages(query=SandboxQuery(**{"metadata": label, **query})))

    both = [asleep.sandbox_id, running.sandbox_id]
    assert await found() == both
    assert await found(metadata=label | {"n": "1"}) == [running.sandbox_id]
    assert await found(metadata=label | {"n": "3"}) == []
    assert await found(state=[SandboxState.RUNNING]) == [running.sandbox_id]
    assert await found(state=[SandboxState.PAUSED]) == [asleep.sandbox_id]
    assert await found(state=[SandboxState.RUNNING, SandboxState.PAUSED]) == both
    assert await found(template="base") == both
    assert await found(template="other") == []
    assert await found(started_after=before - timedelta(seconds=5)) == both
    assert await found(started_after=before + timedelta(hours=1)) == []


async def test_a_long_list_comes_in_pages(sdk: Sdk, label: dict[str, str]) -> None:
    created = [(await sdk.create(metadata=label)).sandbox_id for _ in range(3)]
    pages = sdk.pages(query=SandboxQuery(metadata=label), limit=2)
    assert pages.has_next
    first = [info.sandbox_id for info in await pages.next_items()]
    assert (first, pages.has_next) == ([created[2], created[1]], True)
    assert pages.next_token is not None
    rest = sdk.pages(query=SandboxQuery(metadata=label), limit=2, next_token=pages.next_token)
    second = [info.sandbox_id for info in await pages.next_items()]
    assert (second, pages.has_next, pages.next_token) == ([created[0]], False, None)
    assert await ids(rest) == second


async def test_a_list_may_start_with_the_oldest(sdk: Sdk, label: dict[str, str]) -> None:
    created = [(await sdk.create(metadata=label)).sandbox_id for _ in range(2)]
    pages = sdk.pages(query=SandboxQuery(metadata=label), order="asc", limit=1)
    assert await ids(pages) == created


async def test_a_list_grows_at_its_newest_end_only(sdk: Sdk, label: dict[str, str]) -> None:
    seen: list[str] = []
    making = asyncio.gather(*(sdk.create(metadata=label) for _ in range(8)))
    async with asyncio.timeout(30):
        while len(seen) < 8:
            found = await ids(sdk.pages(query=SandboxQuery(metadata=label), order="asc"))
            assert found[: len(seen)] == seen
            seen = found
    await making


async def test_what_ends_between_two_pages_hides_no_other(sdk: Sdk, label: dict[str, str]) -> None:
    created = [(await sdk.create(metadata=label)).sandbox_id for _ in range(5)]
    pages, seen = sdk.pages(query=SandboxQuery(metadata=label), limit=2), list[str]()
    while pages.has_next:
        for info in await pages.next_items():
            seen.append(info.sandbox_id)
            await sdk.call("kill", info.sandbox_id)
    assert seen == created[::-1]


async def test_an_empty_value_is_one_like_others(sdk: Sdk, label: dict[str, str]) -> None:
    empty = await sdk.create(metadata=label | {"owner": ""})
    await sdk.create(metadata=label | {"owner": "ann"})
    query = SandboxQuery(metadata=label | {"owner": ""})
    assert await ids(sdk.pages(query=query)) == [empty.sandbox_id]


async def test_a_page_has_a_hundred_at_most(sdk: Sdk) -> None:
    with pytest.raises(SandboxException, match="400"):
        await sdk.pages(limit=101).next_items()
