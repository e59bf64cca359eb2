import asyncio
import json
import signal
import subprocess
import sys
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from fixtures.api_twins import Running, free_port, running
from stackwright.core.events import (
    AgentComplete,
    AgentStart,
    CheckResult,
    Event,
    PreviewReady,
    Regression,
    RunError,
    UserInputRequired,
    VerificationReport,
    WishProof,
)
from stackwright.core.ids import ProjectId
from stackwright.core.wishes import Wish, WishList
from stackwright.db.restore_points import RestorePointRecord

SOURCES = Path(__file__).parents[3] / "src"

pytestmark = pytest.mark.integration


@dataclass
class Done:
    code: int
    out: str
    err: str


@dataclass
class Terminal:
    """Runs `stackwright` as a person would, in a folder of its own, against a twin."""

    api: Running
    folder: Path

    async def start(self, *arguments: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "stackwright", *arguments, "--url", self.api.url),
            cwd=self.folder,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )

    async def run(self, *arguments: str) -> Done:
        return await ended(await self.start(*arguments))

    async def build(self, *events: Event, extra: tuple[str, ...] = ()) -> Done:
        process = await self.start("build", "A library", "--project", "books", *extra)
        await self.api.twin.until(lambda: len(self.api.twin.runs) == 1, limit_s=30)
        await self.api.twin.emit(next(iter(self.api.twin.runs)), *events)
        return await ended(process)


async def ended(process: asyncio.subprocess.Process) -> Done:
    out, err = await process.communicate()
    assert process.returncode is not None
    return Done(process.returncode, out.decode(), err.decode())


@pytest.fixture
async def terminal(tmp_path: Path) -> AsyncIterator[Terminal]:
    async with running() as api:
        yield Terminal(api, tmp_path)


BEGIN = AgentStart(timestamp="t", project_id="books")
PREVIEW = "http://3000-x.localhost:8000"


def end(status: str) -> AgentComplete:
    return AgentComplete.model_validate(
        {"timestamp": "t", "project_id": "books", "status": status, "preview_url": PREVIEW}
    )


async def test_a_verified_build_ends_with_the_preview_and_0(terminal: Terminal) -> None:
    check = CheckResult(name="types", ok=True, seconds=1.0)
    done = await terminal.build(BEGIN, PreviewReady(url=PREVIEW, port=3000), check, end("verified"))
    assert (done.code, done.err) == (0, "")
    assert "✓ types  1.0 s" in done.out
    assert "Verified." in done.out
    assert f"Preview:  {PREVIEW}\n" in done.out
    assert f"{terminal.api.url}/projects/books" in done.out


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        (end("partly"), 3),
        (end("answered"), 3),
        (RunError(message="No sandbox.", error_type="x", timestamp="t"), 4),
        (UserInputRequired(question="Which colour?"), 5),
    ],
)
async def test_the_exit_code_tells_other_endings_apart(
    terminal: Terminal, ending: Event, code: int
) -> None:
    done = await terminal.build(BEGIN, ending)
    assert done.code == code, done


async def test_json_is_one_event_a_line_and_nothing_else(terminal: Terminal) -> None:
    report = VerificationReport(status="verified", checks=())
    done = await terminal.build(BEGIN, report, end("verified"), extra=("--json",))
    events = [json.loads(line) for line in done.out.splitlines()]
    assert [event["seq"] for event in events] == [1, 2, 3, 4, 5]
    assert events[-1]["type"] == "agent_complete"
    assert (done.code, done.err) == (0, "")


REPORT = VerificationReport(
    status="partly",
    sentence="1 of 2 wishes seen working; “There is a chart” fails.",
    checks=(),
    wishes=(
        WishProof(id="w1", text="There is a list", kind="data", state="proven"),
        WishProof(id="w2", text="There is a chart", kind="look", state="failing", reason="gone"),
    ),
    not_understood=("a map",),
    regressions=(Regression(wish_id="w2", text="There is a chart", broken_by="r7"),),
    weakened=("acceptance/test_a.py::test_b was deleted",),
)


