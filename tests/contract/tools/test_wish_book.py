"""What every wish book promises a run, in memory and in the database."""

from collections.abc import AsyncIterator, Callable

import pytest

from stackwright.core.events import Event, WishChanged, WishesSet
from stackwright.core.ids import ProjectId, UserId, new_id
from stackwright.core.wishes import Wish, WitnessBelief
from stackwright.db.engine import Database
from stackwright.db.notifications import RunNotifications
from stackwright.projects.wishes import RunWishBook, changed, with_wishes
from stackwright.runs.service import RunService
from stackwright.testing.memory_wishes import MemoryWishBook
from stackwright.tools.base import Emit, WishBook

pytestmark = pytest.mark.integration

USER = UserId("ann")
OLD = Wish(id="w1", text="There is a list", kind="data", quotes=("a list",), run_id="r0",
           state="proven", is_pinned=True)  # fmt: skip


def wish(number: int, text: str = "x") -> Wish:
    return Wish(id=f"w{number}", text=text, kind="data", quotes=(text,))


@pytest.fixture(params=["memory", "database"])
async def make(
    request: pytest.FixtureRequest, database: Database, signals: RunNotifications
) -> AsyncIterator[Callable[[Emit], WishBook]]:
    """Makes the book of a run, in a project that has one wish of an earlier run."""
    if request.param == "memory":
        yield lambda emit: MemoryWishBook(run_id="r1", emit=emit, wishes=[OLD])
        return
    runs, project = RunService(database, signals), ProjectId(new_id())
    accepted = await runs.accept(user_id=USER, project_id=project, message="go")
    claimed = await runs.claim(accepted.run_id, worker="w")
    assert claimed is not None
    await changed(database, USER, project, lambda known: with_wishes(known, [OLD]))
    yield lambda emit: RunWishBook(database, claimed.lease, emit)
    await runs.hand_over(claimed.lease)


Make = Callable[[Emit], WishBook]


async def test_a_run_replaces_its_own_wishes_and_no_others(make: Make) -> None:
    events: list[Event] = []
    book = make(events.append)
    await book.set([wish(2, "one"), wish(3, "two")], ["three"])
    await book.set([wish(3, "two")], [])
    known = await book.read()
    assert [(w.id, w.text) for w in known.wishes] == [("w1", "There is a list"), ("w3", "two")]
    assert known.not_understood == ()
    assert [(len(e.wishes), e.not_understood) for e in events if isinstance(e, WishesSet)] == [
        (2, ("three",)),
        (1, ()),
    ]


async def test_numbers_are_not_given_twice(make: Make) -> None:
    book = make(lambda _: None)
    assert (await book.read()).next_number == 2
    await book.set([wish(2), wish(3)], [])
    await book.set([], [])
    assert (await book.read()).next_number == 4


async def test_a_change_is_told_when_it_changes_something(make: Make) -> None:
    events: list[Event] = []
    book = make(events.append)
    failing = OLD.model_copy(update={"state": "failing", "reason": "404"})
    await book.change(failing)
    await book.change(failing)
    assert (await book.read()).wishes == (failing,)
    assert events == [WishChanged(wish=failing)]


async def test_a_wish_that_was_struck_stays_struck(make: Make) -> None:
    events: list[Event] = []
    book = make(events.append)
    await book.change(wish(9))
    assert (await book.read()).wishes == (OLD,)
    assert events == []


async def test_what_is_believed_of_a_witness_is_kept_by_its_hash(make: Make) -> None:
    book = make(lambda _: None)
    first = WitnessBelief(sha256="a" * 64, is_believed=False, reason="It cannot fail.")
    other = WitnessBelief(sha256="b" * 64, is_believed=True)
    for belief in (first, other, other):
        await book.believe(belief)
    assert dict(await book.beliefs()) == {first.sha256: first, other.sha256: other}
