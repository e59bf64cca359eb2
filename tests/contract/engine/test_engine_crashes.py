"""The engine is killed at every point of a life of sandboxes; the next engine finds all or nothing."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from connectrpc.errors import ConnectError
from e2b import AsyncSandbox, SandboxException, SandboxInfo, SandboxQuery

from fixtures import engine_that_dies
from fixtures.engine_process import EngineProcess, start_engine

pytestmark = pytest.mark.integration

LANES = 2
LEAST_POINTS = 30


@dataclass
class Known:
    """What was acknowledged (`sure`) and what was being done when the engine died (`maybe`).
    A sandbox is its name and the content of its file; a snapshot is its name alone."""

    sure: dict[str, str] = field(default_factory=dict[str, str])
    maybe: dict[str, set[str | None]] = field(default_factory=dict[str, set[str | None]])

    def allowed(self, name: str) -> set[str | None]:
        return {self.sure.get(name)} | self.maybe.get(name, set())

    @contextlib.contextmanager
    def becoming(self, name: str, value: str | None) -> Generator[None]:
        self.maybe = {name: {value}}
        yield
        self.maybe = {}
        if value is None:
            del self.sure[name]
        else:
            self.sure[name] = value


def options(engine: EngineProcess) -> dict[str, Any]:
    return engine.options | {"retries": 0}


async def create(engine: EngineProcess, name: str, template: str = "base") -> AsyncSandbox:
    return await AsyncSandbox.create(
        template, timeout=600, metadata={"name": name}, **options(engine)
    )


async def live(engine: EngineProcess, known: Known) -> None:
    """Everything that changes what is on disk, in one life."""
    with known.becoming("a", ""):
        a = await create(engine, "a")
    with known.becoming("a", "1"):
        await a.files.write("state", "1")
    for keeps_memory in (True, False):
        await a.pause(keep_memory=keeps_memory)
        await a.connect(timeout=600)
    with known.becoming("kept", "snapshot"):
        await a.create_snapshot(name="kept")
    with known.becoming("a", "2"):
        await a.files.write("state", "2")
    with known.becoming("b", "1"):
        b = await create(engine, "b", "kept")
    with known.becoming("c", ""):
        await create(engine, "c")
    with known.becoming("kept", None):
        await AsyncSandbox.delete_snapshot("kept", **options(engine))
    for name, sandbox in (("a", a), ("b", b)):
        with known.becoming(name, None):
            await sandbox.kill()


async def listed(engine: EngineProcess) -> list[SandboxInfo]:
    return await AsyncSandbox.list(SandboxQuery(), **options(engine)).next_items()


async def check_and_clear(engine: EngineProcess, known: Known) -> None:
    """What the engine lists is what was acknowledged, or one step further; nothing else is left."""
    found: dict[str, str] = {}
    for info in await listed(engine):
        sandbox = await AsyncSandbox.connect(info.sandbox_id, timeout=600, **options(engine))
        content = await sandbox.commands.run("cat state 2>/dev/null; true")
        found[info.metadata["name"]] = content.stdout
        await sandbox.kill()
    for snapshot in await AsyncSandbox.list_snapshots(**options(engine)).next_items():
        found["kept"] = "snapshot"
        copy = await AsyncSandbox.create(snapshot.snapshot_id, **options(engine))
        assert await copy.files.read("state") == "1"
        await copy.kill()
        await AsyncSandbox.delete_snapshot(snapshot.snapshot_id, **options(engine))
    for name in ("a", "b", "c", "kept"):
        assert found.get(name) in known.allowed(name), (name, found, known)
    for folder in ("sandboxes", "snapshots"):
        assert list((engine.data_dir / folder).iterdir()) == [], folder


async def vanished(pid: int) -> None:
    """No process holds a socket of that engine any more."""
    async with asyncio.timeout(30):
        while f"stackwright-engine-{pid}-" in Path("/proc/net/unix").read_text():  # noqa: ASYNC110, ASYNC240
            await asyncio.sleep(0.01)


@contextlib.asynccontextmanager
async def running(data_dir: Path, **config: Any) -> AsyncGenerator[EngineProcess]:
    engine = await asyncio.to_thread(start_engine, data_dir, **config)
    try:
        yield engine
    finally:
        await asyncio.to_thread(engine.stop)


def dying(log: Path, kill_at: int) -> tuple[str, ...]:
    """The command that starts an engine which dies at this point."""
    return (sys.executable, engine_that_dies.__file__, str(log), str(kill_at))


async def find_points(folder: Path) -> list[int]:
    """The first of each kind: a point's kind is its name and what was reached before it."""
    log = folder / "points"
    async with running(folder / "count", prefix=dying(log, 0), warm_pool=1) as engine:
        await live(engine, Known())
    names = [line.split(" ", 1)[1] for line in log.read_text().splitlines()]
    kinds = list(zip(["", *names], names, strict=False))
    return sorted({kind: number for number, kind in reversed(list(enumerate(kinds, 1)))}.values())


async def die_at(point: int, data_dir: Path) -> None:
    known = Known()
    log = data_dir.with_suffix(".points")
    async with running(data_dir, prefix=dying(log, point), warm_pool=1) as engine:
        with contextlib.suppress(SandboxException, httpx.HTTPError, ConnectError):
            await live(engine, known)
    # one sandbox is booted ahead or just in time, which are different numbers of points
    if engine.process.returncode == -signal.SIGKILL:
        await vanished(engine.process.pid)
    async with running(data_dir) as engine:
        await check_and_clear(engine, known)
    assert list((data_dir / "starting").iterdir()) == []


@pytest.mark.timeout(400)
async def test_an_engine_killed_anywhere_leaves_the_old_or_the_new_state(tmp_path: Path) -> None:
    points = await find_points(tmp_path)
    assert len(points) >= LEAST_POINTS

    async def kill_often(lane: int) -> None:
        for point in points[lane::LANES]:
            try:
                await die_at(point, tmp_path / str(lane))
            except BaseException as error:
                error.add_note(f"point {point}")
                raise

    async with asyncio.TaskGroup() as group:
        for lane in range(LANES):
            group.create_task(kill_often(lane))