async def test_a_report_tells_each_wish_and_what_is_missing(terminal: Terminal) -> None:
    await terminal.build(BEGIN, REPORT, end("partly"))
    done = await terminal.run("report", "books")
    assert (done.code, done.err) == (3, "")
    assert done.out.splitlines() == [
        REPORT.sentence,
        "  ✓ w1 There is a list",
        "  ✗ w2 There is a chart  does not work",
        "    It worked before run r7.",
        "    gone",
        "  ? not understood: a map",
        "  ! acceptance/test_a.py::test_b was deleted",
    ]
    run = next(iter(terminal.api.twin.runs))
    done = await terminal.run("report", "books", "--run", run, "--json")
    assert json.loads(done.out)["sentence"] == REPORT.sentence
    done = await terminal.run("report", "books", "--run", "nope")
    assert done.code == 1


async def test_verify_checks_again_and_ends_with_what_was_seen(terminal: Terminal) -> None:
    await terminal.build(BEGIN, end("verified"))
    twin = terminal.api.twin
    process = await terminal.start("verify", "books")
    await twin.until(lambda: len(twin.runs) == 2, limit_s=30)
    run = list(twin.runs)[-1]
    assert twin.runs[run].kind == "proof"
    await twin.emit(run, BEGIN, REPORT, end("partly"))
    done = await ended(process)
    assert done.code == 3
    assert REPORT.sentence in done.out


async def test_ctrl_c_cancels_the_run(terminal: Terminal) -> None:
    process = await terminal.start("build", "A library", "--project", "books")
    await terminal.api.twin.until(lambda: terminal.api.twin.tails == 1, limit_s=30)
    run = next(iter(terminal.api.twin.runs))
    await terminal.api.twin.emit(run, BEGIN, PreviewReady(url=PREVIEW, port=3000))
    assert process.stdout is not None
    while b"answers at" not in await process.stdout.readline():
        pass
    process.send_signal(signal.SIGINT)
    done = await ended(process)
    assert done.code == 130, done
    assert terminal.api.twin.runs[run].status == "cancelled"


async def test_a_build_goes_on_after_the_connection_was_lost(terminal: Terminal) -> None:
    twin, stopping = terminal.api.twin, terminal.api.services.stopping
    process = await terminal.start("build", "A library", "--project", "books", "--json")
    await twin.until(lambda: twin.tails == 1, limit_s=30)
    run = next(iter(twin.runs))
    await twin.emit(run, BEGIN)
    assert process.stdout is not None
    seen = [json.loads(await process.stdout.readline())["seq"] for _ in range(3)]
    stopping.set()
    await twin.until(lambda: twin.tails == 0)
    stopping.clear()
    await twin.emit(run, end("verified"))
    done = await ended(process)
    rest = [json.loads(line)["seq"] for line in done.out.splitlines()]
    assert (done.code, seen + rest) == (0, [1, 2, 3, 4])


async def test_chat_goes_on_with_a_project_and_knows_no_unseen_one(terminal: Terminal) -> None:
    unknown = await terminal.run("chat", "nowhere", "hello")
    assert unknown.code == 1
    assert "There is no project 'nowhere'." in unknown.err
    terminal.api.twin.add_project("ann", "books", "Books")
    process = await terminal.start("chat", "books", "What is this?")
    await terminal.api.twin.until(lambda: len(terminal.api.twin.runs) == 1, limit_s=30)
    run = next(iter(terminal.api.twin.runs.values()))
    await terminal.api.twin.emit(run.id, BEGIN, end("answered"))
    assert (await ended(process)).code == 0
    assert run.user_id == "ann"


async def test_logs_tell_a_run_again_and_follow_it(terminal: Terminal) -> None:
    run = await terminal.api.services.runs.accept(
        user_id="ann", project_id="books", message="A library"
    )
    await terminal.api.twin.emit(run.run_id, BEGIN, PreviewReady(url=PREVIEW, port=3000))
    shown = await terminal.run("logs", "books")
    assert (shown.code, PREVIEW in shown.out) == (0, True)
    process = await terminal.start("logs", "books", "-f", "--json")
    await terminal.api.twin.until(lambda: terminal.api.twin.tails == 1, limit_s=30)
    await terminal.api.twin.emit(run.run_id, end("verified"))
    followed = await ended(process)
    seqs = [json.loads(line)["seq"] for line in followed.out.splitlines()]
    assert (followed.code, seqs) == (0, [1, 2, 3, 4, 5])


