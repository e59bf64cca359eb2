"""What a sandbox says of its files is hostile: a program in it may answer in the place of our script."""

import json
from typing import Any, cast

import pytest

from fixtures.loop_gaps import watched_loop
from stackwright.core.errors import SandboxUnavailable
from stackwright.projects.scan import MAX_SCAN_BYTES, scan_workspace
from stackwright.sandbox.base import CommandResult

EMPTY: dict[str, Any] = {
    "files": {},
    "mark": "",
    **dict.fromkeys(("skipped", "outward", "closed", "beyond"), ()),
}


class Answering:
    """A sandbox that answers so to everything, and counts how often it was doubted."""

    def __init__(self, stdout: str, *, exit_code: int = 0, stderr: str = "") -> None:
        self.result = CommandResult(exit_code, stdout, stderr)
        self.doubts = 0

    async def run(self, _command: str, **_: object) -> CommandResult:
        return self.result

    def doubt(self) -> None:
        self.doubts += 1


async def test_paths_that_cannot_be_kept_are_told_apart() -> None:
    told = {**EMPTY, "files": {"a.py": "d1", "../b": "d2", "c\0": "d3"}, "outward": ["link"]}
    seen = await scan_workspace(cast("Any", Answering(json.dumps(told))))
    assert seen.files == {"a.py": "d1"}
    assert seen.left_alone == {"../b", "c\0", "link"}
    assert seen.outward == {"link"}


@pytest.mark.parametrize(
    "answer",
    ["", "null", "[]", '{"files": 1}', json.dumps({**EMPTY, "files": [1]}), "[" * 100_000],
)
async def test_an_answer_that_is_no_list_of_files_makes_the_sandbox_doubtful(answer: str) -> None:
    sandbox = Answering(answer)
    with pytest.raises(SandboxUnavailable, match="cannot be read"):
        await scan_workspace(cast("Any", sandbox))
    assert sandbox.doubts == 1


async def test_a_script_that_fails_is_told_with_its_last_words() -> None:
    sandbox = Answering("", exit_code=1, stderr="Traceback\nMemoryError: no room")
    with pytest.raises(SandboxUnavailable, match=r"exit code 1.*no room"):
        await scan_workspace(cast("Any", sandbox))
    assert sandbox.doubts == 1


@pytest.mark.parametrize("piece", ["[],", "{},", '"a",'])
async def test_a_huge_answer_holds_up_nobody_else(piece: str) -> None:
    huge = "[" + piece * (MAX_SCAN_BYTES // len(piece) - 2) + "0]"
    async with watched_loop() as gaps:
        with pytest.raises(SandboxUnavailable):
            await scan_workspace(cast("Any", Answering(huge)))
    assert max(gaps) < 0.5
