import json
import socket
from pathlib import Path
from typing import Any

import pytest

from fixtures.tool_bench import Bench
from fixtures.waiting import until
from stackwright.core.events import CheckSummary, PlanUpdated, ToolOutput, VerificationReport
from stackwright.sandbox.base import CommandResult, SandboxGone, ServiceFailed
from stackwright.testing.memory_sandbox import MemorySandbox
from stackwright.tools import app_requests
from stackwright.tools.base import AskUser, ToolFailed

pytestmark = pytest.mark.integration


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_a_command_streams_its_output_and_records_what_it_changed(bench: Bench) -> None:
    result = await bench.call("run_command", command="echo hello; echo made > made.txt")

    assert result == "exit code 0; changed files: made.txt\nhello\n"
    assert bench.files.contents["made.txt"] == b"made\n"
    streamed = [event for event in bench.events if isinstance(event, ToolOutput)]
    assert [(e.tool_id, e.stream, e.text) for e in streamed] == [("toolu_1", "stdout", "hello\n")]


async def test_a_failing_command_tells_its_code_and_both_outputs(bench: Bench) -> None:
    with pytest.raises(ToolFailed, match=r"exit code 3\nout\n\n\[stderr\]\nerr"):
        await bench.call("run_command", command="echo out; echo err >&2; exit 3")


async def test_a_command_whose_end_alone_is_shown_fails_when_it_fails(bench: Bench) -> None:
    with pytest.raises(ToolFailed, match=r"exit code 3\n2 failed"):
        await bench.call("run_command", command="(echo 2 failed; exit 3) 2>&1 | tail -30")


@pytest.mark.parametrize("command", ["seq 200000 | head -1", "false | cat; echo 1"])
async def test_a_command_that_was_read_in_part_only_is_none_that_failed(
    bench: Bench, command: str
) -> None:
    assert await bench.call("run_command", command=command) == "exit code 0\n1\n"


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (
            "kill -KILL $$",
            "exit code 137: killed by SIGKILL (killed from outside: out of memory?)\n",
        ),
        (
            "kill -SEGV $$",
            "exit code 139: killed by SIGSEGV (it crashed on an invalid memory access)\n",
        ),
        (
            "sh -c 'kill -TERM $$'; exit $?",
            "exit code 143: killed by SIGTERM (it was asked to end)\n",
        ),
        ("timeout 0.1 sleep 9", "exit code 124 (the time limit of timeout was over)\n"),
        ("exit 255", "exit code 255\n"),
    ],
)
async def test_a_command_that_was_killed_names_its_signal(
    bench: Bench, command: str, told: str
) -> None:
    with pytest.raises(ToolFailed) as failure:
        await bench.call("run_command", command=command)
    assert str(failure.value).startswith(told)


async def test_a_command_that_does_not_end_is_killed_and_its_files_and_output_are_kept(
    bench: Bench,
) -> None:
    with pytest.raises(ToolFailed, match=r"killed after 1 s .*changed files: a\.txt\nsaid before"):
        await bench.call(
            "run_command", command="echo said before; echo x > a.txt; sleep 60", timeout_s=1
        )


class _DyingSandbox(MemorySandbox):
    """Is lost as soon as a command has said something."""

    async def run(self, command: str, **options: Any) -> CommandResult:
        said = await super().run(command, **options)
        await self.end()
        raise SandboxGone("The sandbox died.") if said.stdout else AssertionError(said)


async def test_what_a_command_said_before_its_sandbox_was_lost_is_told(tmp_path: Path) -> None:
    with pytest.raises(ToolFailed, match=r"The sandbox died\.(.|\n)*120 passed"):
        await Bench(_DyingSandbox(tmp_path)).call("run_command", command="echo 120 passed")