async def test_what_a_project_has_is_listed_printed_and_exported(terminal: Terminal) -> None:
    twin = terminal.api.twin
    twin.add_project("local", "books", "Books & [more]")
    twin.files["books"] = {"a.py": b"print(1)\n", "ä/b.bin": bytes(range(256))}
    twin.points["books"] = [
        RestorePointRecord(
            project_id=ProjectId("todo"),
            version=1,
            run_id=None,
            restored_from=None,
            title="First",
            status="verified",
            created_at=datetime.now(UTC),
        )
    ]
    assert "Books & [more]" in (await terminal.run("projects")).out
    twin.wishes["books"] = WishList(
        wishes=(Wish(id="w1", text="A list", kind="data", quotes=(), state="failing"),)
    )
    wishes = await terminal.run("wishes", "books")
    assert (wishes.code, "✗ w1 A list  does not work" in wishes.out) == (3, True)
    address = json.loads((await terminal.run("preview", "books", "--json")).out)["preview_url"]
    assert address.startswith("http://3000-")
    nothing = await terminal.run("answer", "books", "red")
    assert (nothing.code, "Nothing is asked" in nothing.err) == (1, True)
    listed = json.loads((await terminal.run("files", "books", "--json")).out)
    assert [file["path"] for file in listed] == ["a.py", "ä/b.bin"]
    assert (await terminal.run("files", "books", "a.py")).out == "print(1)\n"
    versions = (await terminal.run("versions", "books")).out
    assert "all seen working" in versions
    assert "First" in versions
    assert "as version 2" in (await terminal.run("restore", "books", "1")).out
    missing = await terminal.run("restore", "books", "9")
    assert (missing.code, "no version 9" in missing.err) == (1, True)
    assert (await terminal.run("export", "books")).code == 0
    with zipfile.ZipFile(terminal.folder / "books.zip") as archive:
        assert archive.read("ä/b.bin") == bytes(range(256))


def test_without_a_platform_a_command_says_how_to_start_one(tmp_path: Path) -> None:
    environment = {"PORT": str(free_port()), "STACKWRIGHT_DATA_DIR": str(tmp_path)}
    done = run_here(tmp_path, environment, "projects")
    assert done.returncode == 1
    assert "stackwright serve" in done.stderr
    assert run_here(tmp_path, environment, "stop").stdout == "No platform is running here.\n"


