"""The platform's process on this machine: run it here, find it, start it behind, stop it."""

import contextlib
import errno
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import httpx
import typer
from rich.console import Console

from stackwright.cli.client import fail
from stackwright.cli.console_build import build_missing_console
from stackwright.core.loading import to_stay
from stackwright.core.setting_groups import ServerSettings
from stackwright.core.settings import Settings, load_settings
from stackwright.runs.sandbox_findings import refuse_unusable, usable_settings

RECORD = "server.json"
OUTPUT = "serve.out"
START_LIMIT_S = 1800.0
"""The first start of all builds the application template, which takes minutes."""
STOP_LIMIT_S = 30.0
LOOK_EVERY_S = 0.1


def serve_here(*, host: str | None, port: int | None, with_worker: bool) -> NoReturn:
    """Serve until told to stop."""
    given = {"host": host, "port": port}
    settings = usable_settings({name: value for name, value in given.items() if value is not None})
    refuse_taken_port(settings.server)
    build_missing_console()
    with _recorded(settings):
        if settings.reload:
            # Loaded late: only developers use it.
            from stackwright.cli.reloading import serve_reloading  # noqa: PLC0415

            serve_reloading(partial(_serve, settings, with_worker=with_worker))
        else:
            _serve(settings, with_worker=with_worker)
    _end()


def refuse_taken_port(server: ServerSettings) -> None:
    """End the command, before anything is prepared, when another program listens where it would serve."""
    family = socket.AF_INET6 if ":" in server.host else socket.AF_INET
    try:
        socket.create_server((server.host, server.port), family=family).close()
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            fail(f"Nothing can listen at {server.host}:{server.port}: {error.strerror}.")
        fail(
            f"Port {server.port} is in use. If that is an older Stackwright, end it with: stackwright stop. "
            f"Or choose another port: PORT={server.port + 1} make run"
        )


def _serve(settings: Settings, *, with_worker: bool) -> None:
    with to_stay():
        # Loaded late: this is the whole platform.
        from stackwright.serving import run, serve  # noqa: PLC0415

    # While it starts and closes, SIGTERM ends it like Ctrl-C: in order.
    signal.signal(signal.SIGTERM, _interrupt)
    with contextlib.suppress(KeyboardInterrupt):
        run(serve(settings, with_worker=with_worker))


def work_here() -> NoReturn:
    """Work on runs until told to stop."""
    settings = usable_settings()
    with to_stay():
        # Loaded late: this is the whole platform.
        from stackwright.serving import run, work  # noqa: PLC0415

    run(work(settings))
    _end()


def _end() -> NoReturn:
    """End this process now. Everything is closed in order; taking the interpreter apart would only
    let the one who waits for us wait seconds longer on a busy machine."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    os.kill(os.getpid(), signal.SIGINT)


def migrate_database() -> None:
    """Apply what is missing, to the embedded database or to the given one."""
    # Loaded late: Alembic, SQLAlchemy and LangGraph are slow.
    from stackwright.db.address import addresses  # noqa: PLC0415
    from stackwright.db.embedded import EmbeddedPostgres  # noqa: PLC0415
    from stackwright.tables import complete  # noqa: PLC0415

    settings = load_settings().database
    given = addresses(settings)
    if given is not None:
        complete(given[1])
    else:
        embedded = EmbeddedPostgres(settings.data_dir)
        try:
            complete(embedded.start())
        finally:
            embedded.stop()
    typer.echo("The database is up to date.")


def find_or_start(*, may_start: bool, quiet: bool) -> str:
    """The address of the platform of this machine, running. Ends the command when there is none."""
    settings = load_settings()
    url = f"http://localhost:{settings.port}"
    if _is_platform(url):
        return url
    if not may_start:
        fail(f"No platform answers at {url}. Start it with: stackwright serve")
    refuse_unusable(settings)
    _start(settings, url, Console(stderr=True, quiet=quiet))
    return url


def stop_server(*, as_json: bool) -> int:
    """Ask the recorded server to end, and wait for it."""
    path = load_settings().stackwright_data_dir / RECORD
    pid = _recorded_pid(path)
    if pid is None:
        typer.echo('{"stopped": false}' if as_json else "No platform is running here.")
        return 0
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_LIMIT_S
    while _is_server(pid):
        if time.monotonic() > deadline:
            typer.secho(f"Process {pid} does not end; its log tells why.", fg="red", err=True)
            return 1
        time.sleep(LOOK_EVERY_S)
    typer.echo('{"stopped": true}' if as_json else "Stopped.")
    return 0


@contextmanager
def _recorded(settings: Settings) -> Generator[None]:
    """Leave a note of this process for `stop` while the block runs."""
    path = settings.stackwright_data_dir / RECORD
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"pid": os.getpid(), "url": settings.server.public_url}))
    try:
        yield
    finally:
        if _read_record(path).get("pid") == os.getpid():
            path.unlink(missing_ok=True)


def _start(settings: Settings, url: str, console: Console) -> None:
    output = settings.log_dir / OUTPUT
    output.parent.mkdir(parents=True, exist_ok=True)
    with output.open("wb") as sink:
        process = subprocess.Popen(
            [sys.executable, "-m", "stackwright", "serve"],
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    with console.status("Starting the platform…") as status:
        deadline = time.monotonic() + START_LIMIT_S
        while not _is_ready(url):
            if process.poll() is not None or time.monotonic() > deadline:
                fail(
                    f"The platform did not start.\n{_last_lines(output, 15)}\n(all of it: {output})"
                )
            line = _last_lines(output, 1).strip()
            status.update(f"Starting the platform… {line[:100]}", speed=1.0)
            time.sleep(LOOK_EVERY_S)
    console.print(
        f"Started the platform at {url} (log: {output}). It keeps running; end it with: stackwright stop"
    )


def _is_platform(url: str) -> bool:
    """Ends the command when another program answers there."""
    try:
        answer = httpx.get(f"{url}/api/version", timeout=5, trust_env=False)
    except httpx.TransportError:
        return False
    if b'"stackwright"' not in answer.content:
        fail(f"Another program answers at {url}; choose another PORT.")
    return True


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz", timeout=5, trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


def _recorded_pid(path: Path) -> int | None:
    pid = _read_record(path).get("pid")
    return pid if isinstance(pid, int) and _is_server(pid) else None


def _read_record(path: Path) -> dict[str, Any]:
    try:
        return json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return {}


def _is_server(pid: int) -> bool:
    """Whether that process is (still) a platform of ours, and not another with its number."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return b"stackwright" in command or b"main.py" in command


def _last_lines(path: Path, count: int) -> str:
    with contextlib.suppress(OSError):
        lines = path.read_text(errors="replace").splitlines()
        return "\n".join([line for line in lines if line.strip()][-count:])
    return ""


def prepare_template() -> int:
    """Build the layers of the local engine's template, with progress; quick when they are there."""
    settings = load_settings()
    sandbox = settings.sandbox
    if sandbox.engine != "local":
        return 0
    refuse_unusable(settings)
    command = (
        *(sys.executable, "-m", "stackwright.engine", "build"),
        *("--data-dir", str(sandbox.data_dir), "--templates-dir", str(sandbox.templates_dir)),
        sandbox.template,
    )
    return subprocess.run(command, check=False).returncode  # noqa: S603 (our own program)