async def test_endless_output_is_cut_for_the_model_and_for_the_stream(bench: Bench) -> None:
    result = await bench.call("run_command", command="yes | head -c 900000; echo end")

    assert len(result) < 25_000
    assert "end\n" in result
    where = result.splitlines()[-1]
    assert "left out. All of it: run_command with sed" in where
    again = where[where.index("sed") :].removesuffix(".]")
    assert "y\n" * 100 in await bench.call("run_command", command=again)
    streamed = sum(len(e.text) for e in bench.events if isinstance(e, ToolOutput))
    assert streamed < 300_000


async def test_output_that_is_no_text_does_not_fail(bench: Bench) -> None:
    assert "exit code 0" in await bench.call("run_command", command=r"printf '\377\000\376'")


async def test_a_service_is_started_logged_listed_and_stopped(bench: Bench) -> None:
    command = "echo ready to serve; exec sleep 60"

    started = await bench.call("run_service", name="docs", command=command, port=9000)

    assert started == "docs is running on port 9000"
    pid = bench.services.started["docs"].pid
    assert f"docs: running, port 9000, pid {pid}" in await bench.call("list_processes")
    assert "exec sleep 60" in await bench.call("list_processes")
    await bench.call_until("ready to serve", "read_logs", name="docs")
    assert await bench.call("stop_service", name="docs") == "docs is stopped."
    await bench.call_until("docs: stopped", "list_processes")


async def test_a_service_nobody_knows_is_told(bench: Bench) -> None:
    with pytest.raises(ServiceFailed, match="no service 'worker'"):
        await bench.call("run_service", name="worker")


async def test_a_service_of_the_template_keeps_its_own_command(bench: Bench) -> None:
    with pytest.raises(ToolFailed, match="belongs to the template"):
        await bench.call("run_service", name="backend", command="sleep 1", port=9999)


async def test_the_app_is_asked_and_when_it_does_not_run_the_model_learns_what_to_do(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, free_port: int
) -> None:
    # This sandbox shares the machine's ports, and the backend's own may be taken.
    monkeypatch.setattr(app_requests, "BACKEND_PORT", free_port)

    with pytest.raises(ToolFailed, match="run_service backend first"):
        await bench.call("http_request", path="/api/health")

    command = f"exec python3 -u -m http.server {free_port} --bind 127.0.0.1"
    await bench.call("run_service", name="web", command=command, port=free_port)
    await bench.call_until("Serving HTTP", "read_logs", name="web")
    assert (await bench.call("http_request", path="/")).startswith("HTTP 200 in ")
    assert (await bench.call("http_request", path="/none", method="POST", body="{}")).startswith(
        "HTTP 501 in "
    )


_PACKED = """
import gzip, http.server
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = gzip.compress("caf\u00e9".encode("latin-1")) if self.path == "/" else b"no gzip"
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=iso-8859-1")
        self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)
print("ready", flush=True)
http.server.HTTPServer(("127.0.0.1", %d), Handler).serve_forever()
"""


_DOOR = """
import http.server
class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Set-Cookie", "theme=dark; Path=/")
        name = "".join(filter(str.isalpha, body.decode()))[-3:]
        self.send_header("Set-Cookie", f"sid={name}; Path=/; HttpOnly; Secure")
        self.end_headers()
        self.wfile.write(self.headers["Content-Type"].encode() + b" " + body)
    def do_GET(self):
        self.send_response(200 if "sid=" in self.headers.get("Cookie", "") else 401)
        self.send_header("X-Asked", self.headers.get("X-Ask", "no"))
        self.end_headers()
        self.wfile.write(self.headers.get("Cookie", "nobody").encode())
server = http.server.HTTPServer(("127.0.0.1", %d), Handler)
print("ready", flush=True)
server.serve_forever()
"""


