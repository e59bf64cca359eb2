"""The command that a search becomes."""

import shlex
import subprocess
from pathlib import Path

from stackwright.tools.code_search import SearchCode, _grep  # pyright: ignore[reportPrivateUsage]


def words(**arguments: object) -> list[str]:
    return shlex.split(_grep(SearchCode.model_validate(arguments), "backend"))


def test_patterns_and_globs_are_quoted() -> None:
    found = words(pattern='it\'s "$(touch x)"', glob="*'.py")
    assert found[-4:] == ["-e", 'it\'s "$(touch x)"', "--", "backend"]
    assert "--include=*'.py" in found


def test_options_are_there_only_when_asked_for() -> None:
    assert not {"-i", "-C3"} & set(words(pattern="x"))
    assert {"-i", "-C3"} <= set(words(pattern="x", context_lines=3, ignore_case=True))


def test_a_glob_leaves_out_all_other_files(tmp_path: Path) -> None:
    for name in ("page.tsx", "store.py", "bun.lock"):
        (tmp_path / name).write_text("chart")
    found = subprocess.run(
        shlex.split(_grep(SearchCode(pattern="chart", glob="*.tsx"), ".")),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.splitlines() == ["./page.tsx:1:chart"]
