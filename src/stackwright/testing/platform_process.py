"""Real platform processes for end-to-end tests and benchmarks, and the client that talks to them."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from stackwright.core.settings import Settings, minimal_environment

START_LIMIT_S = 120.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class PlatformProcess:
    """One process of the platform. Those with the same data directory (or the same DATABASE_URL and
    engine) work together."""

    data_dir: Path
    arguments: tuple[str, ...]
    name: str
    environment: dict[str, str] = field(default_factory=dict[str, str])
    process: subprocess.Popen[bytes] | None = None

    def launch(self) -> None:
        """Start it without waiting for anything."""
        share_template_layers(self.data_dir)
        environment = {
            **minimal_environment(),
            "STACKWRIGHT_DATA_DIR": str(self.data_dir),
            "LOG_DIR": str(self.data_dir / "log" / self.name),
            "MAX_SANDBOXES_PER_USER": "4",
            "ENV": "test",
            **self.environment,
        }
        with self._output_path.open("ab") as output:
            self.process = subprocess.Popen(  # noqa: S603 (our own program)
                [sys.executable, "-m", "stackwright", *self.arguments],
                cwd=self.data_dir,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def start(self) -> None:
        """Start it and return when it is ready for its work."""
        before = len(self.output())
        self.launch()
        self.await_ready(before)

    def await_ready(self, before: int = 0) -> None:
        """Return when the launched process is ready, by what it wrote after the first `before`
        characters."""
        assert self.process is not None
        deadline = time.monotonic() + START_LIMIT_S
        while time.monotonic() < deadline and self.process.poll() is None:
            if self._is_ready(self.output()[before:]):
                return
            time.sleep(0.1)
        raise AssertionError(f"{self.name} did not start:\n" + self.output()[-4000:])

    def stop(self, how: int = signal.SIGTERM, *, limit_s: float = 20.0) -> int:
        """Send the signal and return the exit code."""
        assert self.process is not None
        self.process.send_signal(how)
        code = self.process.wait(timeout=limit_s)
        self.process = None
        return code

    def output(self) -> str:
        """What it wrote so far, in all its lives."""
        path = self._output_path
        return path.read_text(errors="replace") if path.exists() else ""

    @property
    def _output_path(self) -> Path:
        return self.data_dir / f"{self.name}.out"

    def _is_ready(self, said: str) -> bool:
        return "worker_started" in said


@dataclass
class Platform(PlatformProcess):
    """`stackwright serve`, and how one talks to it. Template layers are shared with the host's."""

    arguments: tuple[str, ...] = ("serve",)
    name: str = "serve"
    port: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def launch(self) -> None:
        self.environment = {"PORT": str(self.port), **self.environment}
        super().launch()

    def _is_ready(self, said: str) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", timeout=2).status_code == 200
        except httpx.TransportError:
            return False

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=120)

    def app(self, preview_url: str, method: str, path: str, **options: Any) -> httpx.Response:
        """A request to a previewed app. Browsers resolve `*.localhost` by themselves, we do not."""
        return httpx.request(
            method,
            f"http://127.0.0.1:{self.port}{path}",
            headers={"Host": urlsplit(preview_url).netloc},
            timeout=60,
            **options,
        )

    def events(
        self,
        project: str,
        message: str,
        *,
        user: str = "ann",
        headers: dict[str, str] | None = None,
    ) -> Iterator[dict[str, Any]]:
        """POST a message and yield the events of its stream until the server closes it."""
        body = {
            "message": message,
            "user_id": user,
            "project_id": project,
            "email_id": f"{user}@example.org",
        }
        with (
            self.client() as client,
            client.stream(
                "POST", f"/api/projects/{project}/chat", json=body, headers=headers
            ) as response,
        ):
            if response.status_code != 200:
                response.read()
                raise AssertionError(f"{response.status_code}: {response.text}")
            for line in response.iter_lines():
                if line.startswith("data: "):
                    yield json.loads(line.removeprefix("data: "))

    def chat(self, project: str, message: str, *, user: str = "ann") -> list[dict[str, Any]]:
        return list(self.events(project, message, user=user))


def share_template_layers(data_dir: Path) -> None:
    """Let a fresh data directory use the template layers that this host has built already."""
    built = Settings().sandbox.data_dir
    (data_dir / "engine").mkdir(parents=True, exist_ok=True)
    for shared in (built / "layers", built / "tools"):
        link = data_dir / "engine" / shared.name
        if shared.exists() and not link.exists():
            link.symlink_to(shared)


def last(events: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    """The last event of that type; fails with the stream's end when there is none."""
    found = [event for event in events if event["type"] == kind]
    assert found, f"no {kind} among {[e['type'] for e in events][-30:]}"
    return found[-1]


def failed_checks(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    reports = [event for event in events if event["type"] == "verification_report"]
    return [check for check in reports[-1]["checks"] if not check["ok"]] if reports else []
