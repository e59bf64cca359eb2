from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from stackwright.db.migrate import CHECKOUT, HEAD, upgrade

pytestmark = pytest.mark.integration


def config(url: str) -> Config:
    made = Config(CHECKOUT / "alembic.ini")
    made.attributes["url"] = url
    return made


def test_the_code_knows_the_newest_revision() -> None:
    assert ScriptDirectory.from_config(config("")).get_current_head() == HEAD


def test_many_who_migrate_at_once_do_it_once(empty_database: str) -> None:
    with ThreadPoolExecutor() as threads:
        assert sorted(threads.map(upgrade, [empty_database] * 4)) == [False, False, False, True]


def test_the_migrations_make_the_tables_the_code_describes(empty_database: str) -> None:
    upgrade(empty_database)
    command.check(config(empty_database))


def test_a_session_that_is_idle_in_a_transaction_is_ended_soon(empty_database: str) -> None:
    upgrade(empty_database)
    with psycopg.connect(empty_database) as connection:
        shown = connection.execute("SHOW idle_in_transaction_session_timeout").fetchone()
    assert shown == ("10s",)
    command.downgrade(config(empty_database), "0003")
    with psycopg.connect(empty_database) as connection:
        shown = connection.execute("SHOW idle_in_transaction_session_timeout").fetchone()
    assert shown == ("0",)


def test_runs_that_were_counted_over_all_projects_are_counted_by_project(
    empty_database: str,
) -> None:
    upgrade(empty_database)
    command.downgrade(config(empty_database), "0005")
    with psycopg.connect(empty_database) as connection:
        connection.execute("INSERT INTO users (id) VALUES ('u')")
        for project in ("a", "b"):
            connection.execute(
                "INSERT INTO projects (id, user_id, name, thread_id, preview_label)"
                " VALUES (%(p)s, 'u', 'x', %(p)s, %(p)s)",
                {"p": project},
            )
        for run, project in (("1", "a"), ("2", "b"), ("3", "a")):
            connection.execute(
                "INSERT INTO runs (id, user_id, project_id, input) VALUES (%s, 'u', %s, 'x')",
                (run, project),
            )
    upgrade(empty_database)
    with psycopg.connect(empty_database) as connection:
        rows = connection.execute("SELECT id, number FROM runs ORDER BY id").fetchall()
    assert rows == [("1", 1), ("2", 1), ("3", 2)]
    command.downgrade(config(empty_database), "0005")
    with psycopg.connect(empty_database) as connection:
        made = connection.execute(
            "INSERT INTO runs (id, user_id, project_id, input) VALUES ('4', 'u', 'b', 'x')"
            " RETURNING number"
        ).fetchone()
    assert made == (4,)


def test_everything_can_be_taken_back(empty_database: str) -> None:
    upgrade(empty_database)
    command.downgrade(config(empty_database), "base")
    with psycopg.connect(empty_database) as connection:
        left = connection.execute(
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind IN ('r', 'S') AND relname <> 'alembic_version'"
        ).fetchone()
    assert left == (0,)
    assert upgrade(empty_database)
