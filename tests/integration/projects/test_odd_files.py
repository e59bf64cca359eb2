"""What commands leave in a workspace must neither be lost nor make the project unusable."""

import pytest

from fixtures.engine import engine_sandbox
from fixtures.workspace_bench import Bench, Make, in_sandbox
from stackwright.core.errors import InvalidPath
from stackwright.core.events import StateChanged
from stackwright.core.ids import ProjectId
from stackwright.db.engine import Database
from stackwright.projects.scan import MARKER
from stackwright.sandbox.base import WORKSPACE_ROOT
from stackwright.sandbox.endpoint import Endpoint
from stackwright.sandbox.http import SandboxHttp

pytestmark = pytest.mark.integration


async def test_strange_files_of_a_sandbox_are_left_alone(
    database: Database, project: ProjectId, make_sandbox: Make
) -> None:
    bench = Bench(database, project, make_sandbox())
    await bench.sandbox.run(
        "ln -s /etc/passwd link; mkfifo pipe; touch $'new\\nline' $'back\\\\slash' $'\\xff';"
        " truncate -s 6000000 large; echo ok > fine"
    )
    assert await bench.files.lay_out(bench.sandbox) == ["fine"]
    assert await bench.files.capture() == []
    assert await bench.contents() == {"fine": b"ok\n"}


async def test_closed_files_and_folders_are_neither_forgotten_nor_in_the_way(
    database: Database, project: ProjectId, endpoint: Endpoint, http: SandboxHttp
) -> None:
    async with engine_sandbox(endpoint, http) as sandbox:
        bench = Bench(database, project, sandbox)
        await bench.files.lay_out(sandbox)
        kept = {"secret.key": b"k", "private/a/b.txt": b"b", "privateer.txt": b"p", "main.py": b"m"}
        await bench.files.apply(kept)
        bench.events.clear()
        await sandbox.run("chmod 000 secret.key private; echo -n M > main.py; rm privateer.txt")
        assert sorted(await bench.files.capture()) == ["main.py", "privateer.txt"]
        assert await bench.files.capture() == []
        del kept["privateer.txt"]
        assert await bench.contents() == {**kept, "main.py": b"M"}
        told = [event.detail for event in bench.events if isinstance(event, StateChanged)]
        assert len(told) == 1
        assert "private/, secret.key." in told[0]
        await sandbox.run("chmod 700 private; chmod 600 secret.key; rm secret.key")
        assert await bench.files.capture() == ["secret.key"]


