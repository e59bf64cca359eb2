"""What a project's person wishes for: kept with the project, changed by runs and by the person."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from stackwright.core.errors import BadInput
from stackwright.core.events import Event, WishChanged, WishesSet
from stackwright.core.ids import ProjectId, RunId, UserId
from stackwright.core.postgres import Fence, patiently
from stackwright.core.wishes import Wish, WishKind, WishList, WitnessBelief
from stackwright.db.engine import Database, Transaction, within
from stackwright.db.fencing import lease_fence
from stackwright.db.projects import ProjectRepository
from stackwright.db.run_records import Lease
from stackwright.db.wishes import WishRepository
from stackwright.tools.base import Emit, WishBook

REWORDED = "It was reworded; a new witness has to try it."
BY_PERSON = "Added by the person; the next message has it built."
MAX_KEPT = 300
"""Wishes of a project over all its runs."""

Change = Callable[[WishList], WishList]


class WishNotFound(BadInput):
    status = 404
    code = "wish_not_found"

    def __init__(self, wish_id: str) -> None:
        super().__init__(f"This project has no wish {wish_id!r}; list its wishes first.")


class TooManyWishes(BadInput):
    code = "too_many_wishes"

    def __init__(self) -> None:
        super().__init__(
            f"A project keeps {MAX_KEPT} wishes; strike some that are no longer wanted."
        )


class WishService:
    """The wishes of projects, for their owners."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def list_of(self, user_id: UserId, project_id: ProjectId) -> WishList:
        """Raises ProjectNotFound."""
        async with self._database.transaction() as transaction:
            await ProjectRepository(transaction).get_owned(project_id, user_id)
            return await WishRepository(transaction).find(user_id, project_id)

    async def add(
        self, user_id: UserId, project_id: ProjectId, *, text: str, kind: WishKind
    ) -> Wish:
        """A wish in the person's own words, which the next run finds open."""
        added: list[Wish] = []

        def add(known: WishList) -> WishList:
            if len(known.wishes) >= MAX_KEPT:
                raise TooManyWishes
            wish = Wish(
                id=f"w{known.next_number}", text=text, kind=kind, quotes=(), reason=BY_PERSON
            )
            added.append(wish)
            return with_wishes(known, (*known.wishes, wish))

        await changed(self._database, user_id, project_id, add)
        return added[-1]

    async def edit(
        self,
        user_id: UserId,
        project_id: ProjectId,
        wish_id: str,
        *,
        text: str | None = None,
        kind: WishKind | None = None,
    ) -> Wish:
        """Word a wish anew: it is open until a new witness has proven it. Raises WishNotFound."""
        given = {key: value for key, value in (("text", text), ("kind", kind)) if value is not None}

        def edit(wish: Wish) -> Wish:
            if wish.model_copy(update=given) == wish:
                return wish
            return reopened(wish, reason=REWORDED, **given)

        wish = await self._change_one(user_id, project_id, wish_id, edit)
        if wish.state == "open":
            # What was believed of its witness was for another wording.
            async with self._database.transaction() as transaction:
                await WishRepository(transaction).forget_beliefs(user_id, project_id)
        return wish

    async def agree(self, user_id: UserId, project_id: ProjectId, wish_id: str) -> Wish:
        """The person wants what the agent has made of the wish. Raises WishNotFound."""

        def agree(wish: Wish) -> Wish:
            return wish.model_copy(update={"is_expectation_changed": False})

        return await self._change_one(user_id, project_id, wish_id, agree)

    async def strike(self, user_id: UserId, project_id: ProjectId, wish_id: str) -> None:
        """Take the wish off the list for good. Raises WishNotFound."""

        def strike(known: WishList) -> WishList:
            _get(known, wish_id)
            return with_wishes(known, [wish for wish in known.wishes if wish.id != wish_id])

        await changed(self._database, user_id, project_id, strike)

    async def _change_one(
        self, user_id: UserId, project_id: ProjectId, wish_id: str, change: Callable[[Wish], Wish]
    ) -> Wish:
        def change_list(known: WishList) -> WishList:
            return replaced(known, change(_get(known, wish_id)))

        wishes = await changed(self._database, user_id, project_id, change_list)
        return _get(wishes, wish_id)


