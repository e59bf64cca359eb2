"""A stranger copies every command of the README into a terminal: in a fresh clone, with nothing installed.

Three things differ from the README: another port than 8000, a data directory of its own (with the
template layers that this checkout has built), and the tests are collected, not run, because they
contain this one.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from fixtures.readme import (
    PAGE,
    WITHOUT_MAKE,
    Command,
    commands_in_blocks,
    commands_in_sentences,
    fresh_clone,
    interpreters,
    uv,
)
from stackwright.core.settings import minimal_environment
from stackwright.testing.platform_process import (
    failed_checks,
    free_port,
    last,
    share_template_layers,
)

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

START_LIMIT_S = 400
SERVES = re.compile(r"(?P<settings>(?:[A-Z0-9_]+=\S+ )*)(?:make run|python main\.py)\b")
RUNS_TO_ITS_END = re.compile(
    r"uv venv\b|\. \.venv/bin/activate|uv pip install |alembic upgrade head|\.venv/bin/stackwright (?:build|report|verify|costs|export) |curl "
)
LOOKED_AT = {"make test": "make -n test", "pytest tests/": "pytest tests/ --collect-only -q"}
"""What would run this test again, and what is done in its place."""
ONLY_NAMED = {
    "make run": "runs, from the first block",
    "docker compose up --build": "builds images: needs a Docker daemon and a registry",
}
"""Commands in sentences, and why that is enough."""
KEYS = {
    "ANTHROPIC_API_KEY": ("agent", "anthropic"),
    "OPENAI_API_KEY": ("agent", "langchain"),
    "E2B_API_KEY": ("sandboxes", "failed"),
}
"""What /health says of a platform with the README's key, which nobody gave out."""

COMMANDS = commands_in_blocks(PAGE.read_text())
PYTHONS = interpreters(("3.11", "3.12"))


def looked_at(text: str) -> str | None:
    plain = text.partition(" #")[0].strip()
    return LOOKED_AT.get(plain)


def test_each_command_of_the_readme_is_one_that_this_file_runs() -> None:
    unknown = [
        command.text
        for command in COMMANDS
        if not (
            SERVES.match(command.text)
            or RUNS_TO_ITS_END.match(command.text)
            or looked_at(command.text)
        )
    ]
    assert unknown == []
    assert commands_in_sentences(PAGE.read_text()) <= set(ONLY_NAMED)


def test_the_original_way_is_among_the_commands() -> None:
    told = [command.text.partition(" #")[0].strip() for command in of_section(WITHOUT_MAKE)]
    original = [
        "uv venv",
        "uv pip install -r requirements.txt",
        "alembic upgrade head",
        "python main.py",
        "pytest tests/",
    ]
    assert [text for text in told if text in original] == original


def of_section(name: str) -> list[Command]:
    return [command for command in COMMANDS if command.section == name]


@dataclass
class Terminal:
    """A shell in the clone, with a few variables and without any installed package."""

    clone: Path
    environment: dict[str, str]
    port: int
    sourced: list[str] = field(default_factory=list)

    def _argv(self, text: str) -> list[str]:
        line = text.replace("localhost:8000", f"localhost:{self.port}")
        return ["bash", "-c", "\n".join([*self.sourced, line])]

    def run(self, text: str) -> str:
        if text.startswith(". "):
            self.sourced.append(text)
        done = subprocess.run(
            self._argv(text),
            cwd=self.clone,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=600,
        )
        assert done.returncode == 0, f"{text}\n{done.stdout[-4000:]}"
        return done.stdout

    @contextmanager
    def serving(self, text: str) -> Generator[None]:
        """The command runs during the block, from its word that it is ready until Ctrl-C."""
        lines: list[str] = []
        ready = threading.Event()
        process = subprocess.Popen(
            self._argv(text),
            cwd=self.clone,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        reader = threading.Thread(target=_read, args=(process, lines, ready))
        reader.start()
        try:
            ready.wait(START_LIMIT_S)
            assert process.poll() is None, f"{text}\n{''.join(lines)[-4000:]}"
            assert any("is ready" in line for line in lines), f"{text}\n{''.join(lines)[-4000:]}"
            yield
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGINT)
            reader.join(60)
            process.wait(10)

    def health(self, part: str) -> dict:
        """Its status, and what else it says of itself."""
        answer = httpx.get(f"http://localhost:{self.port}/health", timeout=60).json()["parts"][part]
        return {"status": answer["status"], **answer["detail"]}


