"""Edits as models make them, sound and unsound, and what has to become of each (tests/data/edit_attacks.jsonl)."""

import json
from pathlib import Path
from typing import Any

import pytest

from stackwright.tools.editing.engine import Edit, edited, written
from stackwright.tools.editing.matching import EditRefused

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "data" / "edit_attacks.jsonl").read_text().splitlines()
]


def outcome(case: dict[str, Any]) -> str | None:
    """The text after the edit, or None when it is refused. Bytes are told as latin-1."""
    encoding = "latin-1" if case.get("bytes") else "utf-8"
    before = case["before"].encode(encoding) if case["before"] is not None else None
    try:
        if "write" in case:
            return written(case["path"], before, case["write"]).decode(encoding)
        edits = [Edit(edit["old"], edit["new"]) for edit in case["edits"]]
        return edited(case["path"], before or b"", edits, is_smart=case["smart"]).decode(encoding)
    except EditRefused:
        return None


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_an_edit_is_made_as_meant_or_refused(case: dict[str, Any]) -> None:
    assert outcome(case) == case["after"], case["why"]
