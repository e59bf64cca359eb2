"""`make bench-edits`: our edit engine and the editors of other agents, on the same edits.

The others are installed from the package index into environments that are thrown away; one that cannot be installed is
named as such. The table goes into docs/edit-engine.md.
"""

import json
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.edit_peers import EDITORS
from stackwright.tools.editing.engine import Edit, edited, written
from stackwright.tools.editing.matching import EditRefused

ROOT = Path(__file__).parents[1]
CASES = ROOT / "tests" / "data" / "edit_attacks.jsonl"
PAGE = ROOT / "docs" / "edit-engine.md"
BEGIN, END = "<!-- bench-edits -->", "<!-- /bench-edits -->"
PYTHONS = ("python3.13", "python3.12", "python3.11")
INSTALL_SECONDS, RUN_SECONDS = 900, 600
COLUMNS = (
    ("sound", "Sound edits made"),
    ("refused", "Sound edits refused"),
    ("wrong", "Wrong results"),
    ("held", "Unsound edits refused"),
    ("let", "Unsound edits written"),
)


class NotInstalled(Exception):
    pass


def main() -> None:
    lines = CASES.read_text().splitlines()
    cases = [json.loads(line) for line in lines]
    rows = {"Stackwright": score(cases, [ours(case) for case in cases])}
    missing: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="stackwright-bench-edits-") as folder:
        for name in EDITORS:
            print(f"{name}: installing", flush=True)
            try:
                version, outcomes = peer(name, lines, Path(folder, name))
                rows[f"{name} {version}"] = score(cases, outcomes)
            except NotInstalled as error:
                missing[name] = str(error)
    text = table(rows, missing, cases)
    print(text)
    _publish(text)


def ours(case: dict[str, Any]) -> str | None:
    encoding = "latin-1" if case.get("bytes") else "utf-8"
    before = case["before"].encode(encoding) if case["before"] is not None else None
    try:
        if "write" in case:
            return written(case["path"], before, case["write"]).decode(encoding)
        edits = [Edit(each["old"], each["new"]) for each in case["edits"]]
        return edited(case["path"], before or b"", edits, is_smart=case["smart"]).decode(encoding)
    except EditRefused:
        return None


def peer(name: str, lines: Sequence[str], folder: Path) -> tuple[str, list[str | None]]:
    """(the version, its outcomes). Raises NotInstalled."""
    python = _installed(name, folder / "environment")
    version = _run([python, "-c", f"import importlib.metadata as m; print(m.version({name!r}))"])
    script = Path(__file__).with_name("edit_peers.py")
    print(f"{name} {version.strip()}: making {len(lines)} edits", flush=True)
    output = _run([python, str(script), name, str(folder / "files")], "\n".join(lines))
    return version.strip(), [json.loads(line) for line in output.splitlines()]


def _installed(name: str, environment: Path) -> str:
    """The Python of a new environment with the package, under the newest Python that can have it."""
    uv = str(Path(sysconfig.get_path("scripts"), "uv"))
    python = str(environment / "bin" / "python")
    reason = "no Python was found"
    for candidate in _pythons():
        try:
            _run([uv, "venv", "-q", "--clear", "-p", candidate, str(environment)])
            _run([uv, "pip", "install", "-q", "-p", python, name], seconds=INSTALL_SECONDS)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            said = str(error.stderr or "it took too long").strip().splitlines()
            reason = next((line.strip() for line in said if "because" in line.lower()), said[-1])
            continue
        return python
    raise NotInstalled(reason[:200])


def _pythons() -> list[str]:
    found = [path for name in PYTHONS if (path := shutil.which(name)) is not None]
    kept = sorted(Path.home().glob(".pyenv/versions/3.1[1-9].*/bin/python"), reverse=True)
    working = [
        each
        for each in dict.fromkeys([*found, *map(str, kept), sys.executable])
        if subprocess.run([each, "-c", ""], check=False, capture_output=True).returncode == 0
    ]
    return sorted(working, key=lambda each: "3.12" not in each)


def _run(command: Sequence[str], stdin: str = "", seconds: float = RUN_SECONDS) -> str:
    return subprocess.run(
        command, input=stdin, capture_output=True, text=True, check=True, timeout=seconds
    ).stdout


def score(cases: Sequence[dict[str, Any]], outcomes: Sequence[str | None]) -> Counter[str]:
    """How many edits ended how. An unsound edit that is written counts as that, whatever was written."""
    return Counter(_verdict(c["after"], o) for c, o in zip(cases, outcomes, strict=True))


def _verdict(wanted: str | None, outcome: str | None) -> str:
    if wanted is None:
        return "held" if outcome is None else "let"
    if outcome is None:
        return "refused"
    return "sound" if outcome == wanted else "wrong"


def table(
    rows: dict[str, Counter[str]], missing: dict[str, str], cases: Sequence[dict[str, Any]]
) -> str:
    unsound = sum(case["after"] is None for case in cases)
    head = f"Measured on {datetime.now(UTC):%Y-%m-%d}: {len(cases) - unsound} sound edits and {unsound} unsound ones."
    lines = ["| editor | " + " | ".join(title for _, title in COLUMNS) + " |"]
    lines.append("|---|" + "---|" * len(COLUMNS))
    for name, counts in rows.items():
        lines.append(f"| {name} | " + " | ".join(str(counts[key]) for key, _ in COLUMNS) + " |")
    notes = [f"{name} could not be installed: {reason}" for name, reason in missing.items()]
    return "\n".join([head, "", *lines, *([""] if notes else []), *notes])


def _publish(text: str) -> None:
    page = PAGE.read_text()
    part = re.compile(re.escape(BEGIN) + ".*" + re.escape(END), re.DOTALL)
    PAGE.write_text(part.sub(lambda _: f"{BEGIN}\n{text}\n{END}", page))


if __name__ == "__main__":
    main()
