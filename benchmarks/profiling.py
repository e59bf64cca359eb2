"""Where the time goes: a profile of the main thread as a readable list and as a file for tools."""

import cProfile
import pstats
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

LINES = 80


@contextmanager
def profiled(folder: Path | None, name: str) -> Generator[None]:
    """Profile the block into `<folder>/<name>.prof` and `.txt`; nothing without a folder."""
    if folder is None:
        yield
        return
    folder.mkdir(parents=True, exist_ok=True)
    profiler = cProfile.Profile()
    profiler.enable()
    try:
        yield
    finally:
        profiler.disable()
        profiler.dump_stats(folder / f"{name}.prof")
        with (folder / f"{name}.txt").open("w") as text:
            stats = pstats.Stats(profiler, stream=text)
            stats.sort_stats("tottime").print_stats(LINES)
            stats.sort_stats("cumulative").print_stats(LINES)
