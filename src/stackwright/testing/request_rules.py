"""What the Messages API refuses, so that a client's mistake fails in a test and not in production."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from stackwright.testing.image_rules import MAX_IMAGES, broken_image_rule, images_in
from stackwright.testing.thinking_rules import THINKING, broken_thinking_rules

MAX_CACHE_MARKS = 4
_TOP_LEVEL = frozenset(
    {
        "model",
        "max_tokens",
        "messages",
        "system",
        "tools",
        "tool_choice",
        "stream",
        "temperature",
        "top_p",
        "top_k",
        "stop_sequences",
        "metadata",
        "thinking",
        "service_tier",
    }
)
_BLOCK_FIELDS: Mapping[str, frozenset[str]] = {
    "text": frozenset({"type", "text", "cache_control", "citations"}),
    "image": frozenset({"type", "source", "cache_control"}),
    "tool_use": frozenset({"type", "id", "name", "input", "cache_control"}),
    "tool_result": frozenset({"type", "tool_use_id", "content", "is_error", "cache_control"}),
    "thinking": frozenset({"type", "thinking", "signature"}),
    "redacted_thinking": frozenset({"type", "data"}),
}
_ASSISTANT_ONLY = THINKING | {"tool_use"}
_USER_ONLY = frozenset({"tool_result", "image"})
_TOOL_FIELDS = frozenset({"name", "description", "input_schema", "cache_control", "type", "strict"})
_NAME = re.compile(r"[a-zA-Z0-9_-]{1,128}\Z")


class BadRequest(Exception):
    """The request breaks a rule; the text is the API's sentence about it."""


def check_messages_request(body: Mapping[str, Any]) -> None:
    """Raise BadRequest with the first broken rule."""
    _check_top_level(body)
    conversation = [_normalised(m, i) for i, m in enumerate(body["messages"])]
    _check_roles(conversation)
    for index, (role, blocks) in enumerate(conversation):
        for position, block in enumerate(blocks):
            _check_block(block, role, f"messages.{index}.content.{position}")
    _check_ending(conversation)
    _check_tool_pairs(conversation)
    _check_tools(body, conversation)
    for sentence in broken_thinking_rules(body, conversation):
        raise BadRequest(sentence)
    _check_cache_marks(body, conversation)
    if sum(1 for _ in images_in(body["messages"])) > MAX_IMAGES:
        raise BadRequest(f"messages: too many images and documents: more than {MAX_IMAGES}")


_Conversation = Sequence[tuple[str, Sequence[Mapping[str, Any]]]]


def _check_top_level(body: Mapping[str, Any]) -> None:
    for name in sorted(set(body) - _TOP_LEVEL):
        raise BadRequest(f"{name}: Extra inputs are not permitted")
    for name in ("model", "max_tokens", "messages"):
        if name not in body:
            raise BadRequest(f"{name}: Field required")
    if not isinstance(body["model"], str) or not body["model"]:
        raise BadRequest("model: String should have at least 1 character")
    if not _is_int(body["max_tokens"]) or body["max_tokens"] < 1:
        raise BadRequest("max_tokens: Input should be greater than or equal to 1")
    temperature = body.get("temperature", 1)
    if not isinstance(temperature, int | float) or not 0 <= temperature <= 1:
        raise BadRequest("temperature: range: 0..1")
    if not isinstance(body["messages"], list) or not body["messages"]:
        raise BadRequest("messages: at least one message is required")


def _normalised(message: Any, index: int) -> tuple[str, list[Mapping[str, Any]]]:
    where = f"messages.{index}"
    if not isinstance(message, dict) or set(cast("dict[str, Any]", message)) != {"role", "content"}:
        raise BadRequest(f"{where}: Input should have exactly role and content")
    parts = cast("dict[str, Any]", message)
    if parts["role"] not in ("user", "assistant"):
        raise BadRequest(
            f"{where}.role: Unexpected role {parts['role']!r}. Allowed: user, assistant"
        )
    content = parts["content"]
    if isinstance(content, str):
        content = [{"type": "text", "text": content}]
    if not isinstance(content, list):
        raise BadRequest(f"{where}.content: Input should be a valid list")
    if not content:
        raise BadRequest(
            f"{where}: all messages must have non-empty content except for the optional final "
            "assistant message"
        )
    return parts["role"], cast("list[Mapping[str, Any]]", content)


