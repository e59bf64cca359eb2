"""A platform of several processes: two APIs, two workers, PgBouncer in front of PostgreSQL, Redis."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from fixtures.scripted_process import scripted_model
from fixtures.waiting import eventually
from stackwright.testing.fleet import Fleet
from stackwright.testing.platform_process import free_port

COUNTED = (
    "echo once >>$HOME/effects; for i in $(seq 1 60); do echo tick; sleep 0.1; done;"
    " echo begun $(wc -l <$HOME/effects) times"
)
"""Six seconds of work that tells how often it was begun."""
ENDLESS = "echo made > made.txt; echo begun; sleep 1000 & setsid sleep 2000 & (sleep 3000; true)"

SCRIPTS: dict[str, list[Any]] = {
    "hello": ["Hello."],
    "count": [[("run_command", {"command": COUNTED})], "Counted."],
    "overloaded": [
        {
            "calls": [{"name": "run_command", "arguments": {"command": COUNTED}}],
            "faults": ["529", "529"],
        },
        "Counted.",
    ],
    "endless": [
        [("run_command", {"command": ENDLESS, "timeout_s": 600})],
        [("run_command", {"command": "pgrep -ax sleep || true"})],
        "That runs.",
    ],
    "linger": [
        [("run_command", {"command": "setsid sleep 4000 >/dev/null 2>&1 & echo begun"})],
        [("run_command", {"command": "sleep 3"}), ("ask_user_tool", {"question": "Which colour?"})],
        [("run_command", {"command": "pgrep -ax sleep || true"})],
        "That runs.",
    ],
    "steps": [*([("run_command", {"command": f"sleep 0.3; echo {n}"})] for n in range(12)), "Ok."],
    "ask": [[("ask_user_tool", {"question": "Which colour?"})], "Thank you."],
}


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="stackwright-fleet-"))
    made.chmod(0o755)  # run by root, PgBouncer and PostgreSQL have an account of their own
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(scope="module")
def fleet(folder: Path, database_url: str) -> Iterator[Fleet]:
    with ExitStack() as stack:
        model = stack.enter_context(scripted_model(folder, SCRIPTS))
        running = Fleet(
            folder,
            {
                **model,
                "DATABASE_URL": stack.enter_context(pgbouncer(folder, database_url)),
                "DIRECT_DATABASE_URL": database_url,
                "REDIS_URL": stack.enter_context(redis(folder)),
                "E2B_TEMPLATE_ID": "base",
                "FALLBACK_MODEL": "claude-haiku-4-5",
                "MODEL_PATIENCE": "0.1",
                "MAX_TOTAL_SANDBOXES": "40",
                "MAX_SANDBOXES_PER_USER": "40",
            },
        )
        stack.callback(running.stop)
        running.start(apis=2, workers=2)
        yield running


@contextmanager
def pgbouncer(folder: Path, database_url: str) -> Iterator[str]:
    """The address of the database through PgBouncer in transaction mode."""
    program = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"
    port = free_port()
    target = urlsplit(database_url)
    host = parse_qs(target.query).get("host", [target.hostname or "127.0.0.1"])[0]
    given = f"host={host} port={target.port or 5432} user={target.username}"
    if target.password:
        given += f" password={target.password}"
    (folder / "pgbouncer.ini").write_text(
        f"[databases]\n* = {given}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n"
        "unix_socket_dir =\nauth_type = any\npool_mode = transaction\nmax_client_conn = 500\n"
        "default_pool_size = 10\nmin_pool_size = 2\nignore_startup_parameters = extra_float_digits\n"
    )
    # Run by root, PgBouncer wants another account: one that may use the server's socket.
    owner = Path(host).owner() if Path(host).is_absolute() else "nobody"
    account = ("--user", owner) if os.geteuid() == 0 else ()
    process = subprocess.Popen([program, "-q", *account, str(folder / "pgbouncer.ini")])
    url = f"postgresql://127.0.0.1:{port}{target.path}"
    try:
        eventually(lambda: _connects(url))
        yield url
    finally:
        process.kill()
        process.wait()


def _connects(url: str) -> bool:
    try:
        psycopg.connect(url, prepare_threshold=None).close()
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen(
        [
            *("redis-server", "--port", str(port), "--bind", "127.0.0.1"),
            *("--save", "", "--dir", str(folder), "--loglevel", "warning"),
        ]
    )
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.kill()
        process.wait()
