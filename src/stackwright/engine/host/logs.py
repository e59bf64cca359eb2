"""The engine's own log: one JSON object per line on standard error."""

import fcntl
import json
import logging
import os
import shutil
import stat
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

LONGEST_FILE_BYTES = 10_000_000
LOOK_EVERY = 100
"""Lines written between two looks at the size of the log."""

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
        }
        line |= {k: v for k, v in vars(record).items() if k not in _STANDARD}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


class BoundedHandler(logging.StreamHandler[TextIO]):
    """Programs in sandboxes cause lines too: a file does not grow for ever."""

    def __init__(self, stream: TextIO, *, longest_bytes: int = LONGEST_FILE_BYTES) -> None:
        super().__init__(stream)
        self._longest_bytes = longest_bytes
        self._lines = 0

    def emit(self, record: logging.LogRecord) -> None:
        super().emit(record)
        self._lines += 1
        if self._lines % LOOK_EVERY == 0:
            start_anew(self.stream.fileno(), self._longest_bytes)


def start_anew(descriptor: int, longest_bytes: int) -> None:
    """Move what a longer file has to a file beside it. Only of files that are appended to."""
    status = os.fstat(descriptor)
    appends = fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_APPEND
    if not appends or not stat.S_ISREG(status.st_mode) or status.st_size <= longest_bytes:
        return
    opened = Path("/proc/self/fd", str(descriptor))
    shutil.copyfile(opened, f"{opened.readlink()}.old")
    os.ftruncate(descriptor, 0)


def configure() -> None:
    handler = BoundedHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
