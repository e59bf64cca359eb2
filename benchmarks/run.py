"""`make bench`: the figures the project claims, measured in one run on one machine.

Each claim about the platform is a ratio to something bare that does the same work in the same run.
Results go to `benchmarks/results/<date>.json` with the machine's description.
"""

import argparse
import asyncio
import json
import os
import platform as machine
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.checkpoints import measure_checkpoints
from benchmarks.sandboxes import measure_sandboxes
from benchmarks.steps import measure_steps
from benchmarks.time_to_app import measure_time_to_app

RESULTS = Path(__file__).parent / "results"


def described_machine() -> dict[str, Any]:
    """What a reader needs to compare: processor, cores, memory, kernel, versions."""
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
        "memory_gib": round(memory_gib, 1),
        "kernel": machine.release(),
        "python": machine.python_version(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--apps", type=int, default=3, help="applications to build")
    parser.add_argument("--steps", type=int, default=100, help="agent steps to time")
    given = parser.parse_args()
    data_dir = Path(tempfile.mkdtemp(prefix="stackwright-bench-"))
    try:
        results = {
            "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": described_machine(),
            "time_to_app": measure_time_to_app(data_dir / "apps", given.apps),
            "agent_step": asyncio.run(measure_steps(data_dir / "steps", given.steps)),
            "checkpoint": asyncio.run(measure_checkpoints(data_dir / "steps")),
            "sandbox": asyncio.run(measure_sandboxes(data_dir / "sandboxes")),
        }
    finally:
        shutil.rmtree(data_dir, ignore_errors=True)
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{datetime.now(UTC):%Y-%m-%d}.json"
    path.write_text(json.dumps(results, indent=2) + "\n")
    print(json.dumps(results, indent=2))
    print(f"Stored in {path}")


if __name__ == "__main__":
    main()
