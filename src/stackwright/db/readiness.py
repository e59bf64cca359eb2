"""Waiting for a database that is still starting, as machines that boot together do."""

import logging
import time

import psycopg

from stackwright.db.address import libpq_address

log = logging.getLogger(__name__)

LIMIT_S = 60.0
LOOK_EVERY_S = 0.5
_FINAL = ("authentication failed", "does not exist", "no pg_hba.conf entry")
"""Parts of error messages that a server would repeat however long one waits."""


def await_server(url: str) -> None:
    """Return when the database takes connections. Blocks for up to a minute, then raises the server's
    psycopg.OperationalError; one that waiting cannot help is raised at once."""
    deadline = time.monotonic() + LIMIT_S
    told = False
    while True:
        try:
            psycopg.connect(libpq_address(url), connect_timeout=5).close()
        except psycopg.OperationalError as error:
            is_final = any(words in str(error) for words in _FINAL)
            if is_final or time.monotonic() > deadline:
                raise
            if not told:
                log.warning("database_awaited", extra={"error": str(error)})
                told = True
            time.sleep(LOOK_EVERY_S)
        else:
            return
