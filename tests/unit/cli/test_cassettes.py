from pathlib import Path
from typing import Any

import pytest
import typer

from stackwright.agent.cassettes import Cassette
from stackwright.cli.cassettes import replay_file
from stackwright.cli.progress import VERIFIED

SAID = {"role": "assistant", "content": [{"type": "text", "text": "Two."}]}
EVENTS: tuple[dict[str, Any], ...] = (
    {"type": "user_message", "message_id": "m", "text": "How many?", "attachments": []},
    {"type": "phase_changed", "phase": "planning"},
    {"type": "agent_thinking", "token": "Two.", "node": "model", "kind": "text"},
    {"type": "usage", "model": "m", "input_tokens": 1, "output_tokens": 1, "cache_read_tokens": 0,
     "cache_write_tokens": 0, "purpose": "build", "tools": []},
)  # fmt: skip


def test_a_file_is_told_and_played(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = {"role": "user", "content": [{"type": "text", "text": "How many?"}]}
    cassette = Cassette(
        kind="ask", status="answered", message="How many?", messages=(asked, SAID), events=EVENTS
    )
    path = tmp_path / "a.cassette"
    path.write_bytes(cassette.to_bytes())
    assert replay_file(path, as_json=False) == VERIFIED
    told = capsys.readouterr().out
    assert "Two." in told
    assert "The same: 3 events of the loop." in told


def test_what_is_no_cassette_ends_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.cassette"
    for content in (None, b"text"):
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(typer.Exit):
            replay_file(path, as_json=False)
