import pytest

from stackwright.core.ids import ProjectId, UserId, new_id
from stackwright.db.engine import Database
from stackwright.db.thoughts import KEPT_NOTES
from stackwright.projects.notes import RunNotes, with_notes
from stackwright.projects.service import ProjectService

pytestmark = pytest.mark.integration


@pytest.fixture
async def notes(database: Database) -> RunNotes:
    user, project = UserId(new_id()), ProjectId(new_id())
    await ProjectService(database).create(user, project, name="Shop")
    return RunNotes(database, user, project)


async def test_the_newest_notes_are_read_again(notes: RunNotes) -> None:
    assert await notes.read() == ""
    await notes.write("Prices are in euro.")
    await notes.write("Prices are in yen, \ud800 too.".encode("utf-8", "replace").decode())
    assert await notes.read() == "Prices are in yen, ? too."
    await notes.write("")
    assert await notes.read() == ""


async def test_only_a_few_are_kept(notes: RunNotes, database: Database) -> None:
    for number in range(KEPT_NOTES + 3):
        await notes.write(f"Note {number}")
    rows = await database.fetch(
        "SELECT content FROM project_thoughts WHERE project_id = %(project)s ORDER BY id DESC",
        {"project": notes.project_id},
    )
    assert len(rows) == KEPT_NOTES
    assert await notes.read() == f"Note {KEPT_NOTES + 2}"


async def test_another_user_neither_reads_nor_writes_them(
    notes: RunNotes, database: Database
) -> None:
    await notes.write("Mine.")
    other = RunNotes(database, UserId(new_id()), notes.project_id)
    assert await other.read() == ""
    await other.write("Not yours.")
    assert await notes.read() == "Mine."


def test_a_run_is_told_the_notes_after_the_template() -> None:
    assert with_notes("The template.", "") == "The template."
    assert with_notes("The template.", "Blue.").endswith("Your notes from earlier runs:\n\n> Blue.")
