"""What processes cost, from /proc: seconds of the processor and resident memory."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import psycopg

_TICKS = os.sysconf("SC_CLK_TCK")
_AFTER_NAME = 3  # the field of /proc/<pid>/stat that follows the process's name
_PARENT, _OWN_TIMES, _DEAD_CHILDREN_TIMES = 4, (14, 15), (16, 17)


@dataclass(frozen=True, slots=True)
class Costs:
    """Seconds of the processor so far: the platform's process, PostgreSQL, engine with sandboxes."""

    own: float
    postgres: float
    sandboxes: float

    @classmethod
    def of(cls, pid: int, database_url: str, *, without: Iterable[int] = ()) -> Self:
        """The costs of the process `pid`, of the database, and of what runs below the process."""
        others = {*without, *postgres_processes(database_url)}
        below = [child for child in descendants(pid) if child not in others]
        return cls(cpu_s([pid]), postgres_cpu_s(database_url), cpu_s(below))

    def since(self, earlier: Self) -> "Costs":
        return Costs(
            self.own - earlier.own,
            self.postgres - earlier.postgres,
            self.sandboxes - earlier.sandboxes,
        )


def cpu_s(pids: Iterable[int], *, with_dead_children: bool = False) -> float:
    """Seconds that the processes took so far; a process that is gone counts nothing."""
    fields = _OWN_TIMES + (_DEAD_CHILDREN_TIMES if with_dead_children else ())
    stats = (_stat(pid) for pid in pids)
    return sum(int(stat[f - _AFTER_NAME]) for stat in stats if stat for f in fields) / _TICKS


def resident_mib(pid: int) -> float:
    """Memory of the process, shared pages included."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def descendants(pid: int) -> list[int]:
    """Every process below `pid`, without it."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and (stat := _stat(int(folder.name))):
            children.setdefault(int(stat[_PARENT - _AFTER_NAME]), []).append(int(folder.name))
    found = list(children.get(pid, ()))
    for child in found:
        found += children.get(child, ())
    return found


def postgres_processes(url: str) -> list[int]:
    """The server behind `url`, which runs on this machine, and its workers."""
    with psycopg.connect(url) as connection:
        stat = _stat(connection.info.backend_pid)
    assert stat is not None, "the database runs on another machine"
    server = int(stat[_PARENT - _AFTER_NAME])
    return [server, *descendants(server)]


def postgres_cpu_s(url: str) -> float:
    """Seconds that the server took so far, with the connections that ended."""
    return cpu_s(postgres_processes(url), with_dead_children=True)


def _stat(pid: int) -> list[str] | None:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    return text.rpartition(")")[2].split()
