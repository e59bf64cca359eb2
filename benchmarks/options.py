"""What the command line says to every benchmark, and how progress is shown."""

import sys
import time
from dataclasses import dataclass
from pathlib import Path

_began = time.monotonic()


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """`data_dir` is new and empty for each benchmark and deleted afterwards."""

    data_dir: Path
    is_quick: bool = False
    """Only see that it works: few repetitions."""
    profile_to: Path | None = None
    """Folder for profiles; None: do not profile."""


def progress(text: str) -> None:
    """A line for who waits, on standard error."""
    print(f"[{time.monotonic() - _began:6.1f} s] {text}", file=sys.stderr, flush=True)