async def test_another_program_at_the_port_is_not_taken_for_a_platform(tmp_path: Path) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi")
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        environment = {"PORT": str(port), "STACKWRIGHT_DATA_DIR": str(tmp_path)}
        done = await asyncio.to_thread(run_here, tmp_path, environment, "build", "A library")
    assert done.returncode == 1
    assert "Another program answers" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("serve",),
        ("worker",),
        ("build", "A library"),
        ("projects",),
        ("doctor", "--json"),
        ("prepare",),
        ("template", "show"),
        ("migrate",),
        ("stop",),
    ],
)
def test_wrong_settings_are_a_line_each_and_2(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    environment = {"SANDBOX_ENGINE": "docker", "E2B_API_URL": "localhost:3000"}
    done = run_here(tmp_path, environment, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    first, second = done.stderr.splitlines()
    assert first.startswith("SANDBOX_ENGINE must be")
    assert second.startswith("E2B_API_URL must be")


@pytest.mark.parametrize("arguments", [("serve",), ("worker",), ("build", "A library")])
def test_nothing_starts_with_a_template_that_is_not_there(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    environment = {
        "E2B_TEMPLATE_ID": "nope",
        "PORT": str(free_port()),
        "STACKWRIGHT_DATA_DIR": str(tmp_path),
    }
    done = run_here(tmp_path, environment, *arguments)
    assert done.returncode == 2
    assert "There are: base, next-fast-mongo-pre-v2." in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_help_lists_the_commands_without_loading_the_platform() -> None:
    code = (
        "import sys\n"
        "from stackwright.cli import main\n"
        "try:\n    main(['--help'])\n"
        "except SystemExit:\n    pass\n"
        "heavy = {'httpx', 'rich', 'fastapi', 'sqlalchemy', 'pydantic', 'langgraph'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert "Exit codes: 0 verified" in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"


def run_here(
    folder: Path, environment: dict[str, str], *arguments: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "stackwright", *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(SOURCES), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


async def test_files_are_sent_with_a_sentence(terminal: Terminal) -> None:
    (terminal.folder / "notes.txt").write_text("blue")
    done = await terminal.build(
        AgentStart(timestamp="t", project_id="books"),
        AgentComplete(timestamp="t", project_id="books", status="verified"),
        extra=("--attach", "notes.txt", "--json"),
    )
    first = json.loads(done.out.splitlines()[0])
    assert [one["name"] for one in first["attachments"]] == ["notes.txt"]
    missing = await terminal.run("build", "A library", "--attach", "nope.png")
    assert missing.code == 2
    assert "nope.png cannot be read" in " ".join(missing.err.split())


async def test_costs_are_told_by_day_and_by_tool_with_the_part_of_repairs(
    terminal: Terminal,
) -> None:
    terminal.api.twin.add_project("local", "shop", "A small shop")
    for arguments in ((), ("shop",)):
        done = await terminal.run("costs", *arguments)
        assert done.code == 0, done.err
        lines = [line.split() for line in done.out.splitlines()]
        assert ["2026-11-30", "0.2000", "3", "60", "30"] in lines
        assert ["edit_file", "0.2000", "3", "60", "30"] in lines
        assert ["repair", "0.0500", "1", "6", "3"] in lines
        assert ["total", "0.2500", "4", "66", "33"] in lines
        assert "1 calls have no known price" in done.out
    told = json.loads((await terminal.run("costs", "--json")).out)
    assert told["total"]["usd"] == 0.25


async def test_json_is_all_that_a_command_prints_when_it_is_asked_for(terminal: Terminal) -> None:
    twin = terminal.api.twin
    twin.add_project("local", "books", "Books")
    twin.files["books"] = {"a.py": b"print(1)\n", "b.bin": b"\xff\xfe"}

    async def told(*arguments: str) -> Any:
        done = await terminal.run(*arguments, "--json")
        assert (done.code, done.err) == (0, ""), done
        return json.loads(done.out)

    assert await told("files", "books", "a.py") == {
        "path": "a.py",
        "bytes": 9,
        "content": "print(1)\n",
    }
    assert (await told("files", "books", "b.bin"))["base64"] == "//4="
    assert (await told("export", "books"))["path"] == "books.zip"
    assert await told("stop", "books") == {"stopped": False, "run_id": None}
    run = await terminal.api.services.runs.accept(user_id="local", project_id="books", message="A")
    assert await told("stop", "books") == {"stopped": True, "run_id": run.run_id}


async def test_nothing_to_show_is_said(terminal: Terminal) -> None:
    terminal.api.twin.add_project("local", "books", "Books")
    wishes = await terminal.run("wishes", "books")
    assert (wishes.out, wishes.err) == ("", "Nothing was asked for in this project yet.\n")
    costs = await terminal.run("costs", "--run", "r1")
    assert (costs.code, "needs the project" in costs.err) == (2, True)


async def test_a_log_tells_the_message_and_what_is_asked(terminal: Terminal) -> None:
    run = await terminal.api.services.runs.accept(
        user_id="ann", project_id="books", message="A [library]"
    )
    await terminal.api.twin.emit(run.run_id, BEGIN, UserInputRequired(question="Which colour?"))
    shown = await terminal.run("logs", "books")
    assert shown.out.startswith("> A [library]\n")
    assert "Which colour?" in shown.out


async def test_a_plan_that_waits_is_no_build(terminal: Terminal) -> None:
    done = await terminal.build(BEGIN, end("answered"), extra=("--plan",))
    assert done.code == 3, "nothing was planned"
