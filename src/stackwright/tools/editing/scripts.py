"""Whether TypeScript and JavaScript parse: oxc's parser decides, in a process of its own.

The process is what bounds it: absurd nesting overflows its stack, not ours, and a parser that runs does not
hold up the event loop. It takes about 10 ms, and 0.3 s for a megabyte.
"""

import re
import signal
import subprocess
import sysconfig
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Timer

SUFFIXES = (
    *(".d.ts", ".ts", ".mts", ".cts", ".tsx", ".js", ".mjs", ".cjs", ".jsx"),
    *(".vue", ".svelte", ".astro"),  # their scripts
)
MAX_SECONDS = 5.0
MAX_OUTPUT_BYTES = 20_000
"""Limit of the output: only the first fault is told, and a file of 500 kB can have 100 MB of faults."""

_FAULT = re.compile(r":(\d+):\d+: (.*?)(?: \[Error[^\]]*\])?$")
_OPTIONS = ("-A", "all", "-f", "unix", "--threads=1", "--no-ignore", "--disable-nested-config")


def script_error(suffix: str, text: str) -> str | None:
    """The first fault with its line, or None when the text parses or takes too long to be parsed."""
    with TemporaryDirectory(prefix="stackwright-parse-") as folder:
        source, config = Path(folder, f"source{suffix}"), Path(folder, "config.json")
        source.write_bytes(text.encode("utf-8", "replace"))
        config.write_text("{}")
        output, code = _run(folder, "-c", config.name, source.name)
    found = _FAULT.search(output.decode("utf-8", "replace").partition("\n")[0])
    if found is not None:
        return f"line {found[1]}: {found[2]}"
    has_crashed = code not in (0, 1, -signal.SIGKILL)
    return "it is nested too deeply to be parsed" if has_crashed else None


def _run(folder: str, *arguments: str) -> tuple[bytes, int]:
    program = Path(sysconfig.get_path("scripts"), "oxlint")
    with subprocess.Popen(  # noqa: S603 - a program of ours, with our arguments
        [program, *_OPTIONS, *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdout is not None
        with _killed_after(process, MAX_SECONDS):
            output = process.stdout.read(MAX_OUTPUT_BYTES)
            if len(output) == MAX_OUTPUT_BYTES:
                process.kill()
            return output, process.wait()


@contextmanager
def _killed_after(process: subprocess.Popen[bytes], seconds: float) -> Generator[None]:
    timer = Timer(seconds, process.kill)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
