import subprocess
from pathlib import Path
from typing import Any

import pytest

from stackwright.cli.listing import as_diff
from stackwright.projects.differences import compared


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (b"a\nb\nc\n", b"a\nB\nc\nd\n", "modified"),
        (None, b"a\nb\n", "created"),
        (b"a\nb\n", None, "deleted"),
        (b"1\n" * 20 + b"end\n", b"0\n" + b"1\n" * 20, "modified"),
    ],
)
def test_a_printed_diff_can_be_applied(
    tmp_path: Path, before: bytes | None, after: bytes | None, change: str
) -> None:
    found = compared(before, after)
    hunks: list[dict[str, Any]] = [
        {"old_start": h.old_start, "new_start": h.new_start, "lines": h.lines} for h in found.hunks
    ]
    file: dict[str, Any] = {
        "path": "a.txt",
        "before": "1",
        "after": "now",
        "hunks": hunks,
        "note": found.note,
    }
    place = tmp_path / "a.txt"
    if before is not None:
        place.write_bytes(before)
    subprocess.run(
        ["git", "apply"],
        cwd=tmp_path,
        input=f"{as_diff(file, change=change)}\n".encode(),
        check=True,
    )
    assert (place.read_bytes() if place.exists() else None) == after
