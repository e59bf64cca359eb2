"""The notes on a project, as one run reads and writes them."""

from dataclasses import dataclass

from stackwright.core.ids import ProjectId, UserId
from stackwright.core.postgres import patiently
from stackwright.db.engine import Database
from stackwright.db.thoughts import ThoughtRepository
from stackwright.tools.memory import MAX_NOTES_CHARS


@dataclass(frozen=True, slots=True)
class RunNotes:
    database: Database
    user_id: UserId
    project_id: ProjectId

    async def read(self) -> str:
        """Empty when there are none."""
        return (await patiently(self._read))[:MAX_NOTES_CHARS]

    async def write(self, text: str) -> None:
        await patiently(lambda: self._write(text))

    async def _read(self) -> str:
        async with self.database.transaction() as transaction:
            return await ThoughtRepository(transaction).find_note(self.user_id, self.project_id)

    async def _write(self, text: str) -> None:
        async with self.database.transaction() as transaction:
            await ThoughtRepository(transaction).add_note(self.user_id, self.project_id, text)


def with_notes(usage: str, notes: str) -> str:
    """The template's description, followed by what the agent noted in earlier runs."""
    return f"{usage}\n\n# Your notes from earlier runs\n\n{notes}" if notes else usage
