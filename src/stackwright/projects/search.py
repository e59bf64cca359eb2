"""Finding a text in the files of a project. Plain text, line by line, within limits."""

import asyncio
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from stackwright.core.ids import ProjectId, UserId
from stackwright.db.engine import Database, within
from stackwright.db.file_contents import FileContentRepository
from stackwright.db.projects import ProjectRepository
from stackwright.projects.portions import portions
from stackwright.tools.editing.text import is_binary, readable

MAX_HITS = 300
MAX_HITS_PER_FILE = 50
MAX_FILE_BYTES = 1_000_000
MAX_READ_BYTES = 40_000_000
MAX_LINE_CHARS = 300
LIMIT_S = 3.0
SKIPPED_NAMES = frozenset({"bun.lock", "package-lock.json"})


@dataclass(frozen=True, slots=True)
class Hit:
    """`line` counts from 1; `column` from 0, in `text`."""

    path: str
    line: int
    column: int
    text: str


@dataclass(slots=True)
class Found:
    hits: list[Hit] = field(default_factory=list[Hit])
    is_complete: bool = True
    """Whether all files were looked at, and all hits are told."""


class FileSearch:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(
        self, user_id: UserId, project_id: ProjectId, text: str, *, match_case: bool
    ) -> Found:
        """Hits in order of path. Raises ProjectNotFound."""
        async with self._database.transaction() as transaction:
            await ProjectRepository(transaction).get_owned(project_id, user_id)
            contents = FileContentRepository(within(transaction))
            _, known = await contents.look(user_id, project_id)
            sizes = {f.path: f.size_bytes for f in known.values() if f.sha256 is not None}
            wanted, is_all = _worth_reading(sizes)
            found = Found(is_complete=is_all)
            ends_at = time.monotonic() + LIMIT_S
            for paths in portions({path: sizes[path] for path in wanted}):
                if len(found.hits) >= MAX_HITS or time.monotonic() > ends_at:
                    found.is_complete = False
                    break
                some = await contents.read_many(user_id, project_id, paths)
                await asyncio.to_thread(_search, some, text, found, match_case=match_case)
        return found


def _worth_reading(sizes: Mapping[str, int]) -> tuple[list[str], bool]:
    """Paths in order, and whether they are all that may hold the text."""
    wanted: list[str] = []
    room = MAX_READ_BYTES
    for path in sorted(sizes):
        if path.rpartition("/")[2] in SKIPPED_NAMES or sizes[path] > MAX_FILE_BYTES:
            continue
        room -= sizes[path]
        if room < 0:
            return wanted, False
        wanted.append(path)
    return wanted, True


def _search(files: Mapping[str, bytes], text: str, found: Found, *, match_case: bool) -> None:
    for path in sorted(files):
        if is_binary(files[path]):
            continue
        for number, hit in enumerate(_hits(path, files[path], text, match_case=match_case)):
            if number >= MAX_HITS_PER_FILE or len(found.hits) >= MAX_HITS:
                found.is_complete = False
                break
            found.hits.append(hit)


def _hits(path: str, content: bytes, text: str, *, match_case: bool) -> Iterable[Hit]:
    """A hit for each line that has the text."""
    wanted = text if match_case else text.casefold()
    whole = readable(content)
    if wanted not in (whole if match_case else whole.casefold()):
        return
    for number, line in enumerate(whole.splitlines(), 1):
        column = (line if match_case else line.casefold()).find(wanted)
        if column >= 0:
            start = max(0, column - MAX_LINE_CHARS // 3)
            yield Hit(path, number, column - start, line[start : start + MAX_LINE_CHARS])
