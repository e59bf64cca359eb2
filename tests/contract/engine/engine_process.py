"""A real engine process for tests, started the way the platform starts it."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KEY = "e2b_" + "0" * 40


@dataclass
class EngineProcess:
    process: subprocess.Popen[str]
    data_dir: Path
    url: str

    @property
    def options(self) -> dict[str, Any]:
        return {"api_key": KEY, "api_url": self.url, "sandbox_url": self.url}

    def stop(self) -> int:
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.process.wait(20)


def start_engine(data_dir: Path, **config: object) -> EngineProcess:
    folders = {
        str(Path(path).parent) for path in map(shutil.which, ("node", "bwrap", "uv")) if path
    }
    log_path = data_dir.parent / f"{data_dir.name}.log"
    with log_path.open("a") as log:
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
    process.stdin.write(json.dumps({"data_dir": str(data_dir), "api_key": KEY, **config}) + "\n")
    process.stdin.flush()
    said = process.stdout.readline()
    assert said, log_path.read_text()
    return EngineProcess(process, data_dir, json.loads(said)["api_url"])


@contextmanager
def running_engine(data_dir: Path, **config: object) -> Iterator[EngineProcess]:
    engine = start_engine(data_dir, **config)
    try:
        yield engine
    finally:
        engine.stop()
        assert engine.process.stdout is not None
        engine.process.stdout.close()
