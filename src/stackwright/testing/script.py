"""What the scripted model says: turns, and the conversations they belong to. Plain data."""

from dataclasses import dataclass, replace
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict


@dataclass(frozen=True, slots=True)
class Say:
    text: str


@dataclass(frozen=True, slots=True)
class Think:
    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call; `arguments_json` is streamed as it is, sound or not."""

    name: str
    arguments_json: str
    tool_id: str = ""
    """Given by some providers; a new one for each call when empty."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One assistant message. `faults` are played first, one a request, before the turn itself."""

    blocks: tuple[Say | Think | Call, ...]
    stop_reason: str | None = None
    faults: tuple[str, ...] = ()

    @property
    def ending(self) -> str:
        if self.stop_reason is not None:
            return self.stop_reason
        return "tool_use" if any(isinstance(b, Call) for b in self.blocks) else "end_turn"


def say(text: str) -> Turn:
    return Turn((Say(text),))


def think(text: str) -> Turn:
    return Turn((Think(text),))


def call(name: str, /, **arguments: Any) -> Turn:
    return Turn((Call(name, orjson.dumps(arguments).decode()),))


def raw_call(name: str, arguments_json: str) -> Turn:
    """A call whose JSON is sent as written, to see what a client makes of it."""
    return Turn((Call(name, arguments_json),))


def together(*turns: Turn) -> Turn:
    """One message made of several: text and parallel calls."""
    return Turn(tuple(block for turn in turns for block in turn.blocks))


def faulty(turn: Turn, *faults: str) -> Turn:
    """The turn, after each of `faults` was played once."""
    return replace(turn, faults=faults)


@dataclass(frozen=True, slots=True)
class Script:
    """The turns of every conversation whose first message contains `when`.

    The turn that answers a request is the number of assistant messages in it: the server needs no
    memory, and a repeated request gets the same answer. After the last turn comes `say("Done.")`.
    """

    turns: tuple[Turn, ...]
    when: str = ""

    def turn(self, assistant_messages: int) -> Turn:
        return self.turns[assistant_messages] if assistant_messages < len(self.turns) else _END


_END = say("Done.")


class _PlannedCall(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    arguments: dict[str, Any]


class _PlannedTurn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    say: str = ""
    calls: list[_PlannedCall] = []
    faults: list[str] = []

    def turn(self) -> Turn:
        said = (Say(self.say),) if self.say else ()
        calls = (Call(c.name, orjson.dumps(c.arguments).decode()) for c in self.calls)
        return Turn((*said, *calls), faults=tuple(self.faults))


class _PlannedScript(BaseModel):
    model_config = ConfigDict(extra="forbid")

    when: str = ""
    turns: list[_PlannedTurn]


class _Plan(BaseModel):
    model_config = ConfigDict(extra="forbid")

    scripts: list[_PlannedScript]


def read_plan(text: bytes) -> list[Script]:
    """Scripts from a JSON file: `{"scripts": [{"when": …, "turns": [{"say", "calls", "faults"}]}]}`."""
    plan = _Plan.model_validate_json(text)
    return [Script(tuple(t.turn() for t in s.turns), s.when) for s in plan.scripts]
