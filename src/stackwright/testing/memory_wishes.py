"""Wishes in memory: the wish book of tests and of tools without a database."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from stackwright.core.events import WishChanged, WishesSet
from stackwright.core.wishes import Wish, WishList, WitnessBelief
from stackwright.tools.base import Emit, WishBook


class MemoryWishBook:
    """Keeps what one run and the runs before it wished for."""

    def __init__(self, *, run_id: str, emit: Emit, wishes: Sequence[Wish] = ()) -> None:
        self._run_id = run_id
        self._emit = emit
        self._wishes = {wish.id: wish for wish in wishes}
        self._not_understood: tuple[str, ...] = ()
        self._number = max((1, *_following(wishes)))
        self._beliefs: dict[str, WitnessBelief] = {}

    async def read(self) -> WishList:
        return WishList(
            wishes=tuple(self._wishes.values()),
            not_understood=self._not_understood,
            next_number=self._number,
        )

    async def set(self, wishes: Sequence[Wish], not_understood: Sequence[str]) -> None:
        earlier = {k: w for k, w in self._wishes.items() if w.run_id != self._run_id}
        mine = {wish.id: wish.model_copy(update={"run_id": self._run_id}) for wish in wishes}
        self._wishes = earlier | mine
        self._not_understood = tuple(not_understood)
        self._number = max((self._number, *_following(wishes)))
        self._emit(WishesSet(wishes=tuple(mine.values()), not_understood=self._not_understood))

    async def change(self, wish: Wish) -> None:
        if self._wishes.get(wish.id, wish) != wish:
            self._wishes[wish.id] = wish
            self._emit(WishChanged(wish=wish))

    async def beliefs(self) -> Mapping[str, WitnessBelief]:
        return dict(self._beliefs)

    async def believe(self, belief: WitnessBelief) -> None:
        self._beliefs[belief.sha256] = belief


def _following(wishes: Sequence[Wish]) -> list[int]:
    return [int(wish.id[1:]) + 1 for wish in wishes]


if TYPE_CHECKING:

    def _proof(book: MemoryWishBook) -> WishBook:
        return book