def _check_roles(conversation: _Conversation) -> None:
    if conversation[0][0] != "user":
        raise BadRequest('messages: first message must use the "user" role')


def _check_block(block: Any, role: str, where: str) -> None:
    if not isinstance(block, dict):
        raise BadRequest(f"{where}: Input should be an object")
    parts = cast("dict[str, Any]", block)
    kind = _checked_kind(parts, role, where)
    match kind:
        case "text":
            _check_text(parts, where)
        case "image":
            _check_image(parts, where)
        case "tool_use":
            _check_tool_use(parts, where)
        case "tool_result":
            _check_tool_result(parts, where)
        case "thinking":
            if not isinstance(parts.get("thinking"), str) or not parts.get("signature"):
                raise BadRequest(f"{where}.thinking.signature: Field required")
        case _:
            pass


def _checked_kind(parts: Mapping[str, Any], role: str, where: str) -> str:
    """The block's type, if a message of the role may hold a block of these fields."""
    kind = str(parts.get("type"))
    if kind not in _BLOCK_FIELDS:
        raise BadRequest(f"{where}: Input tag {kind!r} does not match any of the expected tags")
    for name in sorted(set(parts) - _BLOCK_FIELDS[kind]):
        raise BadRequest(f"{where}.{kind}.{name}: Extra inputs are not permitted")
    if kind in (_ASSISTANT_ONLY if role == "user" else _USER_ONLY):
        raise BadRequest(f"{where}: `{kind}` blocks are not permitted in `{role}` messages")
    return kind


def _check_image(block: Mapping[str, Any], where: str) -> None:
    if sentence := broken_image_rule(block, where):
        raise BadRequest(sentence)


def _check_text(block: Mapping[str, Any], where: str) -> None:
    text = block.get("text")
    if not isinstance(text, str):
        raise BadRequest(f"{where}.text.text: Input should be a valid string")
    if not text:
        raise BadRequest("messages: text content blocks must be non-empty")
    if not text.strip():
        raise BadRequest("messages: text content blocks must contain non-whitespace text")


def _check_tool_use(block: Mapping[str, Any], where: str) -> None:
    if not _NAME.match(str(block.get("id", ""))):
        raise BadRequest(f"{where}.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'")
    if not _NAME.match(str(block.get("name", ""))):
        raise BadRequest(f"{where}.tool_use.name: String should match pattern")
    if not isinstance(block.get("input"), dict):
        raise BadRequest(f"{where}.tool_use.input: Input should be a valid dictionary")


def _check_tool_result(block: Mapping[str, Any], where: str) -> None:
    if "tool_use_id" not in block:
        raise BadRequest(f"{where}.tool_result.tool_use_id: Field required")
    content = block.get("content", "")
    if isinstance(content, list):
        for position, part in enumerate(cast("list[Any]", content)):
            _check_block(part, "user", f"{where}.content.{position}")
            if block.get("is_error") and part["type"] != "text":
                raise BadRequest(f'{where}: all content must be type "text" if "is_error" is true')
    elif not isinstance(content, str):
        raise BadRequest(f"{where}.tool_result.content: Input should be a string or a list")
    if block.get("is_error") and not content:
        raise BadRequest(f"{where}: content cannot be empty if `is_error` is true")


def _check_ending(conversation: _Conversation) -> None:
    role, blocks = conversation[-1]
    end = blocks[-1]
    if role == "assistant" and end["type"] == "text" and end["text"] != end["text"].rstrip():
        raise BadRequest("messages: final assistant content cannot end with trailing whitespace")


