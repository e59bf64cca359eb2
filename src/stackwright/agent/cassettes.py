"""A cassette: one run as data, without secrets, from which it can be played again offline.

The format is described in docs/cassettes.md.
"""

import gzip
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, cast

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError

from stackwright.agent.models.base import Message, result_text
from stackwright.agent.tool_runner import tool_complete, tool_start
from stackwright.core.errors import BadInput

FORMAT = 1
MAX_BYTES = 32_000_000
"""Size limit of a cassette as JSON."""
SCRUBBED = "[scrubbed]"
_VALUE = r"""[^\s"'\\,;&<>]{4,}"""
_SECRETS = (
    re.compile(
        r"\b(?:sk|pk|rk|ghp|gho|github_pat|glpat|xox[abps]|lsv2|tvly|e2b)[-_][A-Za-z0-9_-]{8,}"
    ),
    re.compile(r"\bAKIA[0-9A-Z]{16}\b"),
    re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]+"),
    re.compile(
        r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL
    ),
    re.compile(rf"(?<=://)[^\s/:@\"']+:{_VALUE}(?=@)"),
)
_NAMED = re.compile(
    r"""((?:password|passwd|secret|token|api[-_]?key|authorization|cookie|session[-_]?id)["']?\s*[:=]\s*["']?(?:bearer\s+|basic\s+)?)"""
    + _VALUE,
    re.IGNORECASE,
)
_SECRET_KEY = re.compile(
    r"(^|_|-)(password|passwd|secret|token|api_?key|authorization|cookies?|session_?id)$",
    re.IGNORECASE,
)
_CLOCK = ("seq", "timestamp", "duration_ms", "run_id", "project_id", "cost_usd")
_AGENTS = frozenset(
    {
        "agent_thinking",
        "tool_args_delta",
        "tool_refused",
        "tool_start",
        "tool_complete",
        "phase_changed",
        "usage",
    }
)
"""Types of the events that the agent's loop itself emits; the others come from around it."""

Event = dict[str, Any]


class Cassette(BaseModel):
    """What `record` writes and `replay` reads."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = FORMAT
    kind: Literal["chat", "proof", "plan", "ask"]
    status: str
    message: str
    messages: tuple[dict[str, Any], ...]
    """The conversation of this run: `role`, `content`."""
    events: tuple[Event, ...]

    def to_bytes(self) -> bytes:
        """Compressed, and the same for the same run. Raises BadInput when it is too large."""
        text = orjson.dumps(self.model_dump(mode="json"))
        if len(text) > MAX_BYTES:
            raise BadInput(f"This run is too long for a cassette of {MAX_BYTES // 1_000_000} MB.")
        return gzip.compress(text, mtime=0)


def read_cassette(content: bytes) -> Cassette:
    """Raises BadInput for what is no cassette."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            text = packed.read(MAX_BYTES + 1)
        if len(text) > MAX_BYTES:
            raise ValueError("it is too large")
        return Cassette.model_validate(orjson.loads(text))
    except (OSError, EOFError, ValueError, ValidationError) as error:
        raise BadInput(f"This is no cassette of format {FORMAT}: {str(error)[:200]}") from None


def recorded(
    *, kind: Any, status: str, message: str, messages: Sequence[Message], events: Sequence[Event]
) -> Cassette:
    """The run as a cassette: secrets scrubbed, the events of its calls made anew from the scrubbed calls."""
    kept = [{"role": m.role, "content": scrubbed(list(m.content))} for m in messages]
    return Cassette(
        kind=kind,
        status=status,
        message=scrubbed(message),
        messages=tuple(kept),
        events=tuple(_retold(normalised(events), kept)),
    )


def scrubbed(value: Any) -> Any:
    """A JSON value without what looks like a secret. The same value always becomes the same."""
    match value:
        case str():
            for pattern in _SECRETS:
                value = pattern.sub(SCRUBBED, value)
            return _NAMED.sub(rf"\1{SCRUBBED}", value)
        case Mapping():
            items = cast("Mapping[str, Any]", value).items()
            return {key: _scrubbed_at(key, each) for key, each in items}
        case list() | tuple():
            return [scrubbed(each) for each in cast("Sequence[Any]", value)]
        case _:
            return value


def _scrubbed_at(key: str, value: Any) -> Any:
    is_secret = isinstance(value, str) and value and _SECRET_KEY.search(key)
    return SCRUBBED if is_secret else scrubbed(value)


def normalised(events: Sequence[Mapping[str, Any]]) -> list[Event]:
    """Without clocks and ids, with what was streamed in pieces put together, and without what was void."""
    out: list[Event] = []
    for event in events:
        plain = {key: value for key, value in event.items() if key not in _CLOCK}
        if plain["type"] == "message_reset":
            out = list(_without_void(out))
        elif (
            plain["type"] == "agent_thinking"
            and not plain["token"].strip()
            and not _continues(out, plain)
        ):
            continue
        elif _continues(out, plain):
            key = "token" if plain["type"] == "agent_thinking" else "delta"
            out[-1] = {**out[-1], key: out[-1][key] + plain[key]}
        elif plain["type"] == "state" and plain["state"] in ("retrying", "fallback_model"):
            out = list(_without_void(out))  # a call that broke off before a word has no reset
        else:
            out.append(plain)
    return out


def of_agent(events: Sequence[Mapping[str, Any]]) -> list[Event]:
    """Only the events that the agent's loop emits, normalised: a replay must repeat them."""
    own = [e for e in events if e["type"] in _AGENTS | {"message_reset", "state"}]
    told = [e for e in own if e.get("node", "model") == "model" and e.get("purpose") != "summary"]
    return [e for e in normalised(told) if e["type"] in _AGENTS]


def _continues(out: Sequence[Event], event: Event) -> bool:
    same = {"agent_thinking": ("kind", "node"), "tool_args_delta": ("tool_id",)}.get(event["type"])
    if not out or same is None or out[-1]["type"] != event["type"]:
        return False
    return all(out[-1].get(key) == event.get(key) for key in same)


def _without_void(events: Sequence[Event]) -> Iterator[Event]:
    """All but what was streamed since the last complete message."""
    streamed = ("agent_thinking", "tool_args_delta", "usage")
    last = max(
        (i for i, e in enumerate(events) if e["type"] in _AGENTS and e["type"] not in streamed),
        default=-1,
    )
    yield from (e for i, e in enumerate(events) if i <= last or e["type"] not in streamed)


def _retold(events: Sequence[Event], messages: Sequence[Mapping[str, Any]]) -> Iterator[Event]:
    blocks = [block for message in messages for block in message["content"]]
    inputs = {b["id"]: b["input"] for b in blocks if b["type"] == "tool_use"}
    results = {b["tool_use_id"]: b for b in blocks if b["type"] == "tool_result"}
    refused = {event["tool_id"] for event in events if event["type"] == "tool_refused"}
    for event in events:
        tool_id = event.get("tool_id")
        match event["type"]:
            case "tool_args_delta" if tool_id in inputs and tool_id not in refused:
                yield {**event, "delta": orjson.dumps(inputs[tool_id]).decode()}
            case "tool_start" if tool_id in inputs:
                told = tool_start(event["tool_name"], event["tool_id"], inputs[tool_id])
                yield {**event, "tool_args": told.tool_args}
            case "tool_complete" if tool_id in results:
                text = result_text(results[tool_id])
                told = tool_complete(event["tool_name"], event["tool_id"], text, failed=False)
                yield {**event, "output_preview": told.output_preview}
            case _:
                yield {key: scrubbed(value) for key, value in event.items()}
