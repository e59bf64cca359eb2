"""The adapters read task sets of others in their own form, and run their own tests."""

import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from evaluation.public import baxbench, next_evals
from evaluation.public.__main__ import main
from evaluation.public.forward import forwarded

DATA = Path(__file__).parents[1] / "data" / "public"


class Echo(BaseHTTPRequestHandler):
    hosts: list[str] = []  # noqa: RUF012 (one for all requests)

    def do_POST(self) -> None:
        self.hosts.append(self.headers["host"])
        body = self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def echo() -> Iterator[int]:
    with HTTPServer(("127.0.0.1", 0), Echo) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_a_scenario_is_read_without_running_it() -> None:
    (scenario,) = baxbench.scenarios(DATA / "baxbench")
    assert (scenario.name, scenario.module) == ("Echo", "echo")
    assert scenario.tests == ("func_test_says_the_same", "func_test_says_more")
    assert (
        "a backend with FastAPI, no pages: service that repeats what it hears." in scenario.message
    )
    assert "/echo:" in scenario.message
    assert scenario.message.endswith("Answer at once.")


def test_the_tests_of_a_scenario_ask_the_preview(echo: int) -> None:
    (scenario,) = baxbench.scenarios(DATA / "baxbench")
    with forwarded(echo, "8000-abc.localhost") as port:
        results = baxbench.passed(DATA / "baxbench", scenario, port, python=sys.executable)
    assert results == {"func_test_says_the_same": True, "func_test_says_more": False}
    assert set(Echo.hosts) == {"8000-abc.localhost"}


def test_the_assertions_of_a_next_task_are_kept_from_the_builder() -> None:
    (task,) = next_evals.next_tasks(DATA / "next-evals")
    assert set(task.workspace()) == {"frontend/package.json", "frontend/app/page.tsx"}
    assert "searchParams" not in task.message
    assert task.message.startswith("Greet the visitor")


@pytest.mark.parametrize(("source", "expected"), [("searchParams", True), ("nothing", False)])
def test_the_assertions_are_run_over_what_came_out(
    tmp_path: Path, source: str, expected: bool
) -> None:
    (task,) = next_evals.next_tasks(DATA / "next-evals")
    vitest = tmp_path / "vitest"
    vitest.write_text('#!/bin/sh\ntest -f "$2" && grep -q searchParams app/page.tsx\n')
    vitest.chmod(0o755)
    into = tmp_path / "into"
    into.mkdir()
    made = {"frontend/app/page.tsx": source.encode(), "frontend/../../evil": b"", "backend/x": b""}
    assert next_evals.passes(task, made, into, vitest=str(vitest)) is expected
    assert not (tmp_path / "evil").exists()
    assert not (into / "x").exists()


def test_a_folder_without_tasks_says_how_to_get_them(tmp_path: Path) -> None:
    with pytest.raises(baxbench.WrongFolder, match="git clone"):
        baxbench.scenarios(tmp_path)
    with pytest.raises(baxbench.WrongFolder, match="sparse-checkout"):
        next_evals.next_tasks(tmp_path)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("baxbench",), "git clone https://github.com/logic-star-ai/baxbench"),
        (("next-evals",), "git sparse-checkout set evals/evals"),
        (("baxbench", "--folder", "{empty}"), "has no src/scenarios. git clone"),
        (("next-evals", "--folder", "{empty}/nothing"), "has no tasks. git clone"),
        (("baxbench", "--folder", f"{DATA}/baxbench", "--only", "Poet"), "No task is called Poet."),
    ],
)
def test_without_a_checkout_the_command_says_how_to_get_one_and_builds_nothing(
    given: tuple[str, ...],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments = [word.format(empty=tmp_path) for word in given]
    monkeypatch.setattr("sys.argv", ["evaluation.public", *arguments])
    assert main() == 2
    told = capsys.readouterr()
    assert said in told.out + told.err
