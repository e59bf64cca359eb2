"""`make test` and `make run` in an exported app, on this machine, without anything of ours."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

import pytest

from fixtures.generated_application import CODE, DATA, ROOT, TEMPLATE
from fixtures.waiting import eventually
from stackwright.scaffold.generate import generate
from stackwright.scaffold.spec import AppSpec, WishLink

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

LINKS = (
    WishLink(wish="w1", shows="records", entity="task"),
    WishLink(wish="w2", shows="choices", entity="task", field="priority"),
    WishLink(wish="w3", shows="title"),
)


@dataclass
class Export:
    folder: Path
    scratch: Path
    mark: str = field(default_factory=lambda: uuid.uuid4().hex)

    def make(self, target: str, **variables: str) -> subprocess.Popen[str]:
        """As a person would call it, in a group of its own."""
        programs = {str(Path(p).parent) for p in map(shutil.which, ("node", "make")) if p}
        return subprocess.Popen(
            ["make", target],
            cwd=self.folder,
            env={
                "HOME": os.environ["HOME"],
                "PATH": ":".join([*sorted(programs), "/usr/bin", "/bin"]),
                "PYTHON": sys.executable,
                "TMPDIR": str(self.scratch),
                "EXPORT_MARK": self.mark,
                **variables,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def test(self, **variables: str) -> tuple[int, str]:
        process = self.make("test", **variables)
        said, _ = process.communicate(timeout=600)
        return process.returncode, said

    def is_gone(self) -> bool:
        """Nothing of it runs any more, and nothing lies about."""
        return not self._processes() and not list(self.scratch.iterdir())

    def end(self) -> None:
        for pid in self._processes():
            os.kill(pid, signal.SIGKILL)

    def _processes(self) -> list[int]:
        sign = f"EXPORT_MARK={self.mark}".encode()
        found: list[int] = []
        for entry in Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and sign in (entry / "environ").read_bytes():
                    found.append(int(entry.name))
            except OSError:
                continue
        return found


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Export]:
    """Its tests share what the first one installs."""
    folder = tmp_path_factory.mktemp("export")
    exported = Export(folder / "app", folder / "scratch")
    exported.scratch.mkdir()
    _lay_out_template(exported.folder)
    spec = AppSpec.model_validate_json((DATA / "todo.json").read_text())
    for path, text in generate(spec, (), LINKS).items():
        (exported.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (exported.folder / path).write_text(text)
    yield exported
    exported.end()
    shutil.rmtree(folder)


def _lay_out_template(folder: Path) -> None:
    template = ROOT / "templates" / TEMPLATE
    steps = json.loads((template / "template.json").read_text())["steps"]
    (sources,) = [step for step in steps if step["name"] == "sources"]
    for copy in sources["copy"]:
        target = Path(copy["to"])
        if target.is_relative_to(CODE):
            source, inside = template / copy["from"], folder / target.relative_to(CODE)
            (shutil.copytree if source.is_dir() else shutil.copyfile)(source, inside)


@contextmanager
def database_of_the_machine(export: Export, folder: Path) -> Iterator[str]:
    """A server that runs already."""
    (port, _) = _free_ports()
    server = export.folder / ".venv/mongodb/bin/secantusd-py"
    where = ["--host", "127.0.0.1", "--port", str(port), "--storage-path", str(folder)]
    with subprocess.Popen([server, *where, "--standalone", "--log-level", "WARNING"]) as process:
        try:
            url = f"mongodb://127.0.0.1:{port}"
            databases(export, url)
            yield url
        finally:
            process.terminate()


def databases(export: Export, url: str) -> list[str]:
    """Waits until the server is there."""
    ask = "import pymongo, sys; print(*pymongo.MongoClient(sys.argv[1]).list_database_names())"
    python = export.folder / ".venv/backend/bin/python"
    return subprocess.check_output([python, "-c", ask, url], text=True, timeout=60).split()


def test_an_exported_app_proves_itself(export: Export) -> None:
    code, said = export.test()
    assert code == 0, said
    assert "All passed." in said
    assert "3 passed" in said.partition("Every wish, in a browser")[2], said
    assert export.is_gone()


def test_a_fault_of_the_backend_turns_it_red(export: Export, tmp_path: Path) -> None:
    store = export.folder / "backend/store.py"
    sound = store.read_text()
    fault = sound.replace("{**values, **place, ", "{")  # answered, and nothing stored
    assert fault != sound
    store.write_text(fault)
    try:
        with database_of_the_machine(export, tmp_path) as url:
            code, said = export.test(MONGODB_URL=url)
            assert [name for name in databases(export, url) if name.startswith("test_")] == []
    finally:
        store.write_text(sound)
    assert code != 0
    assert "Failed: backend tests, acceptance." in said
    assert "test_tasks_can_be_added_changed_and_deleted FAILED" in said
    assert export.is_gone()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_an_interrupted_test_leaves_nothing_behind(export: Export, number: signal.Signals) -> None:
    with export.make("test") as process:
        _read_until(process, "Production build")
        os.killpg(process.pid, number)  # as a terminal does: to all that it knows of
        assert process.wait(60) != 0
    eventually(export.is_gone)


def test_the_app_runs_for_development(export: Export) -> None:
    frontend, backend = _free_ports()
    ports = {"PORT": str(frontend), "BACKEND_PORT": str(backend)}
    with export.make("run", **ports) as process:
        _read_until(process, "The app: ")
        with urlopen(f"http://127.0.0.1:{frontend}/api/tasks", timeout=60) as answer:
            assert json.load(answer)["items"] == []
        with export.make("run", **ports) as second:
            said, _ = second.communicate(timeout=60)
        assert second.returncode != 0
        assert f"Port {frontend} is taken." in said
        os.killpg(process.pid, signal.SIGINT)
        process.wait(60)
    eventually(export.is_gone)


def _read_until(process: subprocess.Popen[str], words: str) -> None:
    assert process.stdout is not None
    said: list[str] = []
    for line in process.stdout:
        said.append(line)
        if words in line:
            return
    raise AssertionError("".join(said))


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        for each in (one, other):
            each.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]
