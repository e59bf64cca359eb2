"""The sandbox manager's registry, over PostgreSQL: advisory locks and the project rows."""

from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from stackwright.core.errors import SandboxUnavailable
from stackwright.core.ids import SandboxId
from stackwright.db.advisory_locks import AdvisoryLocks
from stackwright.db.engine import Database
from stackwright.db.sandboxes import SandboxRecord, SandboxRepository
from stackwright.sandbox.registry import Limit, Owner, Row, SandboxRegistry, SandboxState, SetAside

MAKING_LIMIT_S = 630.0
"""Limit for making a sandbox: longer than the first one of a template takes, which may have to build it."""
PAUSING_LIMIT_S = 120.0
COUNTING_LIMIT_S = 60.0


class ProjectSandboxes:
    """Implements the registry. The locks need a direct address, the rows do not."""

    def __init__(self, database: Database, locks: AdvisoryLocks) -> None:
        self._database = database
        self._locks = locks
        self._installation: str | None = None

    async def installation(self) -> str:
        if self._installation is None:
            async with self._database.transaction() as transaction:
                self._installation = await SandboxRepository(transaction).installation()
        return self._installation

    def making(self, owner: Owner) -> AbstractAsyncContextManager[None]:
        return _taken(self._locks.exclusive(_make(owner), limit_s=MAKING_LIMIT_S))

    def using(self, owner: Owner) -> AbstractAsyncContextManager[None]:
        return _taken(self._locks.shared(_use(owner), limit_s=PAUSING_LIMIT_S))

    @asynccontextmanager
    async def if_unused(self, owner: Owner) -> AsyncGenerator[bool]:
        async with (
            self._locks.try_exclusive(_make(owner)) as is_settled,
            self._locks.try_exclusive(_use(owner)) as is_unused,
        ):
            # The locks come first: a run that begins after this look waits for them.
            yield is_settled and is_unused and not await self._has_run(owner)

    def counting(self) -> AbstractAsyncContextManager[None]:
        return _taken(self._locks.exclusive("sandbox limits", limit_s=COUNTING_LIMIT_S))

    async def keep_lead(self) -> bool:
        return await self._locks.keep("sandbox upkeep")

    async def reserve(self, owner: Owner) -> None:
        async with self._database.transaction() as transaction:
            await SandboxRepository(transaction).reserve(*owner)

    async def release(self, owner: Owner) -> None:
        async with self._database.transaction() as transaction:
            await SandboxRepository(transaction).release(*owner)

    async def reserved(self) -> Collection[Owner]:
        async with self._database.transaction() as transaction:
            return await SandboxRepository(transaction).reserved()

    async def wait_in_line(self, owner: Owner, whose: Limit) -> int:
        async with self._database.transaction() as transaction:
            return await SandboxRepository(transaction).wait_in_line(*owner, whose=whose)

    async def leave_line(self, owner: Owner) -> None:
        async with self._database.transaction() as transaction:
            await SandboxRepository(transaction).leave_line(*owner)

    async def ahead(self, owner: Owner) -> int:
        async with self._database.transaction() as transaction:
            return await SandboxRepository(transaction).ahead(*owner)

    async def note(self, owner: Owner, state: SandboxState, sandbox_id: SandboxId | None) -> None:
        async with self._database.transaction() as transaction:
            await SandboxRepository(transaction).note(*owner, state=state, sandbox_id=sandbox_id)

    async def touch(self, owners: Collection[Owner]) -> None:
        async with self._database.transaction() as transaction:
            await SandboxRepository(transaction).touch(owners)

    async def rows(self) -> Sequence[Row]:
        async with self._database.transaction() as transaction:
            return [_row(r) for r in await SandboxRepository(transaction).with_sandbox()]

    async def find_row(self, owner: Owner) -> Row | None:
        async with self._database.transaction() as transaction:
            record = await SandboxRepository(transaction).find(*owner)
        return None if record is None else _row(record)

    async def correct(self, row: Row, state: SandboxState, sandbox_id: SandboxId | None) -> bool:
        user_id, project_id = row.owner
        known = SandboxRecord(
            user_id=user_id,
            project_id=project_id,
            state=row.state,
            sandbox_id=row.sandbox_id,
            idle_s=row.idle_s,
            stamp=row.stamp,
        )
        async with self._database.transaction() as transaction:
            return await SandboxRepository(transaction).correct(
                known, state=state, sandbox_id=sandbox_id
            )

    async def set_aside(self, owner: Owner, sandbox_id: SandboxId) -> SandboxId | None:
        async with self._database.transaction() as transaction:
            return await SandboxRepository(transaction).set_aside(*owner, sandbox_id=sandbox_id)

    async def aside(self) -> Sequence[SetAside]:
        async with self._database.transaction() as transaction:
            found = await SandboxRepository(transaction).aside()
        return [SetAside(*each) for each in found]

    async def forget_aside(self, one: SetAside) -> None:
        async with self._database.transaction() as transaction:
            sandboxes = SandboxRepository(transaction)
            await sandboxes.forget_aside(*one.owner, sandbox_id=one.sandbox_id)

    async def take_news(self, owner: Owner) -> bool:
        async with self._database.transaction() as transaction:
            return await SandboxRepository(transaction).take_news(*owner)

    async def existing(self, owners: Collection[Owner]) -> Collection[Owner]:
        async with self._database.transaction() as transaction:
            return await SandboxRepository(transaction).existing(owners)

    async def _has_run(self, owner: Owner) -> bool:
        async with self._database.transaction() as transaction:
            return await SandboxRepository(transaction).has_run(*owner)


@asynccontextmanager
async def _taken(lock: AbstractAsyncContextManager[None]) -> AsyncGenerator[None]:
    async with AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(lock)
        except TimeoutError as error:
            raise SandboxUnavailable(
                "Somebody else has been busy with this sandbox for too long. Try again soon."
            ) from error
        yield


def _make(owner: Owner) -> str:
    return f"make sandbox {owner[0]} {owner[1]}"


def _use(owner: Owner) -> str:
    return f"use sandbox {owner[0]} {owner[1]}"


def _row(record: SandboxRecord) -> Row:
    owner = (record.user_id, record.project_id)
    return Row(owner, record.state, record.sandbox_id, record.idle_s, record.stamp)


if TYPE_CHECKING:

    def _proof(sandboxes: ProjectSandboxes) -> SandboxRegistry:
        return sandboxes
