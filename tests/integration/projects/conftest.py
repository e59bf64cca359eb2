from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fixtures.workspace_bench import USER, Make
from stackwright.core.ids import ProjectId, new_id
from stackwright.db.engine import Database
from stackwright.projects.service import ProjectService
from stackwright.testing.memory_sandbox import MemorySandbox


@pytest.fixture
async def make_sandbox(tmp_path: Path) -> AsyncIterator[Make]:
    made: list[MemorySandbox] = []

    def make() -> MemorySandbox:
        made.append(MemorySandbox(tmp_path))
        return made[-1]

    yield make
    for sandbox in made:
        await sandbox.end()


@pytest.fixture
async def project(database: Database) -> ProjectId:
    created = await ProjectService(database).create(USER, ProjectId(new_id()), name="shop")
    return created.id
