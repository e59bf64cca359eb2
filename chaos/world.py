"""Everything real that the scenarios break: PostgreSQL, sandbox engine, model server, processes.

Scenarios run in lanes, each with a database and an engine of its own, so that several can run at once.
"""

import shutil
import tempfile
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from chaos.processes import Api, Process, fork_api, fork_worker
from chaos.script import SCRIPT, SHORT_SCRIPT
from stackwright.checkpoint import tables
from stackwright.db.embedded import EmbeddedPostgres
from stackwright.db.migrate import upgrade
from stackwright.engine.config import EngineConfig
from stackwright.engine.host.supervisor import EngineEndpoint, EngineSupervisor, new_api_key
from stackwright.sandbox.endpoint import Endpoint
from stackwright.testing.scripted_model import ScriptedModel

TEMPLATE = "base"
"""Without steps, so that a sandbox starts at once, and without services, so that there is no gate."""


@dataclass(slots=True)
class Lane:
    """A platform: its processes share a database and an engine with nobody else."""

    folder: Path
    database_url: str
    engine: EngineEndpoint
    model_url: str
    extra: dict[str, Any] = field(default_factory=dict[str, Any])
    """Further settings of every process started from now on."""
    processes: list[Process] = field(default_factory=list[Process])

    @property
    def endpoint(self) -> Endpoint:
        return Endpoint(self.engine.api_key, self.engine.api_url, self.engine.sandbox_url)

    def worker(self, **settings: Any) -> Process:
        """A worker that begins to start."""
        return self._kept(fork_worker(self._settings(settings), self.folder))

    async def api(self, *, works: bool = False, **settings: Any) -> Api:
        """An API process that takes connections; if it `works`, on runs too."""
        api = self._kept(fork_api(self._settings(settings), self.folder, works=works))
        await api.listening()
        return api

    async def kill_all(self, *, but: Process | None = None) -> None:
        """Nothing of this platform runs any more, except for `but`."""
        for process in self.processes:
            if process is not but:
                await process.kill()

    def _kept(self, process: Any) -> Any:
        self.processes = [one for one in self.processes if one.is_alive]
        self.processes.append(process)
        return process

    def _settings(self, more: dict[str, Any]) -> dict[str, Any]:
        return {
            "env": "test",
            "database_url": self.database_url,
            "anthropic_api_key": "sk-chaos",
            "anthropic_base_url": self.model_url,
            "sandbox_engine": "e2b",
            "e2b_api_key": self.engine.api_key,
            "e2b_api_url": self.engine.api_url,
            "e2b_sandbox_url": self.engine.sandbox_url,
            "e2b_template_id": TEMPLATE,
            "max_sandboxes_per_user": 100,
            "max_kept_sandboxes_per_user": 10_000,
            "max_total_sandboxes": 1000,
            "stackwright_data_dir": self.folder / "data",
            "log_dir": self.folder / "log",
            **self.extra,
            **more,
        }


@dataclass(slots=True)
class World:
    """Makes lanes. `postgres` is one server for all."""

    folder: Path
    postgres: EmbeddedPostgres
    server_url: str
    model: ScriptedModel
    _stack: AsyncExitStack
    _lanes: int = 0

    @asynccontextmanager
    async def lane(self) -> AsyncGenerator[Lane]:
        """A platform with an empty, migrated database. No process runs yet."""
        self._lanes += 1
        name = f"lane_{self._lanes}"
        folder = self.folder / name
        folder.mkdir()
        url = _create_database(self.server_url, name)
        upgrade(url)
        await tables.set_up(url)
        engine = EngineSupervisor(EngineConfig(folder / "engine", new_api_key(), with_bun=False))
        lane = Lane(folder, url, await engine.start(), self.model.url)
        try:
            yield lane
        finally:
            await lane.kill_all()
            await engine.stop()


@asynccontextmanager
async def world(*, is_kept: bool = False) -> AsyncGenerator[World]:
    """Start what all lanes share; at the end nothing of it is left, unless its folder is kept."""
    folder = Path(tempfile.mkdtemp(prefix="stackwright-chaos-"))
    folder.chmod(0o755)  # run by root, PostgreSQL has an account of its own
    async with AsyncExitStack() as stack:
        if not is_kept:
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
        postgres = EmbeddedPostgres(folder / "postgres")
        stack.callback(postgres.delete)
        model = await stack.enter_async_context(ScriptedModel())
        model.load([SCRIPT, SHORT_SCRIPT])
        yield World(folder, postgres, postgres.start(), model, stack)


def _create_database(server: str, name: str) -> str:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
