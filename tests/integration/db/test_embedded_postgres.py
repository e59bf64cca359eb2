import os
import signal
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from stackwright.db.embedded import EmbeddedPostgres
from stackwright.db.postgres_programs import EmbeddedPostgresFailed

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("embedded")


@pytest.fixture
def server(folder: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(folder / "data", durable=False)
    yield server
    server.delete()


def pid_of(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SHOW data_directory").fetchone()
    assert row is not None
    return int((Path(row[0]) / "postmaster.pid").read_text().split()[0])


def test_the_server_is_shared_and_the_last_one_out_stops_it(
    folder: Path, server: EmbeddedPostgres
) -> None:
    with ThreadPoolExecutor() as threads:
        others = [EmbeddedPostgres(folder / "data", durable=False) for _ in range(3)]
        urls = set(threads.map(EmbeddedPostgres.start, [server, *others]))
    assert len(urls) == 1
    for other in others:
        other.stop()
        assert server.is_running
    server.stop()
    assert not server.is_running
    server.stop()


def test_what_was_written_is_there_after_a_restart(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.start()) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept AS SELECT 42 AS answer")
    server.stop()
    with psycopg.connect(server.start()) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_a_killed_server_comes_back_even_when_its_pid_is_somebody_elses(
    server: EmbeddedPostgres,
) -> None:
    url = server.start()
    with psycopg.connect(url) as connection:
        row = connection.execute("SHOW data_directory").fetchone()
    assert row is not None
    os.kill(pid_of(url), signal.SIGKILL)
    pid_file = Path(row[0]) / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]))
    assert server.start() == url
    assert server.is_running


def test_no_permission_above_the_folder_is_changed_and_strangers_are_kept_out(
    tmp_path: Path,
) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    server = EmbeddedPostgres(private / "data", durable=False)
    try:
        url = server.start()
        assert stat.S_IMODE(private.stat().st_mode) == 0o700
        with psycopg.connect(url) as connection:
            row = connection.execute("SHOW unix_socket_directories").fetchone()
            listens = connection.execute("SHOW listen_addresses").fetchone()
        assert row is not None
        assert stat.S_IMODE(Path(row[0]).stat().st_mode) == 0o700
        assert listens == ("",)
    finally:
        server.delete()


def test_data_of_another_version_is_refused_in_words(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "open", durable=False)
    url = server.start()
    with psycopg.connect(url) as connection:
        row = connection.execute("SHOW data_directory").fetchone()
    assert row is not None
    server.stop()
    (Path(row[0]) / "PG_VERSION").write_text("9\n")
    with pytest.raises(EmbeddedPostgresFailed, match="made by PostgreSQL 9"):
        server.start()
    server.delete()
