"""What other editors do with an edit, scored against our policy (docs/edit-engine.md)."""

import json
from pathlib import Path
from typing import Any

import pytest

from stackwright.tools.editing.engine import Edit, edited
from stackwright.tools.editing.matching import EditRefused

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "data" / "edit_cases.jsonl").read_text().splitlines()
]

REFUSED = None
DIFFERENT: dict[str, str | None] = {
    "aider-013": REFUSED,
    "aider-014": REFUSED,
    "aider-017": REFUSED,
    "roo-004": "leading blank line of the new text kept",
    "roo-023": REFUSED,
    "roo-030": REFUSED,
    "openhands-055": REFUSED,
    "deepagents-005": "edited without adding a final newline",
    "deepagents-024": "edited without adding a final newline",
}
"""Where we differ on purpose, with the outcome; the reasons are in docs/edit-engine.md."""


def outcome(case: dict[str, Any]) -> str | None:
    edits = [Edit(e["old"], e["new"], case["replace_all"]) for e in case["edits"]]
    try:
        after = edited("file.txt", case["original"].encode(), edits, is_smart=True)
    except EditRefused:
        return REFUSED
    return after.decode()


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_an_edit_ends_as_recorded_or_as_our_policy_says(case: dict[str, Any]) -> None:
    recorded = case["expected"].get("result", REFUSED)

    if case["id"] not in DIFFERENT:
        assert outcome(case) == recorded
    else:
        assert outcome(case) != recorded
        assert (outcome(case) is REFUSED) == (DIFFERENT[case["id"]] is REFUSED)


def test_an_ambiguous_text_is_never_replaced_unless_every_place_is_meant() -> None:
    ambiguous = [c for c in CASES if "ambiguous" in (c["match"] or []) and not c["replace_all"]]

    assert len(ambiguous) >= 7
    assert [case["id"] for case in ambiguous if outcome(case) is not REFUSED] == []
