"""A process that has a sandbox manager, over the engine and the database it is told of.

Reads one JSON object: what to do. `get`: print the ids of the sandboxes of the given projects.
`use`: get the sandbox, say so, and use it until the input ends. `clean`: tend until the input ends,
saying when this process takes the lead."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from fixtures.sandbox_managers import sandbox_settings
from stackwright.cache.memory import MemoryCache
from stackwright.core.errors import SandboxLimitReached
from stackwright.core.ids import ProjectId, UserId
from stackwright.core.metrics import Metrics
from stackwright.core.settings import load_settings
from stackwright.db.advisory_locks import AdvisoryLocks
from stackwright.db.engine import Database
from stackwright.projects.sandboxes import ProjectSandboxes
from stackwright.sandbox.endpoint import Endpoint
from stackwright.sandbox.http import SandboxHttp
from stackwright.sandbox.manager import SandboxManager


async def main(task: dict[str, Any]) -> None:
    settings = load_settings({"database_url": task["database"]}).database
    locks, database = AdvisoryLocks(task["database"]), Database(task["database"], settings)
    async with SandboxHttp() as http:
        manager = SandboxManager(
            sandbox_settings(Path(task["folder"]), **task["limits"]),
            Endpoint(**task["endpoint"]),
            cache=MemoryCache(),
            http=http,
            registry=ProjectSandboxes(database, locks),
            metrics=Metrics(),
        )
        user, projects = UserId(task["user"]), [ProjectId(each) for each in task["projects"]]
        match task["do"]:
            case "get":
                say(await asyncio.gather(*(got(manager, user, each) for each in projects)))
            case "use":
                async with manager.in_use(user, projects[0]) as sandbox:
                    say(sandbox.id)
                    await asyncio.to_thread(sys.stdin.read)
            case _:
                await lead(manager)
    await locks.aclose()
    await database.close()


async def got(manager: SandboxManager, user: UserId, project: ProjectId) -> str:
    try:
        return (await manager.get(user, project)).id
    except SandboxLimitReached as error:
        return error.code


async def lead(manager: SandboxManager) -> None:
    while True:
        await manager.tend()
        if (await manager.counts())["cleans_up"]:
            break
        await asyncio.sleep(0.05)
    say("leads")
    await asyncio.to_thread(sys.stdin.read)


def say(what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


asyncio.run(main(json.loads(sys.stdin.readline())))
