from typing import Any

import pytest
from e2b import InvalidArgumentException, NotFoundException, SandboxNotFoundException

from conformance.sdk import Sdk


async def listed(sdk: Sdk, **query: Any) -> list[str]:
    pages = sdk.pages("list_snapshots", **query)
    found: list[str] = []
    while pages.has_next:
        found += [snapshot.snapshot_id for snapshot in await pages.next_items()]
    return found


async def test_sandboxes_made_from_a_snapshot_start_with_its_files(sdk: Sdk, own: Any) -> None:
    await own.files.write("app/config.json", '{"a": 1}')
    await own.commands.run("chmod 700 app; ln -s config.json app/link")
    snapshot = await own.create_snapshot()
    assert await own.is_running()
    first, second = [await sdk.create(snapshot.snapshot_id) for _ in range(2)]
    await own.files.write("app/config.json", "changed in the original")
    await first.files.write("app/config.json", "changed in the first")
    assert await second.files.read("app/link") == '{"a": 1}'
    assert (await second.files.get_info("app")).permissions == "drwx------"
    assert await first.files.read("app/config.json") == "changed in the first"
    assert await sdk.call("delete_snapshot", snapshot.snapshot_id) is True
    assert await second.files.read("app/config.json") == '{"a": 1}'


async def test_snapshots_are_listed_and_deleted_once(sdk: Sdk, own: Any) -> None:
    first = await own.create_snapshot()
    second = await sdk.call("create_snapshot", own.sandbox_id)
    both = {first.snapshot_id, second.snapshot_id}
    assert both <= set(await listed(sdk))
    assert set(await listed(sdk, sandbox_id=own.sandbox_id, limit=1)) == both
    assert await listed(sdk, sandbox_id="inone") == []
    for snapshot_id in both:
        assert await sdk.call("delete_snapshot", snapshot_id) is True
        assert await sdk.call("delete_snapshot", snapshot_id) is False
    assert not both & set(await listed(sdk))
    with pytest.raises(Exception, match="not found"):
        await sdk.create(first.snapshot_id)


async def test_a_snapshot_may_have_a_name(sdk: Sdk, own: Any) -> None:
    name = f"named-{own.sandbox_id}"
    await own.files.write("a.txt", "named")
    snapshot = await own.create_snapshot(name=name)
    assert [n for n in snapshot.names if name in n]
    again = await sdk.create(name)
    assert await again.files.read("a.txt") == "named"
    await sdk.call("delete_snapshot", snapshot.snapshot_id)


async def test_a_fork_goes_its_own_way(sdk: Sdk, own: Any) -> None:
    await own.files.write("state.txt", "before")
    [fork] = await own.fork()
    assert fork.sandbox_id != own.sandbox_id
    assert await fork.files.read("state.txt") == "before"
    await fork.files.write("state.txt", "in the fork")
    assert await own.is_running()
    assert await own.files.read("state.txt") == "before"
    await fork.kill()


async def test_several_forks_are_made_at_once(sdk: Sdk, own: Any) -> None:
    forks = await sdk.call("fork", own.sandbox_id, count=2, timeout=60)
    assert len({own.sandbox_id, *(fork.sandbox_id for fork in forks)}) == 3
    for fork in forks:
        assert (await fork.commands.run("echo alive")).stdout == "alive\n"
        assert await fork.kill() is True


async def test_what_is_gone_cannot_be_copied(sdk: Sdk, own: Any) -> None:
    await own.kill()
    with pytest.raises(SandboxNotFoundException):
        await own.fork()
    with pytest.raises(NotFoundException):
        await own.create_snapshot()
    with pytest.raises(InvalidArgumentException):
        await sdk.call("fork", own.sandbox_id, count=0)
