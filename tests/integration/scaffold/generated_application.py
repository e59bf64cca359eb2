"""Generated applications in sandboxes of the real template, made by the real local engine."""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from e2b import Sandbox

from stackwright.scaffold.generate import generate
from stackwright.scaffold.spec import AppSpec

ROOT = Path(__file__).parents[3]
DATA = ROOT / "tests/data/scaffold"
TEMPLATE = "next-fast-mongo-pre-v2"
CODE = "/home/user/code"
KEY = "e2b_" + "0" * 40


@dataclass
class Application:
    sandbox: Sandbox
    url: str

    def run(self, command: str, folder: str = "") -> str:
        """The output of a command that must succeed."""
        done = self.sandbox.commands.run(
            f"({command}) 2>&1 || {{ echo FAILED with $?; exit 0; }}",
            cwd=f"{CODE}/{folder}",
            timeout=100,
        )
        assert "FAILED with" not in done.stdout, done.stdout
        return done.stdout


@contextmanager
def running_engine(data_dir: Path) -> Iterator[dict[str, Any]]:
    folders = {str(Path(p).parent) for p in map(shutil.which, ("node", "bwrap", "uv")) if p}
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "stackwright.engine"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env={"PATH": ":".join([*sorted(folders), "/usr/bin", "/bin", "/usr/sbin"])},
            text=True,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        config = {
            "data_dir": str(data_dir),
            "api_key": KEY,
            "templates_dir": str(ROOT / "templates"),
            "with_bun": True,
        }
        try:
            process.stdin.write(json.dumps(config) + "\n")
            process.stdin.flush()
            said = process.stdout.readline()
            log.seek(0)
            assert said, log.read()
            url = json.loads(said)["api_url"]
            yield {"api_key": KEY, "api_url": url, "sandbox_url": url}
        finally:
            process.stdin.close()
            process.wait(20)
            process.stdout.close()


@contextmanager
def application(engine: dict[str, Any], name: str) -> Iterator[Application]:
    """The application of tests/data/scaffold/<name>.json, with all services answering."""
    sandbox = Sandbox.create(TEMPLATE, timeout=900, **engine)
    try:
        spec = AppSpec.model_validate_json((DATA / f"{name}.json").read_text())
        for path, text in generate(spec).items():
            sandbox.files.write(f"{CODE}/{path}", text)
        definition = json.loads((ROOT / "templates" / TEMPLATE / "template.json").read_text())
        for service in definition["services"]:
            sandbox.commands.run(
                service["command"], background=True, cwd=service["cwd"], timeout=0
            ).disconnect()
            if "path" in service["ready"]:
                _wait(engine, sandbox, service["port"], service["ready"]["path"])
            else:
                sandbox.commands.run(
                    f"until (: </dev/tcp/127.0.0.1/{service['port']}) 2>/dev/null; do :; done",
                    timeout=30,
                )
        port = str(engine["api_url"]).rpartition(":")[2]
        yield Application(sandbox, f"http://3000-{sandbox.sandbox_id}.localhost:{port}")
    finally:
        sandbox.kill()


def _wait(engine: dict[str, Any], sandbox: Sandbox, port: int, path: str) -> None:
    headers = {"E2b-Sandbox-Id": sandbox.sandbox_id, "E2b-Sandbox-Port": str(port)}
    url = Request(engine["api_url"] + path, headers=headers)
    deadline = time.monotonic() + 60
    while True:
        try:
            with urlopen(url, timeout=30) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            assert time.monotonic() < deadline, f"{path} on port {port} does not answer"
            time.sleep(0.1)
