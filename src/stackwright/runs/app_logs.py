"""What the services of a running app say, piece by piece from where a reader was."""

import json
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from stackwright.core.ids import ProjectId, UserId
from stackwright.sandbox.base import Sandbox, SandboxProvider
from stackwright.sandbox.detached import log_file

Level = Literal["error", "warning", "info"]
Places = Mapping[str, int]
"""Bytes of each service's log that were read."""

MAX_BYTES = 64_000
"""Limit for each log and look; of a longer log the end is read."""
MAX_LINE_CHARS = 2000
LOOK_S = 1.0
ASLEEP_LOOK_S = 5.0
READ_LIMIT_S = 15.0

_SCRIPT = """
import json, os, sys
most = int(sys.argv[1])
told = {}
for name, (path, at) in json.loads(sys.argv[2]).items():
    try:
        with open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            start = max(at if at <= size else 0, size - most)
            file.seek(start)
            piece = file.read(most)
            told[name] = [start + len(piece), piece.decode("utf-8", "replace")]
    except OSError:
        pass
print(json.dumps(told))
"""
_ERROR = re.compile(
    r"\b(ERROR|CRITICAL|FATAL|Traceback|panic)\b|^\s*(\w+\.)*\w*(Error|Exception)\b|\u2a2f|\"status\":5"
    r"| 50\d\b",
)
_WARNING = re.compile(r"\bWARN(ING)?\b|⚠|[Dd]eprecat")
_COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class LogLine:
    service: str
    level: Level
    text: str


@dataclass(frozen=True, slots=True)
class LogPiece:
    """`places` go into the next look. `is_asleep`: there is no sandbox, so nothing can be read."""

    lines: Sequence[LogLine]
    places: Places
    is_asleep: bool = False


class AppLogs:
    def __init__(self, sandboxes: SandboxProvider, services: Sequence[str]) -> None:
        """`services` are the template's."""
        self._sandboxes = sandboxes
        self.services = tuple(services)

    async def read(self, user_id: UserId, project_id: ProjectId, places: Places) -> LogPiece:
        """What each log holds after `places`; an app that sleeps stays asleep. The caller has checked whose
        project it is. Raises SandboxUnavailable."""
        sandbox = await self._sandboxes.find(user_id, project_id)
        if sandbox is None:
            return LogPiece((), {}, is_asleep=True)
        return await self._read(sandbox, places)

    async def _read(self, sandbox: Sandbox, places: Places) -> LogPiece:
        wanted = {name: (log_file(name), places.get(name, 0)) for name in self.services}
        script = shlex.join(
            ["python3", "-I", "-S", "-c", _SCRIPT, str(MAX_BYTES), json.dumps(wanted)]
        )
        result = await sandbox.run(script, cwd="/", timeout_s=READ_LIMIT_S)
        return _told(result.stdout, self.services, places)


def _told(output: str, services: Sequence[str], before: Places) -> LogPiece:
    """Log lines in what the sandbox answered, which may be anything."""
    try:
        answer: Any = json.loads(output)
    except ValueError:
        answer = None
    lines: list[LogLine] = []
    places = dict(before)
    for name in services:
        match answer:
            case {**given} if _is_piece(given.get(name)):
                place, text = given[name]
                places[name] = place
                lines += _lines(name, text[-MAX_BYTES:])
            case _:
                continue
    return LogPiece(lines, places)


def _is_piece(value: Any) -> bool:
    match value:
        case [int(place), str()]:
            return place >= 0
        case _:
            return False


def _lines(service: str, text: str) -> list[LogLine]:
    cleaned = (_COLOURS.sub("", line).rstrip()[:MAX_LINE_CHARS] for line in text.splitlines())
    return [LogLine(service, level_of(line), line) for line in cleaned if line]


def level_of(line: str) -> Level:
    """The level of a log line, as far as its text tells it."""
    if _ERROR.search(line):
        return "error"
    return "warning" if _WARNING.search(line) else "info"


def written_places(places: Places) -> str:
    """Places as one line, for a stream's event id."""
    return ",".join(f"{name}={at}" for name, at in sorted(places.items()))


def read_places(text: str, services: Sequence[str]) -> dict[str, int]:
    """Places in the logs that a client sends back; anything else is left out."""
    pairs = (part.partition("=") for part in text[:2000].split(","))
    return {
        name: int(at)
        for name, _, at in pairs
        if name in services and at.isascii() and at.isdigit() and len(at) < 16
    }
