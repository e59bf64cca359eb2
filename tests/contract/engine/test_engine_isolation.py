"""What a program inside a sandbox may not do, tried by real programs inside real sandboxes."""

import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest
from e2b import AsyncSandbox, CommandExitException, SandboxException

from fixtures.engine_process import KEY, EngineProcess, running_engine

pytestmark = pytest.mark.integration


async def output(sandbox: AsyncSandbox, command: str) -> str:
    try:
        return (await sandbox.commands.run(f"{{ {command}; }} 2>&1", timeout=30)).stdout
    except CommandExitException as failure:
        return failure.stdout


@pytest.fixture
def host_server() -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"host secret")

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("0.0.0.0", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


async def test_no_environment_of_the_engine_is_visible(sandbox: AsyncSandbox) -> None:
    found = await output(sandbox, "cat /proc/1/environ | tr '\\0' '\\n'")
    assert "PATH" not in found
    assert "LIBMOUNT" not in found
    everything = await output(sandbox, "cat /proc/*/environ | tr '\\0' '\\n'")
    assert "VIRTUAL_ENV" not in everything


async def test_host_files_are_not_there(engine: EngineProcess, sandbox: AsyncSandbox) -> None:
    project = Path(__file__).parents[3]
    for path in (project, engine.data_dir, Path.home() / ".ssh", Path("/var/lib"), Path("/boot")):
        assert await output(sandbox, f"test -e {path} && echo there || echo missing") == "missing\n"
    for line in (await output(sandbox, "cat /etc/passwd")).splitlines():
        assert line.partition(":")[0] in ("root", "user")
    assert "/etc/shadow: No such file" in await output(sandbox, "cat /etc/shadow")


async def test_the_hosts_programs_cannot_be_changed(sandbox: AsyncSandbox) -> None:
    for path in (
        "/usr/bin/evil",
        "/opt/tools/bin/evil",
        "/opt/stackwright/evil",
        "/etc/ssl/certs/e",
    ):
        assert "Read-only file system" in await output(sandbox, f"touch {path}")
    assert "Read-only" in await output(sandbox, f"touch {sys.base_prefix}/evil")


async def test_kernel_files_can_neither_be_opened_for_writing_nor_read(
    sandbox: AsyncSandbox,
) -> None:
    script = """
import os
for folder, _, names in os.walk("/proc"):
    if folder == "/proc":
        _[:] = [name for name in _ if not name.isdecimal() and "self" not in name]
    for name in names:
        try:
            os.close(os.open(os.path.join(folder, name), os.O_WRONLY | os.O_NONBLOCK))
        except OSError:
            continue
        if os.stat(os.path.join(folder, name)).st_rdev != os.makedev(1, 3):
            print(os.path.join(folder, name))
"""
    await sandbox.files.write("open.py", script)
    assert await output(sandbox, "python3 open.py") == ""
    for name in ("kcore", "kmsg", "kpageflags", "vmallocinfo", "slabinfo"):
        assert (await output(sandbox, f"head -c 9 /proc/{name} | wc -c")).splitlines()[-1] == "0"
    assert await output(sandbox, "ls /sys") == ""


async def test_only_its_own_processes_are_visible(sandbox: AsyncSandbox) -> None:
    pids = (await output(sandbox, "ls /proc | grep -E '^[0-9]+$' | wc -l")).strip()
    assert int(pids) < 12
    assert "No such process" in await output(sandbox, "kill -0 99999")


@pytest.mark.parametrize(
    "command",
    [
        "pkill -KILL python",
        "pkill -KILL -f '[p]ython'",
        "pkill -KILL -f '[m]ain|[s]tackwright'",
        "killall -KILL python3 python3.$(python3 -c 'import sys; print(sys.version_info.minor)')",
        "kill -KILL $(pidof python3)",
    ],
)
async def test_programs_that_end_others_by_name_leave_the_agent(
    sandbox: AsyncSandbox, command: str
) -> None:
    mark = await sandbox.commands.run("exec sleep 4321", background=True)
    with suppress(CommandExitException):
        await sandbox.commands.run(command)
    assert mark.pid in [process.pid for process in await sandbox.commands.list()]
    assert (await sandbox.commands.run("cat /proc/2/comm /proc/2/cmdline")).stdout == "envd\nenvd\0"


async def test_the_agent_stays_when_all_are_told_to_end(sandbox: AsyncSandbox) -> None:
    mark = await sandbox.commands.run("exec sleep 4321", background=True)
    for name in ("HUP", "INT", "TERM"):
        await sandbox.commands.run(f"trap '' {name}; kill -{name} -1")
    with pytest.raises(CommandExitException):
        await mark.wait()


async def test_the_programs_of_the_agent_end_by_signals_as_others_do(sandbox: AsyncSandbox) -> None:
    for name in ("TERM", "INT", "HUP"):
        status = await output(sandbox, f"bash -c 'kill -{name} $$; echo no'; echo $?")
        assert status.splitlines()[-1] == str(128 + getattr(signal, f"SIG{name}"))


async def test_privileges_and_namespaces_cannot_be_gained(sandbox: AsyncSandbox) -> None:
    status = await output(sandbox, "grep -E 'CapEff|NoNewPrivs|Seccomp:' /proc/self/status")
    assert status.split() == ["CapEff:", "0" * 16, "NoNewPrivs:", "1", "Seccomp:", "2"]
    assert "Operation not permitted" in await output(sandbox, "unshare --user --map-root-user id")
    assert "Operation not permitted" in await output(sandbox, "unshare --net true")
    assert "Operation not permitted" in await output(
        sandbox,
        "python3 -c 'import ctypes, os; c = ctypes.CDLL(None, use_errno=True); "
        'c.mount(b"x", b"/mnt", b"tmpfs", 0, None); print(os.strerror(ctypes.get_errno()))\'',
    )
    for call in ("ptrace(0, 0, 0, 0)", "syscall(425, 8, 0)", "syscall(321, 0, 0, 0)"):
        tried = await output(
            sandbox,
            f"python3 -c 'import ctypes, os; c = ctypes.CDLL(None, use_errno=True); "
            f"print(c.{call}, os.strerror(ctypes.get_errno()))'",
        )
        assert tried == "-1 Operation not permitted\n"


async def test_no_descriptor_of_the_engine_is_inherited(sandbox: AsyncSandbox) -> None:
    listing = await output(sandbox, "ls -l /proc/self/fd | awk '{print $9, $11}' | grep ^[0-9]")
    for line in listing.splitlines():
        number, target = line.split(" ", 1)
        assert int(number) <= 2 or target.startswith("/proc/"), line
    agent = await output(sandbox, "ls -l /proc/2/fd; cat /proc/2/mem | head -c 1")
    assert "ermission denied" in agent


async def test_the_network_of_the_host_is_out_of_reach(
    sandbox: AsyncSandbox, host_server: int
) -> None:
    own = socket.gethostbyname(socket.gethostname())
    for host in ("127.0.0.1", "localhost", own, "10.0.0.1", "169.254.169.254", "[::1]"):
        url = f"http://{host}:{host_server}/"
        assert "host secret" not in await output(sandbox, f"curl -sS -m 3 --noproxy '*' {url}")
        assert "host secret" not in await output(sandbox, f"curl -sS -m 3 --noproxy '' {url}")
        tunnel = f"curl -sS -m 3 --noproxy '' -p -x http://127.0.0.1:3128 {url}"
        assert "403" in await output(sandbox, tunnel)
    assert "lo" in await output(sandbox, "cat /proc/net/dev")
    assert "eth" not in await output(sandbox, "cat /proc/net/dev")


async def test_only_listed_hosts_pass_the_proxy_and_never_to_private_addresses(
    tmp_path: Path,
) -> None:
    with running_engine(tmp_path / "data", egress_allow=["localhost", "*.localhost"]) as engine:
        sandbox = await AsyncSandbox.create("base", **engine.options)
        unlisted = await output(sandbox, "curl -sS -m 5 https://example.com")
        assert "403" in unlisted
        private = await output(sandbox, "curl -v -m 5 --noproxy '' https://localhost")
        assert "403" in private
        await sandbox.kill()


async def test_links_made_inside_cannot_reach_host_files_through_the_files_api(
    engine: EngineProcess, sandbox: AsyncSandbox, tmp_path: Path
) -> None:
    secret = engine.data_dir / "secret.txt"
    secret.write_text("host secret")
    await sandbox.commands.run(f"ln -s {secret} read; ln -s {engine.data_dir} folder; ln -s / root")
    with pytest.raises(SandboxException):
        await sandbox.files.read("read")
    with pytest.raises(SandboxException):
        await sandbox.files.list("folder")
    with pytest.raises(SandboxException):
        await sandbox.files.write("read", "overwritten?")
    await sandbox.files.write(f"root/../../../..{tmp_path}/x", "x")
    assert secret.read_text() == "host secret"
    assert not list(tmp_path.iterdir())  # noqa: ASYNC240


async def test_sandboxes_do_not_share_files(engine: EngineProcess, sandbox: AsyncSandbox) -> None:
    other = await AsyncSandbox.create("base", **engine.options)
    for path in ("/tmp/note", "/home/user/note", "/dev/shm/note", "/var/tmp/note", "/run/note"):
        await sandbox.files.write(path, "mine")
        assert not await other.files.exists(path)
    await other.kill()


async def test_another_sandboxes_token_is_refused(
    engine: EngineProcess, sandbox: AsyncSandbox
) -> None:
    other = await AsyncSandbox.create("base", **engine.options)
    headers = {"E2b-Sandbox-Id": sandbox.sandbox_id, "E2b-Sandbox-Port": "49983"}
    async with httpx.AsyncClient(base_url=engine.url, headers={"X-API-KEY": KEY}) as client:
        detail = await client.get(f"/sandboxes/{other.sandbox_id}")
        token = detail.json()["envdAccessToken"]
    async with httpx.AsyncClient(base_url=engine.url, headers=headers) as client:
        for extra in ({}, {"X-Access-Token": token}, {"X-Access-Token": "x"}):
            answer = await client.post("/process.Process/List", json={}, headers=extra)
            assert answer.status_code == 401
            answer = await client.get("/files?path=/etc/passwd", headers=extra)
            assert answer.status_code == 401
    await other.kill()


async def test_a_fork_bomb_stays_inside(tmp_path: Path) -> None:
    with running_engine(tmp_path / "data", limits={"processes": 64}) as small:
        bombed = await AsyncSandbox.create("base", **small.options)
        bomb = "for i in $(seq 500); do sleep 4321 & done; wait"
        command = await bombed.commands.run(bomb, background=True)
        neighbour = await AsyncSandbox.create("base", **small.options)
        assert (await neighbour.commands.run("echo fine")).stdout == "fine\n"
        await command.disconnect()
        await neighbour.kill()
        await bombed.kill()
