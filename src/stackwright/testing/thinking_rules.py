"""What the Messages API refuses about thinking: its place in a message, and foreign signatures."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from stackwright.testing.signatures import signature_at

THINKING = frozenset({"thinking", "redacted_thinking"})
_LEAST_BUDGET = 1024

_Blocks = Sequence[Mapping[str, Any]]


def broken_thinking_rules(
    body: Mapping[str, Any], conversation: Sequence[tuple[str, _Blocks]]
) -> Iterator[str]:
    """The API's sentence about each broken rule. `conversation`: role and blocks of each message."""
    for index, (_, blocks) in enumerate(conversation):
        if any(block["type"] in THINKING for block in blocks):
            yield from _about_blocks(index, blocks, signature_at(body, index))
    thinking: Mapping[str, Any] = body.get("thinking") or {}
    if thinking.get("type") == "enabled":
        yield from _about_budget(body, thinking.get("budget_tokens"))
        yield from _about_last_message(conversation)


def _about_blocks(index: int, blocks: _Blocks, signature: str) -> Iterator[str]:
    if blocks[0]["type"] not in THINKING:
        yield (
            f"messages.{index}.content.0: If an assistant message contains any thinking blocks, the "
            f"first block must be `thinking` or `redacted_thinking`. Found `{blocks[0]['type']}`."
        )
    if blocks[-1]["type"] in THINKING:
        yield f"messages.{index}: The final block in an assistant message cannot be `thinking`."
    for place, block in enumerate(blocks):
        if block["type"] == "thinking" and block["signature"] != signature:
            yield f"messages.{index}.content.{place}: Invalid `signature` in `thinking` block"


def _about_budget(body: Mapping[str, Any], budget: Any) -> Iterator[str]:
    if not isinstance(budget, int) or budget < _LEAST_BUDGET:
        yield "thinking.enabled.budget_tokens: Input should be at least 1024"
    elif body["max_tokens"] <= budget:
        yield "`max_tokens` must be greater than `thinking.budget_tokens`"
    if body.get("temperature", 1) != 1:
        yield "`temperature` may only be set to 1 when thinking is enabled"


def _about_last_message(conversation: Sequence[tuple[str, _Blocks]]) -> Iterator[str]:
    last = next((bs for role, bs in reversed(conversation) if role == "assistant"), None)
    if last and any(b["type"] == "tool_use" for b in last) and last[0]["type"] not in THINKING:
        yield (
            f"Expected `thinking` or `redacted_thinking`, but found `{last[0]['type']}`. When "
            "`thinking` is enabled, a final `assistant` message must start with a thinking block"
        )