class RunWishBook:
    """Implements tools.base.WishBook for a leased run. While the database is away, it waits; raises
    LeaseLost when the run is another worker's by now."""

    def __init__(self, database: Database, lease: Lease, emit: Emit) -> None:
        self._database = database
        self._user_id, self._project_id = lease.user_id, lease.project_id
        self._run_id: RunId = lease.run_id
        self._fence = lease_fence(lease)
        self._emit: Callable[[Event], None] = emit

    async def read(self) -> WishList:
        return await patiently(self._read)

    async def _read(self) -> WishList:
        async with self._database.transaction() as transaction:
            return await WishRepository(transaction).find(self._user_id, self._project_id)

    async def set(self, wishes: Sequence[Wish], not_understood: Sequence[str]) -> None:
        mine = tuple(wish.model_copy(update={"run_id": self._run_id}) for wish in wishes)
        left = tuple(not_understood)

        def set_mine(known: WishList) -> WishList:
            ids = {wish.id for wish in mine}
            others = [w for w in known.wishes if w.run_id != self._run_id and w.id not in ids]
            kept = with_wishes(known, [*others, *mine])
            return kept.model_copy(update={"not_understood": left})

        await self._changed(set_mine)
        self._emit(WishesSet(wishes=mine, not_understood=left))

    async def change(self, wish: Wish) -> None:
        before = {one.id: one for one in (await self.read()).wishes}
        if before.get(wish.id, wish) == wish:
            return
        await self._changed(lambda known: replaced(known, wish))
        self._emit(WishChanged(wish=wish))

    async def beliefs(self) -> Mapping[str, WitnessBelief]:
        async def beliefs() -> Mapping[str, WitnessBelief]:
            async with self._database.transaction() as transaction:
                return await WishRepository(transaction).beliefs(self._user_id, self._project_id)

        return await patiently(beliefs)

    async def believe(self, belief: WitnessBelief) -> None:
        async def believe() -> None:
            async with self._database.transaction() as transaction:
                await _check(transaction, self._fence)
                rows = WishRepository(transaction)
                await rows.believe(self._user_id, self._project_id, belief)

        await patiently(believe)

    async def _changed(self, change: Change) -> None:
        await patiently(
            lambda: changed(
                self._database, self._user_id, self._project_id, change, fence=self._fence
            )
        )


async def changed(
    database: Database,
    user_id: UserId,
    project_id: ProjectId,
    change: Change,
    *,
    fence: Fence | None = None,
) -> WishList:
    """Change a project's wishes, and return them as they are now. Raises ProjectNotFound, and the
    fence's error."""
    async with database.transaction() as transaction:
        if fence is not None:
            await _check(transaction, fence)
        rows = WishRepository(transaction)
        wishes = change(await rows.lock(user_id, project_id))
        await rows.save(user_id, project_id, wishes)
    return wishes


async def _check(transaction: Transaction, fence: Fence) -> None:
    if not await within(transaction)(fence.query, fence.values):
        raise fence.error


def with_wishes(known: WishList, wishes: Sequence[Wish]) -> WishList:
    """The list with other wishes in it; the numbers of all that were ever in it stay taken."""
    numbers = [int(wish.id[1:]) for wish in wishes]
    number = max([known.next_number, *(n + 1 for n in numbers)])
    ordered = tuple(sorted(wishes, key=lambda wish: int(wish.id[1:])))
    return known.model_copy(update={"wishes": ordered, "next_number": number})


def replaced(known: WishList, wish: Wish) -> WishList:
    """The list with this wish as it is now. One that was struck meanwhile stays struck."""
    wishes = [wish if one.id == wish.id else one for one in known.wishes]
    return with_wishes(known, wishes)


def reopened(wish: Wish, *, reason: str, **update: Any) -> Wish:
    """Another wording of a wish, which nothing has proven yet."""
    return wish.model_copy(
        update={
            **update,
            "state": "open",
            "reason": reason,
            "is_pinned": False,
            "broken_by": "",
            "is_expectation_changed": False,
        }
    )


def _get(known: WishList, wish_id: str) -> Wish:
    for wish in known.wishes:
        if wish.id == wish_id:
            return wish
    raise WishNotFound(wish_id)


if TYPE_CHECKING:

    def _proof(book: RunWishBook) -> WishBook:
        return book
