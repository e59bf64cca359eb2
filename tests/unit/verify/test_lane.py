import asyncio

from stackwright.verify.lane import Lane


async def test_what_runs_alone_waits_for_others_and_others_for_it() -> None:
    lane = Lane()
    order: list[str] = []
    first_runs, first_may_end = asyncio.Event(), asyncio.Event()

    async def first() -> None:
        async with lane.shared():
            first_runs.set()
            await first_may_end.wait()
            order.append("first")

    async def repeated() -> None:
        await first_runs.wait()
        async with lane.alone():
            order.append("alone begins")
            await asyncio.sleep(0)
            order.append("alone ends")

    async def later() -> None:
        await first_runs.wait()
        await asyncio.sleep(0)
        first_may_end.set()
        async with lane.shared():
            order.append("later")

    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        for work in (first, repeated, later):
            group.create_task(work())
    assert order == ["first", "alone begins", "alone ends", "later"]
