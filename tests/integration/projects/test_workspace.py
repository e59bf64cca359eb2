import asyncio
import io
import zipfile

import pytest

from fixtures.faulty_engine import watched_sandbox
from fixtures.workspace_bench import USER, Bench, Make, in_sandbox, put
from stackwright.core.errors import InvalidPath
from stackwright.core.ids import ProjectId, RunId
from stackwright.db.engine import Database
from stackwright.db.notifications import RunNotifications
from stackwright.projects.restore_points import RestorePoints
from stackwright.projects.service import ProjectService
from stackwright.runs.service import RunService
from stackwright.sandbox.base import SandboxGone
from stackwright.sandbox.endpoint import Endpoint
from stackwright.sandbox.http import SandboxHttp

pytestmark = pytest.mark.integration


async def test_a_projects_first_sandbox_gives_it_its_files_and_tells_nobody(
    database: Database, project: ProjectId, make_sandbox: Make
) -> None:
    bench = Bench(database, project, make_sandbox())
    await put(bench.sandbox, **{"app/main.py": b"x", "node_modules/a/i.js": b"y"})
    assert await bench.files.lay_out(bench.sandbox) == ["app/main.py"]
    assert await bench.contents() == {"app/main.py": b"x"}
    assert bench.events == []


async def test_an_applied_change_is_durable_in_the_sandbox_and_told(
    database: Database, project: ProjectId, make_sandbox: Make
) -> None:
    bench = Bench(database, project, make_sandbox())
    await bench.files.lay_out(bench.sandbox)
    assert await bench.files.apply({"a.txt": b"1\n2\n", "b/c.txt": b"\0\xff"}) == [
        "a.txt",
        "b/c.txt",
    ]
    assert await bench.files.apply({"a.txt": b"1\n3\n4\n", "b/c.txt": None}) == ["a.txt", "b/c.txt"]
    assert await bench.files.apply({"a.txt": b"1\n3\n4\n"}) == []
    assert await bench.contents() == await in_sandbox(bench.sandbox) == {"a.txt": b"1\n3\n4\n"}
    told = [
        (e.path, e.change, e.added, e.removed) for e in bench.events if e.type == "file_changed"
    ]
    assert told == [
        ("a.txt", "created", 2, 0),
        ("b/c.txt", "created", 0, 0),
        ("a.txt", "modified", 2, 1),
        ("b/c.txt", "deleted", 0, 0),
    ]


async def test_what_commands_change_is_captured(
    database: Database, project: ProjectId, make_sandbox: Make
) -> None:
    bench = Bench(database, project, make_sandbox())
    await bench.files.lay_out(bench.sandbox)
    await bench.files.apply({"keep.txt": b"k", "gone.txt": b"g", "edit.txt": b"e"})
    await bench.sandbox.run("rm gone.txt && echo -n E > edit.txt && echo -n n > 'new file.txt'")
    assert sorted(await bench.files.capture()) == ["edit.txt", "gone.txt", "new file.txt"]
    assert await bench.contents() == {"keep.txt": b"k", "edit.txt": b"E", "new file.txt": b"n"}
    assert await bench.files.capture() == []


async def test_a_new_sandbox_becomes_byte_equal_with_the_durable_copy(
    database: Database, project: ProjectId, make_sandbox: Make
) -> None:
    bench = Bench(database, project, make_sandbox())
    await bench.files.lay_out(bench.sandbox)
    files = {f"d{i % 7}/f{i}.bin": bytes([i % 256]) * (i * 97 % 5000) for i in range(120)}
    await bench.files.apply(files)
    await bench.sandbox.end()
    bench.sandbox = make_sandbox()
    await put(bench.sandbox, **{"d0/f0.bin": b"pristine", "template-only.txt": b"t"})
    assert await bench.files.lay_out(bench.sandbox) == []
    assert await in_sandbox(bench.sandbox) == files == await bench.contents()


async def test_a_script_can_be_run_in_a_new_sandbox_too(
    database: Database, project: ProjectId, make_sandbox: Make
) -> None:
    bench = Bench(database, project, make_sandbox())
    await bench.files.lay_out(bench.sandbox)
    await bench.files.apply({"bin/it's $x.sh": b"#!/bin/sh\necho ran", "data.txt": b"plain"})
    for sandbox in (bench.sandbox, make_sandbox()):
        await bench.files.lay_out(sandbox)
        assert (
            await sandbox.run("bin/it*.sh; test -x data.txt || echo kept")
        ).stdout == "ran\nkept\n"


async def test_a_write_is_kept_when_the_sandbox_dies_before_it_gets_it(
    database: Database, project: ProjectId, make_sandbox: Make
) -> None:
    bench = Bench(database, project, make_sandbox())
    await bench.files.lay_out(bench.sandbox)
    await bench.sandbox.end()
    with pytest.raises(SandboxGone):
        await bench.files.apply({"a.txt": b"kept"})
    assert await bench.contents() == {"a.txt": b"kept"}


async def test_a_sandbox_known_before_keeps_its_commands_changes_and_takes_durable_ones(
    database: Database, project: ProjectId, make_sandbox: Make
) -> None:
    first = Bench(database, project, make_sandbox())
    await first.files.lay_out(first.sandbox)
    await first.files.apply({"a.txt": b"1", "b.txt": b"1", "c.txt": b"1"})
    offline = Bench(database, project, make_sandbox())
    await offline.files.lay_out(offline.sandbox)
    await offline.files.apply({"a.txt": b"2", "c.txt": None})
    await first.sandbox.run("echo -n 3 > b.txt")
    again = Bench(database, project, first.sandbox)
    assert await again.files.lay_out(first.sandbox) == ["b.txt"]
    expected = {"a.txt": b"2", "b.txt": b"3"}
    assert await in_sandbox(first.sandbox) == expected == await again.contents()


