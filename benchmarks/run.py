"""`make bench`: the figures the project claims, measured in one run on one machine.

`python -m benchmarks.run steps events` measures only those; `--quick` only sees that they work.
Each claim about the platform is a ratio to something bare that does the same work in the same run.
Results go to `benchmarks/results/<date>.json` with the machine's description.
"""

import argparse
import json
import os
import platform as machine
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from benchmarks.checkpoints import measure_checkpoints
from benchmarks.console import measure_console
from benchmarks.events import measure_events
from benchmarks.figures import table
from benchmarks.first_token import measure_first_token
from benchmarks.growth import measure_growth
from benchmarks.load import measure_load
from benchmarks.long_conversation import measure_long_conversation
from benchmarks.memory import measure_memory
from benchmarks.neighbour import measure_neighbour
from benchmarks.options import Options, progress
from benchmarks.proof import measure_proof
from benchmarks.sandboxes import measure_sandboxes
from benchmarks.steps import measure_steps
from benchmarks.streams import measure_streams
from benchmarks.time_to_app import measure_time_to_app

RESULTS = Path(__file__).parent / "results"
Benchmark = Callable[[Options], dict[str, Any]]
BENCHMARKS: dict[str, Benchmark] = {
    "time_to_app": measure_time_to_app,
    "proof": measure_proof,
    "steps": measure_steps,
    "first_token": measure_first_token,
    "events": measure_events,
    "load": measure_load,
    "memory": measure_memory,
    "growth": measure_growth,
    "long_conversation": measure_long_conversation,
    "streams": measure_streams,
    "checkpoint": measure_checkpoints,
    "sandbox": measure_sandboxes,
    "neighbour": measure_neighbour,
    "console": measure_console,
}


def described_machine() -> dict[str, Any]:
    """What a reader needs to compare: processor, cores, load, memory, kernel, versions."""
    cpu = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        machine.processor(),
    )
    memory_gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "cpu": cpu,
        "cores": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 1),
        "memory_gib": round(memory_gib, 1),
        "kernel": machine.release(),
        "python": machine.python_version(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--quick", action="store_true", help="few repetitions; nothing is stored")
    parser.add_argument("--profile", type=Path, metavar="FOLDER", help="write profiles there")
    given = parser.parse_args()
    for name in given.names:
        if name not in BENCHMARKS:
            parser.error(f"no benchmark {name!r}; there are {', '.join(BENCHMARKS)}")
    for name in given.names or BENCHMARKS:
        result = _measured(name, is_quick=given.quick, profile_to=given.profile)
        print(f"\n## {name}\n\n{_readable(result)}\n", flush=True)
        if not given.quick and given.profile is None:
            print(f"Stored in {_store(name, result)}", flush=True)


def _measured(name: str, *, is_quick: bool, profile_to: Path | None) -> dict[str, Any]:
    about = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": described_machine(),
    }
    data_dir = Path(tempfile.mkdtemp(prefix="stackwright-bench-"))
    progress(f"measuring {name}")
    try:
        options = Options(data_dir=data_dir, is_quick=is_quick, profile_to=profile_to)
        return {**about, **BENCHMARKS[name](options)}
    finally:
        shutil.rmtree(data_dir, ignore_errors=True)


def _store(name: str, result: Mapping[str, Any]) -> Path:
    """Into the file of today, beside what was measured today already."""
    path = RESULTS / f"{datetime.now(UTC):%Y-%m-%d}.json"
    RESULTS.mkdir(exist_ok=True)
    stored = json.loads(path.read_text()) if path.exists() else {}
    path.write_text(json.dumps({**stored, name: result}, indent=2) + "\n")
    return path


def _readable(result: Mapping[str, Any]) -> str:
    """Tables for lists of rows, lines for the rest."""
    parts: list[str] = []
    for name, value in result.items():
        if isinstance(value, list):
            parts.append(f"\n{table(cast('Sequence[Mapping[str, Any]]', value))}\n")
        else:
            parts.append(f"{name}: {json.dumps(value)}")
    return "\n".join(parts)


if __name__ == "__main__":
    main()
