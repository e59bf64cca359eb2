"""What a program in a sandbox answered, as the port tells it."""

import asyncio
from collections.abc import Mapping

from stackwright.core.compression import BodyDamaged, decompressed
from stackwright.sandbox.base import HttpAnswer


async def plain_answer(
    status: int, headers: Mapping[str, str], body: bytes, *, max_bytes: int
) -> HttpAnswer:
    """The answer with a body of at most `max_bytes` after decompression. One that cannot be
    decompressed stays as it is and keeps its Content-Encoding."""
    named = {name.lower(): value for name, value in headers.items()}
    encodings = named.get("content-encoding", "")
    if encodings:
        try:
            body = await asyncio.to_thread(decompressed, body, encodings, max_bytes=max_bytes)
        except BodyDamaged:
            return HttpAnswer(status, named, body[:max_bytes])
        del named["content-encoding"]
    return HttpAnswer(status, named, body[:max_bytes])
