"""Wishes are kept with the project: fenced by the lease, in its versions, gone with it."""

import pytest

from stackwright.core.errors import PlatformError
from stackwright.core.ids import ProjectId, UserId, new_id
from stackwright.core.wishes import Wish, WitnessBelief
from stackwright.db.engine import Database
from stackwright.db.notifications import RunNotifications
from stackwright.db.run_records import Lease, LeaseLost
from stackwright.projects.restore_points import RestorePoints
from stackwright.projects.service import ProjectService
from stackwright.projects.wishes import RunWishBook, TooManyWishes, WishNotFound, WishService
from stackwright.runs.service import RunService

pytestmark = pytest.mark.integration

USER = UserId("ann")
LIST = Wish(id="w1", text="There is a list", kind="data", quotes=("a list",))
CHART = Wish(id="w2", text="There is a chart", kind="look", quotes=("a chart",))


class Owner:
    """Somebody's project with a run under way."""

    def __init__(self, database: Database, runs: RunService, lease: Lease) -> None:
        self.wishes = WishService(database)
        self.points = RestorePoints(database)
        self.projects = ProjectService(database)
        self.runs = runs
        self.lease = lease
        self.project = lease.project_id
        self.book = RunWishBook(database, lease, lambda _: None)

    async def texts(self) -> list[str]:
        return [w.text for w in (await self.wishes.list_of(USER, self.project)).wishes]


@pytest.fixture
async def owner(database: Database, signals: RunNotifications) -> Owner:
    runs = RunService(database, signals)
    accepted = await runs.accept(user_id=USER, project_id=ProjectId(new_id()), message="go")
    claimed = await runs.claim(accepted.run_id, worker="w")
    assert claimed is not None
    return Owner(database, runs, claimed.lease)


async def test_who_lost_the_run_changes_no_wish(owner: Owner) -> None:
    await owner.book.set([LIST], [])
    await owner.runs.hand_over(owner.lease)
    with pytest.raises(LeaseLost):
        await owner.book.set([CHART], [])
    with pytest.raises(LeaseLost):
        await owner.book.change(LIST.model_copy(update={"state": "proven"}))
    with pytest.raises(LeaseLost):
        await owner.book.believe(WitnessBelief(sha256="a", is_believed=True))
    assert await owner.texts() == ["There is a list"]


async def test_going_back_to_a_version_brings_its_wishes_back_and_no_number_twice(
    owner: Owner,
) -> None:
    lease = owner.lease
    await owner.book.set([LIST], ["else"])
    await owner.points.create(USER, owner.project, lease.run_id, title="one", status="verified")
    await owner.book.set([CHART], [])
    await owner.runs.hand_over(lease)
    await owner.points.restore(USER, owner.project, 1)
    assert await owner.texts() == ["There is a list"]
    added = await owner.wishes.add(USER, owner.project, text="A map", kind="look")
    assert added.id == "w3"
    await owner.points.restore(USER, owner.project, 3)
    assert await owner.texts() == ["There is a list"]


async def test_wishes_changed_by_hand_are_kept_when_somebody_goes_back(owner: Owner) -> None:
    await owner.book.set([LIST], [])
    run = owner.lease.run_id
    await owner.points.create(USER, owner.project, run, title="one", status="verified")
    await owner.runs.hand_over(owner.lease)
    await owner.wishes.add(USER, owner.project, text="A map", kind="look")
    made = await owner.points.restore(USER, owner.project, 1)
    assert await owner.texts() == ["There is a list"]
    await owner.points.restore(USER, owner.project, made.version - 1)
    assert await owner.texts() == ["There is a list", "A map"]
    again = await owner.points.restore(USER, owner.project, 1)
    assert again.version == made.version + 2


async def test_a_reworded_wish_is_open_until_a_new_witness_proves_it(owner: Owner) -> None:
    proven = LIST.model_copy(update={"state": "proven", "is_pinned": True, "broken_by": "r"})
    await owner.book.set([proven], [])
    await owner.book.believe(WitnessBelief(sha256="a", is_believed=True))
    same = await owner.wishes.edit(USER, owner.project, "w1", text=LIST.text)
    assert same.state == "proven"
    edited = await owner.wishes.edit(USER, owner.project, "w1", text="There is a long list")
    assert (edited.state, edited.is_pinned, edited.broken_by) == ("open", False, "")
    assert await owner.book.beliefs() == {}


async def test_the_person_agrees_to_a_changed_expectation(owner: Owner) -> None:
    await owner.book.set([LIST.model_copy(update={"is_expectation_changed": True})], [])
    agreed = await owner.wishes.agree(USER, owner.project, "w1")
    assert not agreed.is_expectation_changed


async def test_a_struck_wish_is_gone(owner: Owner) -> None:
    await owner.book.set([LIST, CHART], [])
    await owner.wishes.strike(USER, owner.project, "w1")
    assert await owner.texts() == ["There is a chart"]
    for strange in ("w1", "w99", "x" * 1000):
        with pytest.raises(WishNotFound):
            await owner.wishes.strike(USER, owner.project, strange)


async def test_a_project_keeps_a_bounded_number_of_wishes(owner: Owner) -> None:
    await owner.book.set([LIST.model_copy(update={"id": f"w{n}"}) for n in range(1, 301)], [])
    with pytest.raises(TooManyWishes):
        await owner.wishes.add(USER, owner.project, text="one more", kind="look")


async def test_a_deleted_project_can_be_brought_back_and_later_leaves_nothing(
    owner: Owner, database: Database
) -> None:
    await owner.book.set([LIST], [])
    await owner.book.believe(WitnessBelief(sha256="a", is_believed=True))
    await owner.projects.delete(USER, owner.project)
    with pytest.raises(PlatformError):
        await owner.wishes.list_of(USER, owner.project)
    await owner.projects.remove_deleted()
    await owner.projects.undelete(USER, owner.project)
    assert await owner.texts() == [LIST.text]
    await owner.projects.delete(USER, owner.project)
    mine = {"project": owner.project}
    too_late = (
        "UPDATE projects SET deleted_at = now() - interval '11 minutes' WHERE id = %(project)s"
    )
    await database.fetch(too_late, mine)
    assert owner.project in [one.id for one in await owner.projects.remove_deleted()]
    with pytest.raises(PlatformError):
        await owner.projects.undelete(USER, owner.project)
    for table in ("project_wishes", "witness_beliefs"):
        kept = await database.fetch(f"SELECT 1 FROM {table} WHERE project_id = %(project)s", mine)
        assert kept == []
