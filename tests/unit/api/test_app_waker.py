import asyncio

from fixtures.waiting import until
from stackwright.api.app_waker import AppWaker
from stackwright.core.errors import SandboxUnavailable
from stackwright.core.ids import ProjectId, UserId
from stackwright.db.projects import ProjectRecord

ANN, TODO = UserId("ann"), ProjectId("todo")


class SlowApps:
    """Wakes when told to; notes how many wake at once."""

    def __init__(self) -> None:
        self.started = 0
        self.ended = 0
        self.at_once = 0
        self.may_end = asyncio.Event()
        self.changed = asyncio.Condition()

    async def wake(self, user_id: UserId, project_id: ProjectId) -> None:
        self.started += 1
        self.at_once = max(self.at_once, self.started - self.ended)
        await self._tell()
        try:
            await self.may_end.wait()
        finally:
            self.ended += 1
        await self._tell()

    async def forget(self, project: ProjectRecord) -> None:
        raise AssertionError(project)

    async def until(self, started: int, ended: int) -> None:
        async with asyncio.timeout(5), self.changed:
            await self.changed.wait_for(lambda: (self.started, self.ended) == (started, ended))

    async def _tell(self) -> None:
        async with self.changed:
            self.changed.notify_all()


class BrokenApps(SlowApps):
    async def wake(self, user_id: UserId, project_id: ProjectId) -> None:
        self.started += 1
        await self._tell()
        raise SandboxUnavailable("no engine")


class MendedApps(SlowApps):
    """The first try fails."""

    async def wake(self, user_id: UserId, project_id: ProjectId) -> None:
        if self.started == 0:
            self.started += 1
            raise SandboxUnavailable("no engine")
        await super().wake(user_id, project_id)


async def test_many_visitors_wake_an_application_once() -> None:
    apps = SlowApps()
    waker = AppWaker(apps)
    async with waker.opened():
        for _ in range(10):
            waker.visited(ANN, TODO)
        await apps.until(started=1, ended=0)
        apps.may_end.set()
        await apps.until(started=1, ended=1)
        waker.visited(ANN, TODO)
    assert apps.started == 1


async def test_a_change_is_followed_even_while_the_application_wakes_and_in_order() -> None:
    apps = SlowApps()
    waker = AppWaker(apps)
    async with waker.opened():
        waker.visited(ANN, TODO)
        waker.changed(ANN, TODO)
        waker.changed(ANN, TODO)
        await apps.until(started=1, ended=0)
        apps.may_end.set()
        await apps.until(started=3, ended=3)
    assert apps.at_once == 1


async def test_nothing_wakes_after_the_end() -> None:
    apps = SlowApps()
    waker = AppWaker(apps)
    async with waker.opened():
        waker.visited(ANN, TODO)
        await apps.until(started=1, ended=0)
    assert apps.ended == 1


async def test_an_application_that_cannot_wake_is_no_disaster() -> None:
    apps = BrokenApps()
    waker = AppWaker(apps)
    async with waker.opened():
        waker.visited(ANN, TODO)
        waker.changed(ANN, TODO)
        await apps.until(started=2, ended=0)


async def test_why_an_application_did_not_wake_is_known_until_it_wakes() -> None:
    apps = MendedApps()
    waker = AppWaker(apps)

    async def is_told() -> bool:
        return waker.failure(TODO) is not None

    async def is_forgotten() -> bool:
        return waker.failure(TODO) is None

    async with waker.opened():
        waker.visited(ANN, TODO)
        await until(is_told)
        waker.changed(ANN, TODO)
        await apps.until(started=2, ended=0)
        assert waker.failure(TODO) == "no engine"
        apps.may_end.set()
        await until(is_forgotten)
