"""Services of an app in a real sandbox: started, adopted, restarted, stopped, and honest when they fail."""

from collections.abc import AsyncIterator, Callable

import pytest

from fixtures.waiting import until
from stackwright.core.events import Event, PreviewReady, ServiceLog
from stackwright.sandbox import control
from stackwright.sandbox.base import WORKSPACE_ROOT, Sandbox, ServiceFailed
from stackwright.sandbox.client import E2BSandbox
from stackwright.sandbox.detached import STATE_DIR
from stackwright.sandbox.endpoint import Endpoint
from stackwright.sandbox.http import SandboxHttp
from stackwright.sandbox.services import SandboxServices
from stackwright.sandbox.template import Ready, ServiceSpec

pytestmark = pytest.mark.integration

SERVER = f"{WORKSPACE_ROOT}/backend/server.py"
SOURCE = b"""
import http.server, pathlib
TEXT = pathlib.Path("text").read_text() if pathlib.Path("text").exists() else "one"
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(TEXT.encode())
    def log_message(self, *_): pass
print("serving", flush=True)
http.server.ThreadingHTTPServer(("127.0.0.1", 8000), Handler).serve_forever()
"""
BACKEND = ServiceSpec(
    name="backend",
    command="python3 server.py",
    cwd=f"{WORKSPACE_ROOT}/backend",
    port=8000,
    ready=Ready(path="/health"),
    restart_on=("backend/**/*.py",),
)
FRONTEND = ServiceSpec(
    name="frontend", command="python3 -m http.server --bind 127.0.0.1 3000", port=3000
)


@pytest.fixture
async def sandbox(endpoint: Endpoint, http: SandboxHttp) -> AsyncIterator[E2BSandbox]:
    made = await control.create("base", {"test": "services"}, endpoint, http, 300)
    await made.write({SERVER: SOURCE})
    yield made
    await control.kill(made.id, endpoint)


@pytest.fixture
def events() -> list[Event]:
    return []


@pytest.fixture
def make(sandbox: Sandbox, events: list[Event]) -> Callable[..., SandboxServices]:
    def make(*specs: ServiceSpec) -> SandboxServices:
        return SandboxServices(
            sandbox,
            specs or (BACKEND, FRONTEND),
            emit=events.append,
            preview_url=lambda port: f"http://preview.example:{port}",
        )

    return make


async def body(sandbox: Sandbox) -> bytes:
    return (await sandbox.request(8000, "GET", "/")).body


async def test_all_services_start_and_the_preview_is_announced_once(
    make: Callable[..., SandboxServices], events: list[Event]
) -> None:
    services = make()
    assert [one.state for one in await services.status()] == ["stopped", "stopped"]
    statuses = await services.ensure_all()
    assert [(one.name, one.state, one.port) for one in statuses] == [
        ("backend", "running", 8000),
        ("frontend", "running", 3000),
    ]
    await services.ensure_all()
    assert events == [PreviewReady(url="http://preview.example:3000", port=3000)]
    assert [one.state for one in await services.status()] == ["running", "running"]


async def test_a_running_service_is_adopted_by_the_next_platform(
    make: Callable[..., SandboxServices],
) -> None:
    services = make()
    assert services.pids == {}
    first = await services.start("backend")
    again = await make().start("backend")
    assert first.pid == again.pid
    assert services.pids == {"backend": first.pid}


async def test_a_service_restarts_when_its_code_changed_and_only_then(
    make: Callable[..., SandboxServices], sandbox: Sandbox
) -> None:
    services = make()
    first = await services.start("backend")
    await sandbox.write({f"{WORKSPACE_ROOT}/backend/notes.md": b"not code"})
    assert (await services.start("backend")).pid == first.pid
    await sandbox.write({SERVER: SOURCE.replace(b'"one"', b'"two"')})
    (status,) = [one for one in await services.status() if one.name == "backend"]
    assert "older code" in status.detail
    assert (await services.start("backend")).pid != first.pid
    assert await body(sandbox) == b"two"


async def test_a_crash_at_the_start_is_told_with_the_log(
    make: Callable[..., SandboxServices], sandbox: Sandbox, events: list[Event]
) -> None:
    await sandbox.write({SERVER: b"raise RuntimeError('no luck')\n"})
    with pytest.raises(ServiceFailed, match="RuntimeError: no luck"):
        await make().start("backend")
    (logged,) = [event for event in events if isinstance(event, ServiceLog)]
    assert "no luck" in logged.text
    (status,) = await make(BACKEND).ensure_all()
    assert status.state == "crashed"
    assert "no luck" in status.detail
    crashed = make(BACKEND)
    assert [one.state for one in await crashed.status()] == ["crashed"]
    assert crashed.pids == {}


