"""The conversation as the offline builder reads it, and what it answers with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from pydantic import ValidationError

from stackwright.agent.models.base import Message, result_text
from stackwright.core.attachments import ATTACHED
from stackwright.scaffold.spec import AppSpec

NEEDS_KEY = (
    "I am the offline builder: I understand descriptions of records, fields and relations. "
    "For anything beyond that, set a model key (ANTHROPIC_API_KEY) and ask again."
)


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """A call that was made since the person last spoke, with its result."""

    name: str
    result: str
    failed: bool
    call_id: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    text: str
    calls: tuple[Call, ...] = ()


def last_request(messages: Sequence[Message]) -> tuple[int, str]:
    """Where the person spoke last, and what they said."""
    for index in range(len(messages) - 1, -1, -1):
        text = said(messages[index])
        if messages[index].role == "user" and text.strip() and not text.startswith(ATTACHED):
            return index, text
    return 0, ""


def said(message: Message) -> str:
    """Its text; beside results of tools without what stands in brackets in the place of a picture."""
    if not any(block["type"] == "tool_result" for block in message.content):
        return message.text
    texts = [block["text"] for block in message.content if block["type"] == "text"]
    return "".join(text for text in texts if not text.startswith("["))


def steps_of(messages: Sequence[Message]) -> list[Step]:
    results = {
        b["tool_use_id"]: b for m in messages for b in m.content if b["type"] == "tool_result"
    }
    return [
        Step(call["name"], result_text(result), bool(result.get("is_error")), call["id"])
        for message in messages
        for call in message.tool_calls
        if (result := results.get(call["id"])) is not None
    ]


def stored_spec(step: Step) -> AppSpec | None:
    start = step.result.find("{")
    if step.failed or start < 0:
        return None
    try:
        stored = orjson.loads(step.result[start : step.result.rfind("}") + 1])
        return AppSpec.model_validate(stored["spec"])
    except (orjson.JSONDecodeError, KeyError, TypeError, ValidationError):
        return None
