"""What every sandbox promises, for the one over a real engine and for the one of tests."""

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from fixtures.engine import engine_sandbox
from fixtures.faulty_engine import failure, watched_sandbox
from fixtures.waiting import until
from stackwright.core.errors import SandboxUnavailable
from stackwright.sandbox import control
from stackwright.sandbox.base import Sandbox, SandboxFileMissing, SandboxGone
from stackwright.sandbox.endpoint import Endpoint
from stackwright.sandbox.http import SandboxHttp
from stackwright.testing.memory_sandbox import MemorySandbox

pytestmark = pytest.mark.integration

HOME = "/home/user"


@pytest.fixture(params=["engine", "memory"])
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
async def sandbox(
    kind: str, endpoint: Endpoint, http: SandboxHttp, tmp_path: Path
) -> AsyncIterator[Sandbox]:
    if kind == "memory":
        memory = MemorySandbox(tmp_path)
        yield memory
        await memory.end()
    else:
        async with engine_sandbox(endpoint, http) as real:
            yield real


async def test_bytes_come_back_as_they_were_written(sandbox: Sandbox) -> None:
    files = {
        f"{HOME}/code/a.bin": bytes(range(256)) * 50,
        f"{HOME}/code/deep/er/ümläut 'quoted'.txt": "Grüße\r\n".encode(),
        f"{HOME}/code/empty": b"",
    }
    await sandbox.write(files)
    assert {path: await sandbox.read(path) for path in files} == files


async def test_writing_nothing_is_nothing(sandbox: Sandbox) -> None:
    await sandbox.write({})


async def test_a_missing_file_is_said_to_be_missing(sandbox: Sandbox) -> None:
    with pytest.raises(SandboxFileMissing) as raised:
        await sandbox.read(f"{HOME}/code/nope")
    assert raised.value.path == f"{HOME}/code/nope"


async def test_removing_is_done_once_and_a_missing_file_is_no_error(sandbox: Sandbox) -> None:
    path = f"{HOME}/code/x"
    await sandbox.write({path: b"1"})
    await sandbox.remove([path, f"{HOME}/code/never-there"])
    await sandbox.remove([path])
    with pytest.raises(SandboxFileMissing):
        await sandbox.read(path)


async def test_many_files_are_removed_whatever_their_names(sandbox: Sandbox) -> None:
    paths = [f'{HOME}/code/many/{number} it\'s $HOME "{"x" * 200}".txt' for number in range(700)]
    await sandbox.write(dict.fromkeys(paths, b"1"))
    await sandbox.remove([*paths, f"{HOME}/code/never-there"])
    assert await sandbox.list(f"{HOME}/code/many") == []


async def test_a_folder_is_listed_to_the_depth_asked_for(sandbox: Sandbox) -> None:
    await sandbox.write({f"{HOME}/code/l/a.txt": b"12345", f"{HOME}/code/l/sub/b.txt": b""})
    shallow = {
        one.path: (one.is_dir, one.size_bytes) for one in await sandbox.list(f"{HOME}/code/l")
    }
    assert shallow[f"{HOME}/code/l/a.txt"] == (False, 5)
    assert shallow[f"{HOME}/code/l/sub"][0]
    deep = {one.path for one in await sandbox.list(f"{HOME}/code/l", depth=2)}
    assert deep - shallow.keys() == {f"{HOME}/code/l/sub/b.txt"}


async def test_a_command_gives_its_output_and_its_exit_status(sandbox: Sandbox) -> None:
    result = await sandbox.run('echo "out $NAME"; echo err >&2; exit 3', envs={"NAME": "x y"})
    assert (result.exit_code, result.stdout, result.stderr) == (3, "out x y\n", "err\n")
    assert not result.timed_out


async def test_output_is_passed_on_while_the_command_runs(sandbox: Sandbox) -> None:
    seen: list[tuple[str, str]] = []
    await sandbox.run(
        "echo one; echo two >&2", on_output=lambda kind, text: seen.append((kind, text))
    )
    assert ("stdout", "one\n") in seen
    assert ("stderr", "two\n") in seen


async def test_a_timeout_ends_the_command_and_its_children(sandbox: Sandbox) -> None:
    started = time.monotonic()
    result = await sandbox.run("sleep 73 & echo begun; sleep 73", timeout_s=1)
    assert result.timed_out
    assert "begun" in result.stdout
    assert time.monotonic() - started < 10


async def test_output_is_bounded_and_its_end_is_kept(sandbox: Sandbox) -> None:
    result = await sandbox.run(
        "head -c 3000000 /dev/zero | tr '\\0' x; echo END", max_output_bytes=10_000
    )
    assert len(result.stdout) < 10_200
    assert result.stdout.endswith("END\n")


async def test_output_that_is_no_text_is_no_error(sandbox: Sandbox) -> None:
    result = await sandbox.run(r"printf '\xff\xfe ok'")
    assert result.stdout.endswith(" ok")


async def test_a_started_process_lives_on_and_is_killed_with_its_children(sandbox: Sandbox) -> None:
    pid = await sandbox.start("sleep 74 & sleep 75; echo never")
    assert pid in [one.pid for one in await sandbox.processes()]
    assert (await sandbox.run(f"kill -0 {pid}")).exit_code == 0
    await sandbox.kill(pid)

    async def is_gone() -> bool:
        return pid not in [one.pid for one in await sandbox.processes()]

    await until(is_gone)
    await sandbox.kill(pid)


