"""Pictures of a conversation: stored as names of what the run keeps, sent as what they show.

A conversation holds `{"type": "image", "source": {"type": "kept", "sha256": …}}`; the bytes come in when a
request is made. Only the newest are sent, for models that take pictures; else a text stands there.
"""

import asyncio
import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from stackwright.agent.contract import FEEDBACK_PREFIX, ReadPicture
from stackwright.agent.models.base import ContentBlock, Message
from stackwright.agent.policies.base import TurnRequest
from stackwright.core.errors import PlatformError
from stackwright.core.pictures import MAX_SENT_BYTES, MAX_SIDE, fitted
from stackwright.tools.base import Picture

KEEP_PICTURES = 4
"""Newest pictures of tools that are never cleared."""
CLEAR_AT_ONCE = 4
"""They are cleared in groups: each clearing voids what the API has cached from there on."""
KEEP_SENT = 12
"""Limit for pictures that the person sent."""
CLEARED = "[An older picture, cleared to save space. Take it again if you need it.]"
GONE = "[A picture that is not kept any more.]"
UNSEEN = "[A picture, which this model cannot see.]"


def picture_block(picture: Picture) -> ContentBlock:
    """The block as the conversation stores it."""
    source = {
        "type": "kept",
        "sha256": picture.sha256,
        "media_type": picture.media_type,
        "width": picture.width,
        "height": picture.height,
    }
    return {"type": "image", "source": source, "instead": picture.instead}


def _is_kept(block: ContentBlock) -> bool:
    return block["type"] == "image" and block["source"]["type"] == "kept"


Exchange = Callable[[ContentBlock], ContentBlock]


def _exchanged(messages: Sequence[Message], exchange: Exchange) -> tuple[Message, ...]:
    """The conversation with another block for each kept picture. Messages without stay the same."""
    return tuple(_with_exchanged(m, exchange) for m in messages)


def _with_exchanged(message: Message, exchange: Exchange) -> Message:
    if all(exchange(block) is block for block in pictures_in(message)):
        return message
    blocks: list[ContentBlock] = []
    for block in message.content:
        if _is_kept(block):
            blocks.append(exchange(block))
        elif block["type"] == "tool_result" and not isinstance(block["content"], str):
            inner = [exchange(one) if _is_kept(one) else one for one in block["content"]]
            blocks.append({**block, "content": inner})
        else:
            blocks.append(block)
    return replace(message, content=tuple(blocks))


def _has_picture(message: Message) -> bool:
    return message.role == "user" and next(pictures_in(message), None) is not None


def pictures_in(message: Message) -> Iterator[ContentBlock]:
    """The kept pictures of a message, in order."""
    for block in message.content:
        if _is_kept(block):
            yield block
        elif block["type"] == "tool_result" and not isinstance(block["content"], str):
            yield from (one for one in block["content"] if _is_kept(one))


class ClearOldPictures:
    """All but the newest pictures are replaced by a sentence, in the request only."""

    def apply(self, request: TurnRequest) -> TurnRequest:
        sent = [b for m in request.messages if _is_persons(m) for b in pictures_in(m)]
        shown = [b for m in request.messages for b in pictures_in(m)]
        from_tools = [b for b in shown if not any(b is one for one in sent)]
        old = {
            *(id(b) for b in from_tools[: _cleared(len(from_tools), KEEP_PICTURES)]),
            *(id(b) for b in sent[: _cleared(len(sent), KEEP_SENT)]),
        }
        if not old:
            return request
        messages = _exchanged(request.messages, lambda b: _text(CLEARED, b) if id(b) in old else b)
        return replace(request, messages=messages, origin=f"{request.origin}-p{len(old)}")


def _is_persons(message: Message) -> bool:
    """Whether the person sent it: neither a tool nor the harness."""
    has_results = any(block["type"] == "tool_result" for block in message.content)
    return not has_results and not message.text.startswith(FEEDBACK_PREFIX)


def _cleared(count: int, kept: int) -> int:
    return max(0, count - kept) // CLEAR_AT_ONCE * CLEAR_AT_ONCE


def _text(text: str, block: ContentBlock) -> ContentBlock:
    """The text block that replaces a picture; a cache mark stays."""
    mark = {"cache_control": block["cache_control"]} if "cache_control" in block else {}
    return {"type": "text", "text": text, **mark}


@dataclass(slots=True)
class Album:
    """The pictures of one run's conversation, ready to be sent."""

    read: ReadPicture
    _ready: dict[str, tuple[str, str] | None] = field(
        default_factory=dict[str, "tuple[str, str] | None"]
    )
    """Media type and base64 by digest; None: not kept any more."""

    async def load(self, messages: Sequence[Message]) -> None:
        """Get what `shown` will need of these messages, and forget the rest."""
        if not any(map(_has_picture, messages)):
            return
        cleared = ClearOldPictures().apply(TurnRequest(tuple(messages), "", ()))
        wanted = [b["source"] for m in cleared.messages for b in pictures_in(m)]
        known = self._ready
        self._ready = {
            one["sha256"]: known[one["sha256"]]
            if one["sha256"] in known
            else await self._loaded(one)
            for one in wanted
        }

    async def _loaded(self, source: Mapping[str, Any]) -> tuple[str, str] | None:
        content = await self.read(source["sha256"])
        if content is None:
            return None
        try:
            return await asyncio.to_thread(_sendable, content, source)
        except PlatformError:
            return None

    def shown(self, request: TurnRequest, *, takes_images: bool) -> TurnRequest:
        """The request with the pictures themselves, or what stands in their place."""

        def exchange(block: ContentBlock) -> ContentBlock:
            if not takes_images:
                return _text(block.get("instead") or UNSEEN, block)
            ready = self._ready.get(block["source"]["sha256"])
            if ready is None:
                return _text(GONE, block)
            source = {"type": "base64", "media_type": ready[0], "data": ready[1]}
            plain = {key: value for key, value in block.items() if key != "instead"}
            return {**plain, "source": source}

        return replace(request, messages=_exchanged(request.messages, exchange))


def _sendable(content: bytes, source: Mapping[str, Any]) -> tuple[str, str]:
    """As it is if it is small enough, else smaller."""
    media_type = cast("str", source["media_type"])
    is_large = max(source["width"], source["height"]) > MAX_SIDE or len(content) > MAX_SENT_BYTES
    if is_large or media_type not in ("image/png", "image/jpeg"):
        made = fitted(content)
        media_type, content = made.media_type, made.content
    return media_type, base64.b64encode(content).decode()