async def test_an_unsafe_path_changes_nothing(
    database: Database, project: ProjectId, make_sandbox: Make
) -> None:
    bench = Bench(database, project, make_sandbox())
    with pytest.raises(InvalidPath):
        await bench.files.apply({"fine.txt": b"x", "../out.txt": b"x"})
    assert await bench.contents() == {}
    assert bench.events == []


async def test_concurrent_writers_lose_nothing(
    database: Database, project: ProjectId, make_sandbox: Make
) -> None:
    bench = Bench(database, project, make_sandbox())
    await bench.files.lay_out(bench.sandbox)
    await asyncio.gather(*(bench.files.apply({f"f{i}": str(i).encode()}) for i in range(25)))
    assert await bench.contents() == await in_sandbox(bench.sandbox)
    assert len(await bench.files.list()) == 25
    assert await bench.files.capture() == []


async def test_going_back_adds_a_version_and_loses_none(
    database: Database, signals: RunNotifications, project: ProjectId, make_sandbox: Make
) -> None:
    bench = Bench(database, project, make_sandbox())
    await bench.files.lay_out(bench.sandbox)
    points = RestorePoints(database)
    runs: list[RunId] = []
    for text in (b"one", b"two"):
        accepted = await RunService(database, signals).accept(
            user_id=USER, project_id=project, message="go"
        )
        await RunService(database, signals).cancel(USER, project, accepted.run_id)
        await bench.files.apply({"a.txt": text, text.decode(): b""})
        point = await points.create(
            USER, project, accepted.run_id, title="Go\n on", status="verified"
        )
        assert point == await points.create(USER, project, accepted.run_id, title="x", status="x")
        runs.append(accepted.run_id)
    restored = await points.restore(USER, project, 1)
    assert (restored.version, restored.restored_from) == (3, 1)
    await bench.files.lay_out(bench.sandbox)
    assert (
        await in_sandbox(bench.sandbox) == {"a.txt": b"one", "one": b""} == await bench.contents()
    )
    await points.restore(USER, project, 2)
    assert (await bench.contents())["a.txt"] == b"two"
    listed = await points.list_of(USER, project)
    assert [(point.version, point.changed_files) for point in listed] == [
        (4, 2),
        (3, 2),
        (2, 2),
        (1, 2),
    ]


@pytest.mark.parametrize("has_files", [False, True])
async def test_changes_of_a_runs_former_workers_are_found(
    database: Database,
    signals: RunNotifications,
    project: ProjectId,
    make_sandbox: Make,
    has_files: bool,
) -> None:
    bench = Bench(database, project, make_sandbox())
    if has_files:
        await bench.sandbox.run("echo from the template > a.txt")
    await bench.files.lay_out(bench.sandbox)
    service, points = RunService(database, signals), RestorePoints(database)

    async def new_run() -> RunId:
        accepted = await service.accept(user_id=USER, project_id=project, message="go")
        await service.cancel(USER, project, accepted.run_id)
        return accepted.run_id

    first, second = await new_run(), await new_run()
    assert not await points.is_due(USER, project, first)
    await bench.files.apply({"b.txt": b"1"})
    assert await points.is_due(USER, project, first)
    await points.create(USER, project, first, title="Go", status="verified")
    assert await points.is_due(USER, project, first)
    assert not await points.is_due(USER, project, second)
    await bench.files.apply({"b.txt": None})
    assert await points.is_due(USER, project, second)


async def test_a_download_of_equal_files_is_equal(
    database: Database, project: ProjectId, make_sandbox: Make
) -> None:
    bench = Bench(database, project, make_sandbox())
    await bench.files.lay_out(bench.sandbox)
    await bench.files.apply({"a.txt": b"a", "b/c.txt": b"c"})
    service = ProjectService(database)
    first, second = [
        [piece async for piece in await service.download(USER, project)] for _ in range(2)
    ]
    assert b"".join(first) == b"".join(second)


async def test_scripts_of_a_download_can_be_run(
    database: Database, project: ProjectId, make_sandbox: Make
) -> None:
    bench = Bench(database, project, make_sandbox())
    await bench.files.lay_out(bench.sandbox)
    await bench.files.apply({"run.sh": b"#!/bin/sh\necho ran", "data.txt": b"plain"})
    pieces = [piece async for piece in await ProjectService(database).download(USER, project)]
    archive = io.BytesIO(b"".join(pieces))
    with zipfile.ZipFile(archive) as files:
        modes = {one.filename: one.external_attr >> 16 for one in files.infolist()}
    assert modes == {"run.sh": 0o755, "data.txt": 0o644}


async def test_going_back_over_hundreds_of_paths_takes_a_handful_of_requests(
    database: Database, project: ProjectId, endpoint: Endpoint, http: SandboxHttp
) -> None:
    async with watched_sandbox(endpoint, http) as (sandbox, engine):
        bench = Bench(database, project, sandbox)
        await bench.files.lay_out(sandbox)
        await bench.files.apply({f"new/{number}.py": b"new" for number in range(500)})
        former = {f"old/{number}.py": b"new" for number in range(500)}
        await bench.replace_outside(former)
        engine.asked.clear()
        await bench.files.lay_out(sandbox)
        assert len(engine.asked) <= 4
        assert await bench.files.capture() == []
        assert await bench.contents() == former