async def test_files_beyond_the_limit_are_left_alone_and_what_people_write_comes_first(
    database: Database,
    project: ProjectId,
    make_sandbox: Make,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bench = Bench(database, project, make_sandbox())
    await bench.files.lay_out(bench.sandbox)
    await bench.files.apply({"src/main.py": b"1", "poured/000.csv": b"", "poured/zzz.csv": b"z"})
    monkeypatch.setattr("stackwright.projects.scan.MAX_FILES", 10)
    await bench.sandbox.run("cd poured && touch $(seq 100 140); cd ../src; echo -n 2 > main.py")
    await bench.files.capture()
    contents = await bench.contents()
    assert len(contents) == 11, "ten, and one that was there before"
    assert contents["src/main.py"] == b"2"
    assert contents["poured/zzz.csv"] == b"z"
    assert ["poured/" in event.detail for event in bench.events if event.type == "state"] == [True]
    await bench.sandbox.run("rm -r poured")
    await bench.files.capture()
    assert await bench.contents() == {"src/main.py": b"2"}


async def test_files_that_vanish_meanwhile_do_not_stop_a_capture(
    database: Database, project: ProjectId, make_sandbox: Make
) -> None:
    bench = Bench(database, project, make_sandbox())
    await bench.files.lay_out(bench.sandbox)
    pid = await bench.sandbox.start(
        "while :; do mkdir j; touch j/$(seq -s ' j/' 300); rm -r j; done", cwd=WORKSPACE_ROOT
    )
    for _ in range(10):
        await bench.files.capture()
    await bench.sandbox.kill(pid)


async def test_what_lay_below_a_folder_that_became_a_link_is_not_forgotten(
    database: Database, project: ProjectId, make_sandbox: Make
) -> None:
    bench = Bench(database, project, make_sandbox())
    await bench.files.lay_out(bench.sandbox)
    kept = {"src/a/b.py": b"b", "src.py": b"s"}
    await bench.files.apply(kept)
    await bench.sandbox.run("mv src ../moved; ln -s ../moved src")
    assert await bench.files.capture() == []
    assert await bench.contents() == kept


async def test_folders_deeper_than_any_path_are_left_alone(
    database: Database, project: ProjectId, endpoint: Endpoint, http: SandboxHttp
) -> None:
    async with engine_sandbox(endpoint, http) as sandbox:
        bench = Bench(database, project, sandbox)
        await bench.files.lay_out(sandbox)
        deepen = "import os\nfor _ in range(1500): os.mkdir('d'); os.chdir('d')"
        await sandbox.run(f'echo -n f > fine; python3 -c "{deepen}"')
        assert await bench.files.capture() == ["fine"]
        assert [e.state for e in bench.events if isinstance(e, StateChanged)] == ["not_kept"]


@pytest.mark.parametrize("damage", ["chmod 000 {}", "rm {0}; mkdir {0}", r"printf '\xff' > {}"])
async def test_a_damaged_mark_is_made_anew(
    database: Database, project: ProjectId, endpoint: Endpoint, http: SandboxHttp, damage: str
) -> None:
    async with engine_sandbox(endpoint, http) as sandbox:
        bench = Bench(database, project, sandbox)
        await bench.files.lay_out(sandbox)
        await bench.files.apply({"a.txt": b"1"})
        await sandbox.run(damage.format(MARKER))
        await bench.files.capture()
        await sandbox.run("echo -n 2 > a.txt")
        assert await bench.files.capture() == ["a.txt"]


@pytest.mark.parametrize(
    "change",
    [
        "chmod 444 main.py",
        "chmod 555 src src/a",
        "rm main.py; mkdir -p main.py/x; echo y > main.py/x/y.py",
        "rm -r src; echo s > src",
    ],
)
async def test_another_version_reaches_a_sandbox_whose_files_were_closed_or_became_folders(
    database: Database, project: ProjectId, endpoint: Endpoint, http: SandboxHttp, change: str
) -> None:
    async with engine_sandbox(endpoint, http) as sandbox:
        bench = Bench(database, project, sandbox)
        await bench.files.lay_out(sandbox)
        former = {"main.py": b"1", "src/a/b.py": b"1", "src/a/c.py": b"1"}
        await bench.files.apply(former)
        await bench.sandbox.run(f"echo 2 > main.py; rm src/a/b.py; {change}; touch src/a/d.py")
        await bench.files.capture()
        assert await bench.contents() != former
        await bench.replace_outside(former)
        assert await bench.files.lay_out(sandbox) == []
        assert await in_sandbox(sandbox) == former == await bench.contents()


async def test_a_closed_file_can_be_written(
    database: Database, project: ProjectId, endpoint: Endpoint, http: SandboxHttp
) -> None:
    async with engine_sandbox(endpoint, http) as sandbox:
        bench = Bench(database, project, sandbox)
        await bench.files.lay_out(sandbox)
        await bench.files.apply({"src/main.py": b"1"})
        await sandbox.run("chmod 000 src/main.py src")
        await bench.files.apply({"src/main.py": b"2"})
        assert await in_sandbox(sandbox) == {"src/main.py": b"2"}
        assert await bench.files.capture() == []


@pytest.mark.parametrize(
    ("there", "written"),
    [
        ({"src": b"s"}, {"src/a/b.py": b"b"}),
        ({"src/a/b.py": b"b"}, {"src": b"s"}),
        ({}, {"src": b"s", "src/a/b.py": b"b"}),
    ],
)
async def test_a_file_cannot_be_written_where_a_folder_is_nor_below_a_file(
    database: Database,
    project: ProjectId,
    endpoint: Endpoint,
    http: SandboxHttp,
    there: dict[str, bytes],
    written: dict[str, bytes],
) -> None:
    async with engine_sandbox(endpoint, http) as sandbox:
        bench = Bench(database, project, sandbox)
        await bench.files.lay_out(sandbox)
        there = {"src.py": b"x", "sr": b"x", **there}
        await bench.files.apply(there)
        with pytest.raises(InvalidPath, match="'src' cannot be a file and the folder of 'src/a/b"):
            await bench.files.apply(written)
        assert await bench.contents() == await in_sandbox(sandbox) == there
        instead = dict([written.popitem()])
        await bench.files.apply({**dict.fromkeys(there), **instead})
        assert await bench.contents() == await in_sandbox(sandbox) == instead