async def test_a_service_that_crashed_is_logged_once_with_its_last_lines(
    make: Callable[..., SandboxServices], sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    services = make(BACKEND)
    status = await services.start("backend")
    await sandbox.run(f"echo the last words >>{STATE_DIR}/logs/backend.log; kill -9 {status.pid}")

    async def is_over() -> bool:
        return [one.state for one in await services.status()] == ["crashed"]

    await until(is_over)
    await services.status()
    (logged,) = [one for one in caplog.records if one.message == "service_crashed"]
    assert logged.__dict__["service"] == "backend"
    assert "the last words" in logged.__dict__["said"]
    await services.start("backend")
    await services.stop("backend")
    assert [one.state for one in await services.status()] == ["stopped"]
    assert [one.message for one in caplog.records].count("service_crashed") == 1


async def test_a_service_that_cannot_start_is_logged_once(
    make: Callable[..., SandboxServices], sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    await sandbox.write({SERVER: b"raise RuntimeError('no luck')\n"})
    services = make(BACKEND)
    await services.ensure_all()
    await services.status()
    (logged,) = [one for one in caplog.records if one.name.endswith("sandbox.services")]
    assert "RuntimeError: no luck" in logged.__dict__["said"]


async def test_a_stopped_service_is_gone_with_its_children(
    make: Callable[..., SandboxServices], sandbox: Sandbox
) -> None:
    spec = BACKEND.model_copy(update={"command": "sleep 777 & python3 server.py"})
    services = make(spec)
    await services.start("backend")
    await services.stop("backend")
    assert services.pids == {}
    await services.stop("backend")
    assert (await sandbox.request(8000, "GET", "/")).status == 502
    left = await sandbox.run("pgrep -x sleep", cwd="/")
    assert left.stdout == ""
    assert [one.state for one in await services.status()] == ["stopped"]


async def test_after_a_reboot_an_old_number_is_not_taken_for_the_service(
    make: Callable[..., SandboxServices], sandbox: Sandbox
) -> None:
    other = await sandbox.start("exec sleep 600")
    await sandbox.write({f"{STATE_DIR}/pids/backend": f"{other} 12345\n".encode()})
    services = make(BACKEND)
    assert [one.state for one in await services.status()] == ["crashed"]
    assert (await services.start("backend")).pid != other
    assert (await sandbox.run(f"kill -0 {other}", cwd="/")).exit_code == 0


async def test_services_start_again_after_the_sandbox_was_paused(
    make: Callable[..., SandboxServices],
    sandbox: E2BSandbox,
    endpoint: Endpoint,
    http: SandboxHttp,
) -> None:
    services = make(BACKEND)
    await services.start("backend")
    await control.pause(sandbox.id, endpoint)
    await control.connect(sandbox.id, endpoint, http, 300)
    assert (await sandbox.request(8000, "GET", "/")).status == 502
    assert [one.state for one in await services.ensure_all()] == ["running"]
    assert await body(sandbox) == b"one"


async def test_a_service_of_the_agents_own_runs_beside_the_others(
    make: Callable[..., SandboxServices], sandbox: Sandbox
) -> None:
    services = make()
    command = f"cd {WORKSPACE_ROOT} && python3 -m http.server --bind 127.0.0.1 4000"
    status = await services.start("docs", command=command, port=4000)
    assert (status.state, status.port) == ("running", 4000)
    assert (await sandbox.request(4000, "GET", "/")).status == 200


async def test_logs_can_be_read_and_an_unknown_service_is_named_as_such(
    make: Callable[..., SandboxServices],
) -> None:
    services = make(BACKEND)
    assert await services.logs("backend") == ""
    await services.start("backend")

    async def has_logged() -> bool:
        return await services.logs("backend", lines=1) == "serving\n"

    await until(has_logged)
    for attempt in (services.start, services.stop, services.logs):
        with pytest.raises(ServiceFailed, match=r"no service 'nope'. Services: backend"):
            await attempt("nope")


async def test_a_job_of_the_agent_ends_by_itself_and_is_told(
    sandbox: Sandbox, make: Callable[..., SandboxServices]
) -> None:
    services = make(BACKEND)
    await services.start("import", command="echo imported; exit 3")

    async def has_ended() -> bool:
        return (await services.status())[-1].detail == "ended with exit code 3"

    await until(has_ended)
    assert await services.logs("import") == "imported\n"
    await services.start("own", command="python3 -m http.server 9000", port=9000)
    moved = await services.start("own", command="python3 -m http.server 9001", port=9001)
    assert (moved.state, moved.port) == ("running", 9001)
    assert (await sandbox.request(9000, "GET", "/")).status == 502