def _check_tool_pairs(conversation: _Conversation) -> None:
    seen: set[str] = set()
    open_ids: list[str] = []
    for index, (role, blocks) in enumerate(conversation):
        if open_ids:
            _check_answers(open_ids, blocks, index)
        for position, block in enumerate(blocks):
            if block["type"] == "tool_result" and block["tool_use_id"] not in open_ids:
                raise BadRequest(
                    f"messages.{index}.content.{position}: unexpected `tool_use_id` found in "
                    f"`tool_result` blocks: {block['tool_use_id']}. Each `tool_result` block must "
                    "have a corresponding `tool_use` block in the previous message."
                )
        open_ids = [b["id"] for b in blocks if role == "assistant" and b["type"] == "tool_use"]
        if len({*open_ids}) != len(open_ids) or seen & {*open_ids}:
            raise BadRequest(f"messages.{index}: `tool_use` ids must be unique")
        seen.update(open_ids)
    if open_ids:
        _check_answers(open_ids, (), len(conversation))


def _check_answers(
    open_ids: Sequence[str], blocks: Sequence[Mapping[str, Any]], index: int
) -> None:
    leading: list[str] = []
    for block in blocks:
        if block["type"] != "tool_result":
            break
        leading.append(block["tool_use_id"])
    missing = [i for i in open_ids if i not in leading]
    if missing:
        raise BadRequest(
            f"messages.{index - 1}: `tool_use` ids were found without `tool_result` blocks "
            f"immediately after: {', '.join(missing)}. Each `tool_use` block must have a "
            "corresponding `tool_result` block in the next message."
        )
    if len({*leading}) != len(leading):
        raise BadRequest(f"messages.{index}: each tool_use must have a single result")


def _check_tools(body: Mapping[str, Any], conversation: _Conversation) -> None:
    tools: Sequence[Any] = body.get("tools") or ()
    names: set[str] = set()
    for index, tool in enumerate(tools):
        for name in sorted(set(tool) - _TOOL_FIELDS):
            raise BadRequest(f"tools.{index}.custom.{name}: Extra inputs are not permitted")
        if not _NAME.match(str(tool.get("name", ""))):
            raise BadRequest(f"tools.{index}.custom.name: String should match pattern")
        if tool["name"] in names:
            raise BadRequest("tools: Tool names must be unique.")
        names.add(tool["name"])
        schema = tool.get("input_schema")
        if not isinstance(schema, dict) or cast("dict[str, Any]", schema).get("type") != "object":
            raise BadRequest(f"tools.{index}.custom.input_schema.type: Input should be 'object'")
    uses_tools = any(b["type"] in ("tool_use", "tool_result") for _, bs in conversation for b in bs)
    if uses_tools and not tools:
        raise BadRequest("Requests which include `tool_use` or `tool_result` must define tools")


def _check_cache_marks(body: Mapping[str, Any], conversation: _Conversation) -> None:
    marks = list(_cache_marks(body, conversation))
    if len(marks) > MAX_CACHE_MARKS:
        raise BadRequest(
            f"A maximum of {MAX_CACHE_MARKS} blocks with cache_control may be provided. "
            f"Found {len(marks)}."
        )
    for mark in marks:
        if not isinstance(mark, dict) or cast("dict[str, Any]", mark).get("type") != "ephemeral":
            raise BadRequest("cache_control: Input tag does not match 'ephemeral'")


def _cache_marks(body: Mapping[str, Any], conversation: _Conversation) -> Iterator[Any]:
    system = body.get("system")
    places: list[Any] = [*(system if isinstance(system, list) else ())]
    places += body.get("tools") or ()
    places += [block for _, blocks in conversation for block in blocks]
    for place in places:
        if place.get("cache_control") is not None:
            yield place["cache_control"]


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
