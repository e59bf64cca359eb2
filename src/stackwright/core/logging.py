"""Structured logs: JSON lines in `log_latest.log` (rotating), readable lines on the console.

Modules use `logging.getLogger(__name__)` with constant event names and `extra={...}` fields;
ids bound with `bound()` appear on every line below.
"""

import logging
import logging.handlers
import re
import sys
from collections.abc import Generator, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog

from stackwright.core.setting_groups import LogSettings

LOG_FILE = "log_latest.log"
_SECRET_NAME = re.compile(r"(api_?key|token|secret|password|authorization|cookie)$", re.IGNORECASE)
_SECRET_VALUE = re.compile(
    r"(sk-ant-|sk-|e2b_|postgres(?:ql)?(?:\+psycopg)?://[^:/\s]+:)[^\s@'\"]+"
)


def configure_logging(settings: LogSettings) -> None:
    """Send the root logger to the console and to `<directory>/log_latest.log`."""
    settings.directory.mkdir(parents=True, exist_ok=True)
    root = logging.getLogger()
    root.handlers.clear()
    root.setLevel(settings.level)
    root.addHandler(_file_handler(settings.directory / LOG_FILE))
    root.addHandler(_console_handler())
    _quiet(settings)


def _quiet(settings: LogSettings) -> None:
    noisy = (
        "httpx",
        "httpx2",
        "httpcore",
        "urllib3",
        "asyncio",
        "procrastinate",
        "e2b",
        "alembic",
        "uvicorn.access",
    )
    for name in noisy:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("sqlalchemy.engine").setLevel("INFO" if settings.database else "WARNING")
    logging.getLogger("stackwright.agent").setLevel(settings.level if settings.agent else "WARNING")
    logging.getLogger("stackwright.tools").setLevel(settings.level if settings.tools else "WARNING")


@contextmanager
def bound(**fields: Any) -> Generator[None]:
    """Add `fields` (run_id, project_id, …) to every log line written inside."""
    with structlog.contextvars.bound_contextvars(**fields):
        yield


def redacted(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Replace what looks like a secret, by name of the field or by shape of the value."""
    for key, value in event.items():
        if _SECRET_NAME.search(key):
            event[key] = "[redacted]"
        elif isinstance(value, str):
            event[key] = _SECRET_VALUE.sub(r"\1[redacted]", value)
    return event


def _chain() -> list[Any]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _file_handler(path: Path) -> logging.Handler:
    handler = logging.handlers.RotatingFileHandler(
        path, maxBytes=20_000_000, backupCount=3, encoding="utf-8", errors="backslashreplace"
    )
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_chain(),
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                redacted,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    return handler


def _console_handler() -> logging.Handler:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_chain(),
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                redacted,
                structlog.dev.ConsoleRenderer(
                    colors=sys.stderr.isatty(),
                    # A coloured traceback takes half a second, in which nothing else happens.
                    exception_formatter=structlog.dev.plain_traceback,
                ),
            ],
        )
    )
    return handler
