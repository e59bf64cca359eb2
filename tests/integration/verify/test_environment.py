"""The proof environment over a real application: what it runs, what it leaves alone, how it ends."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import orjson
import pytest
import pytest_asyncio

from fixtures.gate_world import World
from stackwright.verify import environment as settings
from stackwright.verify.check import BACKEND
from stackwright.verify.environment import (
    PORTS,
    REPLICA_PORTS,
    EnvironmentFailed,
    ProofEnvironment,
)
from stackwright.verify.environment_scripts.faults import Fault
from stackwright.verify.environment_scripts.guarded import REFUSED

pytestmark = [
    pytest.mark.integration,
    pytest.mark.timeout(300),
    pytest.mark.asyncio(loop_scope="module"),
]

CONFIG = "frontend/next.config.ts"
MAIN = "backend/main.py"
APP = "app: FastAPI ="
PAGE = "frontend/pages/tasks/index.tsx"
PROXY, REPLICA = PORTS["proxy"], REPLICA_PORTS["proxy"]


@pytest_asyncio.fixture(loop_scope="module")
async def environment(todo: World) -> AsyncIterator[ProofEnvironment]:
    await todo.services.ensure_all()
    proof = ProofEnvironment(todo.sandbox, marks={"STACKWRIGHT_RUN": "second"})
    yield proof
    await proof.aclose()
    assert await left_over(todo) == ""


async def left_over(world: World) -> str:
    """What runs of a proof, and its databases."""
    script = (
        "grep -lz '^MONGODB_DB=proof_' /proc/[0-9]*/environ 2>/dev/null; "
        "ls -l /proc/[0-9]*/cwd 2>/dev/null | grep '[.]proof'; "
        'python -c "import pymongo; '
        "print(*[n for n in pymongo.MongoClient().list_database_names() if n.startswith('proof_')])\""
    )
    ran = await world.sandbox.run(script, cwd="/", timeout_s=20)
    return ran.stdout.strip()


async def ask(
    world: World, method: str, path: str, body: object = None, *, port: int = PROXY
) -> tuple[int, object]:
    answer = await world.sandbox.request(
        port,
        method,
        path,
        headers={"content-type": "application/json"},
        body=None if body is None else orjson.dumps(body),
    )
    return answer.status, orjson.loads(answer.body) if answer.body else None


async def total(world: World, path: str = "/api/tasks", *, port: int = PROXY) -> int:
    status, answer = await ask(world, "GET", path, port=port)
    assert status == 200
    assert isinstance(answer, dict)
    return answer["total"]


async def title(world: World, port: int) -> str:
    """How the backend at this port calls itself."""
    answer = await world.sandbox.request(port, "GET", "/api/openapi.json")
    return orjson.loads(answer.body)["info"]["title"]


async def test_the_built_app_answers_and_the_persons_data_is_left_alone(
    todo: World, environment: ProofEnvironment
) -> None:
    await environment.start()
    assert (await ask(todo, "POST", "/api/tasks", {"title": "Milk"}))[0] == 201
    assert await total(todo) == 1
    assert await environment.holdings() == {"tasks": 1}
    assert b'"total":0' in await todo.api("/api/tasks")
    page = await todo.sandbox.request(PROXY, "GET", "/tasks")
    assert (page.status, b"/_next/static/" in page.body) == (200, True)
    await environment.reset()
    assert await total(todo) == 0


async def test_it_starts_once_and_anew_when_the_sources_changed(
    todo: World, environment: ProofEnvironment
) -> None:
    await environment.start()
    await ask(todo, "POST", "/api/tasks", {"title": "Milk"})
    await environment.start()
    assert await total(todo) == 1
    async with todo.edited(MAIN, APP, f"EDITED = 1\n{APP}"):
        await environment.start()
        assert await total(todo) == 0


async def test_faults_are_played_to_all_but_who_sets_the_stage(
    todo: World, environment: ProofEnvironment
) -> None:
    await environment.start()
    await environment.set_fault(Fault.WRITES_REFUSED)
    assert (await ask(todo, "POST", "/api/tasks", {"title": "Milk"}))[0] == 503
    staged = await todo.sandbox.request(
        PROXY,
        "POST",
        "/api/tasks",
        headers={"content-type": "application/json", "x-proof-setup": "1"},
        body=b'{"title": "Staged"}',
    )
    assert staged.status == 201
    await environment.set_fault(Fault.WRITES_SWALLOWED)
    status, made = await ask(todo, "POST", "/api/tasks", {"title": "Milk"})
    assert isinstance(made, dict)
    assert (status, made["title"]) == (201, "Milk")
    assert await total(todo) == 1
    await environment.set_fault(Fault.QUERIES_IGNORED)
    assert await total(todo, "/api/tasks?q=nothing-has-this") == 1
    await environment.set_fault(Fault.READS_REFUSED)
    assert (await ask(todo, "GET", "/api/tasks"))[0] == 503
    await environment.set_fault(Fault.NONE)
    assert await total(todo, "/api/tasks?q=nothing-has-this") == 0
    seen = (await environment.state())["seen"]
    assert seen["none"]["reads"] >= 1
    assert seen["writes_swallowed"]["writes"] == 1


async def test_only_the_proof_may_empty_the_database(
    todo: World, environment: ProofEnvironment
) -> None:
    await environment.start()
    assert (await ask(todo, "POST", "/__proof/reset"))[0] == 403


async def test_the_replica_has_records_and_faults_of_its_own(
    todo: World, environment: ProofEnvironment
) -> None:
    await environment.start()
    assert await environment.start_replica()
    assert (await ask(todo, "POST", "/api/tasks", {"title": "Milk"}, port=REPLICA))[0] == 201
    assert await total(todo, port=REPLICA) == 1
    assert await total(todo) == 0
    await environment.set_fault(Fault.READS_REFUSED)
    assert (await ask(todo, "GET", "/api/tasks"))[0] == 503
    assert await total(todo, port=REPLICA) == 1
    await environment.set_fault(Fault.NONE)
    assert environment.replica.database != environment.app.database


async def test_the_version_of_an_earlier_run_is_kept_and_started_as_the_replica(
    todo: World, environment: ProofEnvironment
) -> None:
    first = ProofEnvironment(todo.sandbox, marks={"STACKWRIGHT_RUN": "first"})
    await first.start()
    try:
        before = await title(todo, PORTS["backend"])
        await first.keep_version()
        assert not await first.start_replica(is_last=True)
    finally:
        await first.aclose()
    async with todo.edited(MAIN, 'title="', 'title="New '):
        await environment.start()
        assert await environment.start_replica(is_last=True)
        assert await title(todo, REPLICA_PORTS["backend"]) == before
        # its page asks its own backend, although the port is fixed when it is built
        assert await total(todo, port=REPLICA) == 0
        await ask(todo, "POST", "/api/tasks", {"title": "Milk"}, port=REPLICA)
        assert await total(todo) == 0
        assert await environment.start_replica()
        assert await title(todo, REPLICA_PORTS["backend"]) == f"New {before}"
        assert await total(todo, port=REPLICA) == 0


async def test_a_build_that_fails_is_told_with_its_end(
    todo: World, environment: ProofEnvironment
) -> None:
    async with todo.edited(PAGE, "export default", "import 'no-such-package';\nexport default"):
        with pytest.raises(EnvironmentFailed, match="production build failed") as failure:
            await environment.start()
    assert "no-such-package" in str(failure.value)
    assert "\x1b" not in str(failure.value)


async def test_a_build_that_never_ends_fails_within_its_time(
    todo: World, environment: ProofEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "BUILD_LIMIT_S", 2.0)
    fault = (
        "(require('child_process') as any).spawn('setsid', ['sleep', '1000'], {detached: true});"
    )
    async with todo.edited(CONFIG, "export default config", f"{fault} while (true);"):
        with pytest.raises(EnvironmentFailed, match="did not end within 2 s"):
            await environment.start()
    assert await left_over(todo) == ""


async def test_a_backend_that_ends_at_its_start_is_told_with_what_it_said(
    todo: World, environment: ProofEnvironment
) -> None:
    async with todo.edited(
        MAIN, APP, f"import os; print('out of milk', flush=True); os._exit(3)\n{APP}"
    ):
        with pytest.raises(EnvironmentFailed, match=r"ends at its start(.|\n)*out of milk"):
            await environment.start()


async def test_a_server_that_ignores_the_wish_to_end_and_hides_its_children_is_ended(
    todo: World, environment: ProofEnvironment
) -> None:
    stubborn = (
        "import signal, subprocess\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "subprocess.Popen(['env', '-i', '/bin/bash', '-c', 'trap \"\" TERM; (setsid sleep 999 &); sleep 999'],"
        " start_new_session=True)\n"
    )
    async with todo.edited(MAIN, APP, stubborn + APP):
        await environment.start()
        async with asyncio.timeout(20):
            await environment.aclose()
    ran = await todo.sandbox.run("pgrep -fx 'sleep 999'", cwd="/", timeout_s=10)
    assert ran.stdout == ""


async def test_a_fork_bomb_is_ended(todo: World, environment: ProofEnvironment) -> None:
    bomb = "import os\nwhile True:\n    os.fork()\n"
    async with todo.edited(MAIN, APP, bomb + APP):
        with pytest.raises(EnvironmentFailed, match="processes without end"):
            await environment.start()
    assert await left_over(todo) == ""
    assert (await todo.sandbox.run("echo alive", cwd="/", timeout_s=10)).stdout == "alive\n"


@asynccontextmanager
async def rewriting_to(todo: World, address: str) -> AsyncIterator[None]:
    async with todo.edited(CONFIG, "`${backend}/api/:path*`", f'"{address}/api/:path*"'):
        yield


async def test_an_app_that_would_reach_the_persons_backend_is_refused(
    todo: World, environment: ProofEnvironment
) -> None:
    async with rewriting_to(todo, "http://localhost:8000"):
        with pytest.raises(EnvironmentFailed, match="whatever BACKEND_URL says"):
            await environment.start()


async def test_an_app_that_would_reach_the_persons_database_is_refused(
    todo: World, environment: ProofEnvironment
) -> None:
    before = await todo.api("/api/tasks")
    fixed = todo.edited("backend/database.py", "client[settings.mongodb_db]", 'client["app"]')
    async with fixed:
        with pytest.raises(EnvironmentFailed, match="asks for 'app' at the database server"):
            await environment.start()
        tests = await environment.run_guarded(
            "python -m pytest tests -q -x", cwd=BACKEND, timeout_s=110
        )
        assert tests.exit_code == REFUSED
        assert "asks for 'app' at the database server" in tests.stdout
    await todo.services.ensure_all()
    assert await todo.api("/api/tasks") == before


async def test_a_supervisor_that_was_killed_leaves_nothing_to_the_next_one(
    todo: World, environment: ProofEnvironment
) -> None:
    await environment.start()
    await todo.sandbox.run("kill -KILL $(cut -d' ' -f1 ~/.proof-kit/pid)", cwd="/", timeout_s=10)
    await environment.start()
    assert await total(todo) == 0


async def test_nobody_else_answers_on_the_ports_of_the_proof(
    todo: World, environment: ProofEnvironment
) -> None:
    await environment.start()
    await environment.aclose()
    for port in (PROXY, PORTS["frontend"], PORTS["backend"], REPLICA):
        assert (await todo.sandbox.request(port, "GET", "/")).status == 502
