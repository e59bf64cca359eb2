"""What the Messages API refuses of pictures, and what they cost."""

import base64
import binascii
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from stackwright.core.pictures import tokens_of

MAX_BYTES = 5 * 1024 * 1024
MAX_SIDE = 8000
MAX_IMAGES = 100
_MEDIA_TYPES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WEBP"}


def broken_image_rule(block: Mapping[str, Any], where: str) -> str | None:
    """The API's sentence about an image block; None if it is sound."""
    source: Any = block.get("source")
    if not isinstance(source, dict) or cast("dict[str, Any]", source).get("type") != "base64":
        return f"{where}.image.source: Input tag does not match any of the expected tags: 'base64', 'url'"
    given = cast("dict[str, Any]", source)
    place = f"{where}.image.source.base64"
    for name in sorted(set(given) - {"type", "media_type", "data"}):
        return f"{place}.{name}: Extra inputs are not permitted"
    if given.get("media_type") not in _MEDIA_TYPES:
        return f"{place}.media_type: Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'"
    try:
        content = base64.b64decode(given.get("data", ""), validate=True)
    except (binascii.Error, TypeError, ValueError):
        return f"{place}.data: Input should be a valid base64 string"
    if len(content) > MAX_BYTES:
        return f"{place}: image exceeds 5 MB maximum: {len(content)} bytes > {MAX_BYTES} bytes"
    return _broken_content(content, given["media_type"], where)


def _broken_content(content: bytes, media_type: str, where: str) -> str | None:
    # Loaded late: most scripted conversations hold no picture.
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415

    try:
        with Image.open(io.BytesIO(content)) as image:
            size, kind = image.size, image.format
    except (UnidentifiedImageError, OSError):
        return f"{where}.image.source.base64.data: Could not process image"
    if kind != _MEDIA_TYPES[media_type]:
        return f"{where}.image: Image does not match the provided media type {media_type}"
    if max(size) > MAX_SIDE:
        return f"{where}.image: At least one of the image dimensions exceed max allowed size: {MAX_SIDE} pixels"
    return None


def images_in(messages: Sequence[Any]) -> Iterator[Mapping[str, Any]]:
    """The image blocks of a request, also those of tool results."""
    for message in messages:
        for block in _listed(message["content"]):
            is_result = block.get("type") == "tool_result"
            parts = _listed(block.get("content")) if is_result else [block]
            yield from (part for part in parts if _is_image(part))


def _listed(value: Any) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []


def _is_image(part: Any) -> bool:
    return isinstance(part, dict) and cast("dict[str, Any]", part).get("type") == "image"


def tokens_of_request(body: Mapping[str, Any], raw_bytes: int) -> int:
    """Four bytes of text are a token; a picture counts by its pixels, not by its base64."""
    from PIL import Image  # noqa: PLC0415 (as above)

    tokens = 0
    for block in images_in(body["messages"]):
        data = block["source"]["data"]
        raw_bytes -= len(data)
        with Image.open(io.BytesIO(base64.b64decode(data))) as image:
            tokens += tokens_of(*image.size)
    return tokens + raw_bytes // 4
