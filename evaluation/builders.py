"""Who builds: the offline builder, any model, or what a model once said, out of cassettes."""

import os
import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from evaluation.task import Task
from stackwright.agent.cassettes import Cassette, read_cassette

OFFLINE = "offline"
CASSETTE_MODEL = "claude-sonnet-4-6"


@dataclass(frozen=True)
class Builder:
    """`name` is what the rows say."""

    name: str = OFFLINE
    cassettes: Path | None = None

    @contextmanager
    def environment(self, task: Task) -> Generator[Mapping[str, str]]:
        """What a platform needs so that this builder works on the task."""
        if self.cassettes is not None:
            with _spoken_again(_cassettes(self.cassettes, task), self.cassettes) as address:
                yield {
                    "ANTHROPIC_API_KEY": "cassette",
                    "ANTHROPIC_BASE_URL": address,
                    "DEFAULT_MODEL": CASSETTE_MODEL,
                }
        elif self.name == OFFLINE:
            yield {}
        else:
            # Each provider names its key in its own way.
            yield {**os.environ, "DEFAULT_MODEL": self.name}  # noqa: TID251


def cassette_path(folder: Path, task: Task, step: int) -> Path:
    return folder / f"{task.name}-{step + 1}.cassette"


def _cassettes(folder: Path, task: Task) -> list[Cassette]:
    paths = [cassette_path(folder, task, step) for step in range(len(task.steps))]
    return [read_cassette(path.read_bytes()) for path in paths if path.exists()]


def plan_of(cassettes: list[Cassette]) -> dict[str, Any]:
    """The model's part of the cassettes, as the scripted model server takes it: its messages in order."""
    turns = [
        {
            "say": "".join(b["text"] for b in message["content"] if b["type"] == "text"),
            "calls": [
                {"name": block["name"], "arguments": block["input"]}
                for block in message["content"]
                if block["type"] == "tool_use"
            ],
        }
        for cassette in cassettes
        for message in cassette.messages
        if message["role"] == "assistant"
    ]
    return {"scripts": [{"turns": turns}]}


@contextmanager
def _spoken_again(cassettes: list[Cassette], folder: Path) -> Generator[str]:
    if not cassettes:
        raise FileNotFoundError(f"{folder} has no cassette of this task; --record writes them")
    plan = folder / "plan.json"
    plan.write_bytes(orjson.dumps(plan_of(cassettes)))
    command = [sys.executable, "-m", "stackwright.testing.scripted_model", "--plan", str(plan)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()
            plan.unlink()