def _read(process: subprocess.Popen[str], lines: list[str], ready: threading.Event) -> None:
    assert process.stdout is not None
    with process.stdout:
        for line in process.stdout:
            lines.append(line)
            if "is ready" in line:
                ready.set()
    ready.set()


@contextmanager
def terminal(python: Path) -> Generator[Terminal]:
    # Not pytest's folder: the account of the embedded PostgreSQL may not pass through it.
    folder = Path(tempfile.mkdtemp(prefix="stackwright-readme-"))
    folder.chmod(0o755)
    try:
        clone, data_dir, tools = folder / "clone", folder / "data", folder / "tools"
        tools.mkdir()
        (tools / "uv").symlink_to(uv())
        for name in ("python", "python3"):
            (tools / name).symlink_to(python)
        fresh_clone(clone)
        share_template_layers(data_dir)
        port = free_port()
        kept = {k: v for k, v in minimal_environment().items() if k != "PYTHONPATH"}
        environment = {
            **kept,
            **_of_package_tools(),
            "PATH": f"{tools}:{kept['PATH']}",
            "PYTHON": str(python),
            "UV_PYTHON_PREFERENCE": "only-system",
            "PORT": str(port),
            "STACKWRIGHT_DATA_DIR": str(data_dir),
        }
        yield Terminal(clone, environment, port)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _of_package_tools() -> dict[str, str]:
    """How pip and uv reach their indexes on this machine."""
    kept = ("PIP_", "UV_", "SSL_CERT")
    plain = {name: value for name, value in os.environ.items() if name.startswith(kept)}
    proxies = {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
    # With UV_PYTHON, `uv pip install` would go past the virtual environment.
    return {name: value for name, value in {**plain, **proxies}.items() if name != "UV_PYTHON"}


@pytest.fixture(params=PYTHONS)
def python(request: pytest.FixtureRequest) -> Path:
    found = PYTHONS[request.param]
    if found is None:
        pytest.skip(
            f"Python {request.param} is not on this machine: apt-get install python{request.param} "
            f"python{request.param}-venv, pyenv install {request.param}, or uv python install {request.param}"
        )
    return found


@pytest.fixture
def the_python_of_make() -> Path:
    return next(path for path in PYTHONS.values() if path is not None)


def test_without_make_the_platform_is_installed_migrated_started_and_builds(python: Path) -> None:
    (chat,) = [command.text for command in COMMANDS if command.text.startswith("curl ")]
    with terminal(python) as shell:
        for command in of_section(WITHOUT_MAKE):
            if SERVES.match(command.text):
                with shell.serving(command.text):
                    assert_builds(shell, chat)
            else:
                shell.run(looked_at(command.text) or command.text)


def assert_builds(shell: Terminal, chat: str) -> None:
    assert shell.health("agent")["provider"] == "offline"
    stream = shell.run(chat)
    events = [
        json.loads(line.removeprefix("data: "))
        for line in stream.splitlines()
        if line.startswith("data: ")
    ]
    assert events[0]["type"] == "user_message"
    assert failed_checks(events) == []
    assert last(events, "agent_complete")["status"] == "verified"


def test_with_make_the_rest_of_the_readme_works(the_python_of_make: Path) -> None:
    rest = [command.text for command in COMMANDS if command.section != WITHOUT_MAKE]
    with terminal(the_python_of_make) as shell:
        for text in with_a_key(rest):
            with shell.serving(text):
                assert_uses_the_key(shell, text)
        (plain,) = [text for text in rest if SERVES.match(text) and text not in with_a_key(rest)]
        with shell.serving(plain):
            for text in rest:
                if not SERVES.match(text):
                    shell.run(looked_at(text) or text)


def with_a_key(commands: list[str]) -> list[str]:
    return [text for text in commands if (served := SERVES.match(text)) and served["settings"]]


def assert_uses_the_key(shell: Terminal, text: str) -> None:
    part, said = next(expected for name, expected in KEYS.items() if text.startswith(name))
    assert said in shell.health(part).values()