async def test_protected_routes_are_called_after_a_login_by_each_person(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, free_port: int
) -> None:
    monkeypatch.setattr(app_requests, "BACKEND_PORT", free_port)
    await bench.call("write_file", path="door.py", content=_DOOR % free_port)
    await bench.call("run_service", name="web", command="exec python3 door.py", port=free_port)
    await bench.call_until("ready", "read_logs", name="web")

    async def call(path: str, **arguments: Any) -> str:
        return await bench.call("http_request", path=path, **arguments)

    assert "HTTP 401" in await call("/me")
    login = await call("/login", method="POST", form={"name": "ann"}, session="ann")
    assert "set-cookie: theme, sid (kept)" in login
    assert login.endswith("application/x-www-form-urlencoded name=ann")
    await call("/login", method="POST", body={"name": "bob"}, session="bob")
    assert (await call("/me", session="ann")).endswith("theme=dark; sid=ann")
    assert "HTTP 401" in await call("/me")
    assert "x-asked: yes" in await call("/me", session="bob", headers={"X-Ask": "yes"})
    assert "not kept" in await call("/login", method="POST", body="raw")
    await bench.call("write_file", path="notes.txt", content="kept")
    files = [{"field": "f", "filename": "n.txt", "path": "notes.txt"}]
    sent = await call("/login", method="POST", form={"a": "1"}, files=files)
    assert "multipart/form-data" in sent
    assert 'filename="n.txt"' in sent
    assert "kept" in sent


async def test_what_the_app_compressed_is_read_in_its_own_charset(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, free_port: int
) -> None:
    monkeypatch.setattr(app_requests, "BACKEND_PORT", free_port)
    await bench.call("write_file", path="packed.py", content=_PACKED % free_port)
    await bench.call("run_service", name="web", command="exec python3 packed.py", port=free_port)
    await bench.call_until("ready", "read_logs", name="web")

    async def answers() -> bool:
        return (await bench.machine.request(free_port, "GET", "/")).status == 200

    await until(answers)
    assert (await bench.call("http_request", path="/")).endswith("\n\ncafé")
    assert "is not shown" in await bench.call("http_request", path="/damaged")


async def test_the_report_of_the_gate_is_told_with_what_failed(bench: Bench) -> None:
    passed = CheckSummary(name="parse", ok=True, seconds=0.1)
    failed = CheckSummary(name="types", ok=False, seconds=1, detail="pages/index.tsx:3 wrong")
    bench.verifier.report = VerificationReport(status="partly", checks=(passed, failed))
    with pytest.raises(ToolFailed, match=r"Not verified(.|\n)*types failed\npages"):
        await bench.call("check_app")

    bench.verifier.report = VerificationReport(status="unverified", checks=(passed,))
    assert "only the whole gate" in await bench.call("check_app", full=False)

    bench.verifier.report = VerificationReport(status="verified", checks=(passed,))
    assert await bench.call("check_app") == "All 1 checks passed."
    assert "/todos (1280x800)" in await bench.call("screenshot", route="/todos")


async def test_the_plan_is_shown_and_a_question_stops_the_call(bench: Bench) -> None:
    steps = [{"title": "Models", "status": "done"}, {"title": "Pages"}]

    assert "1 of 2" in await bench.call("update_plan", steps=steps)
    assert isinstance(bench.events[-1], PlanUpdated)
    assert [step.title for step in bench.plan] == ["Models", "Pages"]
    with pytest.raises(AskUser, match="Which colour"):
        await bench.call("ask_user_tool", question="Which colour?")


async def test_without_a_search_provider_one_sentence_says_so(bench: Bench) -> None:
    with pytest.raises(ToolFailed, match="No web search is configured"):
        await bench.call("search_web", query="next router")


async def test_inspect_run_shows_what_the_platform_knows_of_the_run(bench: Bench) -> None:
    await bench.call("write_file", path="backend/app.py", content="x = 1\n")
    facts = json.loads(await bench.call("inspect_run"))
    assert facts["run_id"] == "r1"
    assert facts["sandbox_id"] == bench.machine.id
    assert facts["files"] == 1