async def test_a_port_answers_through_request(sandbox: Sandbox, unused_tcp_port: int) -> None:
    port = unused_tcp_port
    await sandbox.write({f"{HOME}/code/web/hello.txt": b"hello " * 20_000})
    pid = await sandbox.start(
        f"python3 -m http.server --bind 127.0.0.1 {port}", cwd=f"{HOME}/code/web"
    )

    async def answers() -> bool:
        return (await sandbox.request(port, "GET", "/hello.txt")).status == 200

    await until(answers)
    answer = await sandbox.request(port, "GET", "/hello.txt")
    assert answer.body == b"hello " * 20_000
    assert (await sandbox.request(port, "GET", "/hello.txt", max_bytes=7)).body == b"hello h"
    assert (await sandbox.request(port, "GET", "/nope")).status == 404
    await sandbox.kill(pid)


_PACKED = """
import gzip, http.server
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = {"/small": gzip.compress(b"hello"), "/bomb": gzip.compress(bytes(20_000_000))}
        self.send_response(200)
        self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body.get(self.path, b"no gzip"))
http.server.HTTPServer(("127.0.0.1", %d), Handler).serve_forever()
"""


async def test_an_answer_is_decompressed_within_the_bound(
    sandbox: Sandbox, unused_tcp_port: int
) -> None:
    port = unused_tcp_port
    await sandbox.write({f"{HOME}/code/packed.py": (_PACKED % port).encode()})
    pid = await sandbox.start("exec python3 packed.py", cwd=f"{HOME}/code")

    async def answers() -> bool:
        return (await sandbox.request(port, "GET", "/small")).status == 200

    await until(answers)
    small = await sandbox.request(port, "GET", "/small")
    assert (small.body, "content-encoding" in small.headers) == (b"hello", False)
    assert (await sandbox.request(port, "GET", "/bomb", max_bytes=1000)).body == bytes(1000)
    damaged = await sandbox.request(port, "GET", "/damaged")
    assert (damaged.body, damaged.headers["content-encoding"]) == (b"no gzip", "gzip")
    await sandbox.kill(pid)


async def test_a_closed_port_answers_502(sandbox: Sandbox, unused_tcp_port: int) -> None:
    assert (await sandbox.request(unused_tcp_port, "GET", "/")).status == 502


async def test_a_dead_sandbox_says_so_in_every_way(
    kind: str, sandbox: Sandbox, endpoint: Endpoint
) -> None:
    assert await sandbox.is_alive()
    if isinstance(sandbox, MemorySandbox):
        await sandbox.end()
    else:
        await control.kill(sandbox.id, endpoint)
    assert not await sandbox.is_alive()
    for attempt in (
        lambda: sandbox.run("true"),
        lambda: sandbox.read(f"{HOME}/code/x"),
        lambda: sandbox.write({f"{HOME}/code/x": b""}),
        lambda: sandbox.list(f"{HOME}/code"),
        lambda: sandbox.start("true"),
        sandbox.processes,
        lambda: sandbox.request(8000, "GET", "/"),
        sandbox.keep_alive,
    ):
        with pytest.raises(SandboxGone):
            await attempt()


async def test_a_started_process_outlives_the_connection(
    endpoint: Endpoint, http: SandboxHttp
) -> None:
    async with engine_sandbox(endpoint, http) as first:
        pid = await first.start("echo $$ >/home/user/pid; exec sleep 76")
        again = await control.connect(first.id, endpoint, http, 120)
        assert (await again.run(f"kill -0 {pid}")).exit_code == 0


async def test_many_files_are_removed_with_one_request(
    endpoint: Endpoint, http: SandboxHttp
) -> None:
    async with watched_sandbox(endpoint, http) as (sandbox, engine):
        paths = [f"{HOME}/code/{number}.py" for number in range(500)]
        await sandbox.write(dict.fromkeys(paths, b"1"))
        engine.asked.clear()
        await sandbox.remove(paths)
        assert len(engine.asked) == 1
        assert await sandbox.list(f"{HOME}/code") == []


async def test_files_of_closed_folders_are_removed_too(
    endpoint: Endpoint, http: SandboxHttp
) -> None:
    async with engine_sandbox(endpoint, http) as sandbox:
        paths = [f"{HOME}/code/closed/{number}/x.py" for number in range(5)]
        await sandbox.write(dict.fromkeys(paths, b"1"))
        await sandbox.run("chmod 500 closed/*")
        folders = [path.removesuffix("/x.py") for path in paths]
        await sandbox.remove(folders)
        assert await sandbox.list(f"{HOME}/code/closed") == []


async def test_a_command_that_times_out_on_a_busy_machine_is_no_dead_sandbox(
    endpoint: Endpoint, http: SandboxHttp
) -> None:
    async with watched_sandbox(endpoint, http) as (sandbox, engine):
        missed: list[str] = []

        async def miss_one(request: web.Request) -> web.Response | None:
            if request.path != "/health" or missed:
                return None
            missed.append(request.path)
            return failure(502)

        engine.fault = miss_one
        assert (await sandbox.run("sleep 60", timeout_s=1)).timed_out
        assert missed
        assert not sandbox.is_suspect


async def test_a_file_that_is_too_big_is_not_read(endpoint: Endpoint, http: SandboxHttp) -> None:
    async with engine_sandbox(endpoint, http) as sandbox:
        await sandbox.write({"/home/user/big": b"x" * 2000})
        with pytest.raises(SandboxUnavailable, match="1000 bytes"):
            await sandbox.read("/home/user/big", max_bytes=1000)


async def test_an_engine_that_is_not_there_is_unavailable(http: SandboxHttp) -> None:
    nowhere = Endpoint("e2b_" + "2" * 40, "http://127.0.0.1:9", "http://127.0.0.1:9")
    with pytest.raises(SandboxUnavailable):
        await control.create("base", {}, nowhere, http, 60)
