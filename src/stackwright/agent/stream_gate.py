"""The stream gate: a tool call runs only if its message ended properly and it is sound.

Sound: `stop_reason` is tool_use, the JSON parses strictly to an object and fits the tool's closed
schema. Stock clients parse a truncated call leniently and execute it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import orjson
from pydantic import ValidationError

from stackwright.agent.models.base import ModelTurn, RawToolCall
from stackwright.agent.wrong_arguments import sentence
from stackwright.tools.base import Arguments, Tool, is_unicode

MAX_DEPTH = 100
"""Levels of an argument: what is nested deeper can be neither checked nor stored."""
CUT_OFF = (
    "This call was not executed: your message was cut off before it was complete. "
    "Repeat it in smaller pieces (for example one file per call)."
)


@dataclass(frozen=True, slots=True)
class SoundCall:
    """A call that may be executed."""

    tool_id: str
    tool: Tool[Any]
    arguments: Arguments
    raw: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`refused` maps tool ids to the sentence that the model reads instead of a result."""

    sound: tuple[SoundCall, ...]
    refused: Mapping[str, str]
    was_cut: bool = False
    """The stream, not the request, was at fault: the model call may be repeated."""
    misfits: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    """Arguments of refused calls that can be kept, so that the model sees what it has to mend."""


def judge(turn: ModelTurn, tools: Mapping[str, Tool[Any]]) -> Verdict:
    """Decide which calls of a finished message may run."""
    if not turn.calls:
        return Verdict((), {})
    if turn.stop_reason != "tool_use":
        return Verdict((), {call.tool_id: CUT_OFF for call in turn.calls}, was_cut=True)
    sound: list[SoundCall] = []
    refused: dict[str, str] = {}
    misfits: dict[str, Mapping[str, Any]] = {}
    was_cut = False
    for call in turn.calls:
        try:
            raw = _strict_object(call)
        except ValueError as error:
            refused[call.tool_id] = f"This call was not executed: its arguments are {error}."
            was_cut = True
            continue
        outcome = check_call(call.tool_id, call.tool_name, raw, tools)
        if isinstance(outcome, SoundCall):
            sound.append(outcome)
        else:
            refused[call.tool_id] = outcome
            if _is_storable(raw):
                misfits[call.tool_id] = raw
    return Verdict(tuple(sound), refused, was_cut, misfits)


def check_call(
    tool_id: str, name: str, raw: Mapping[str, Any], tools: Mapping[str, Tool[Any]]
) -> SoundCall | str:
    """The call, checked against its tool's schema, or the sentence that refuses it."""
    tool = tools.get(name)
    if tool is None:
        return f"There is no tool {name!r}. Tools: {', '.join(sorted(tools))}."
    try:
        arguments = tool.arguments.model_validate(raw)
    except ValidationError as error:
        return f"This call was not executed: {sentence(error, tool.arguments)}"
    return SoundCall(tool_id, tool, arguments, raw)


def _strict_object(call: RawToolCall) -> Mapping[str, Any]:
    text = call.arguments_json or "{}"
    try:
        value = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_unique_keys)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except ValueError as error:
        raise ValueError(f"no valid JSON ({error})") from error
    if not isinstance(value, dict):
        raise ValueError("no JSON object")
    if not _is_within(value, MAX_DEPTH):
        raise ValueError("nested too deeply")
    return cast("dict[str, Any]", value)


def _is_within(value: Any, levels: int) -> bool:
    match value:
        case dict():
            parts = list(cast("dict[str, Any]", value).values())
        case list():
            parts = cast("list[Any]", value)
        case _:
            return True
    return levels > 0 and all(_is_within(part, levels - 1) for part in parts)


def _is_storable(raw: Mapping[str, Any]) -> bool:
    """Text that is Unicode, numbers of 64 bits."""
    try:
        orjson.dumps(raw)
    except orjson.JSONEncodeError:
        return False
    return is_unicode(raw)


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON")


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a key appears twice")
    return made
