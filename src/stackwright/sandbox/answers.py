"""What a program in a sandbox answered, as the port tells it."""

import asyncio
from collections.abc import Iterable

from stackwright.core.compression import BodyDamaged, decompressed
from stackwright.sandbox.base import HttpAnswer


async def plain_answer(
    status: int, headers: Iterable[tuple[str, str]], body: bytes, *, max_bytes: int
) -> HttpAnswer:
    """Built from every header, also several of one name: the answer with a body of at most `max_bytes` after
    decompression. One that cannot be
    decompressed stays as it is and keeps its Content-Encoding."""
    each = [(name.lower(), value) for name, value in headers]
    named, cookies = dict(each), tuple(value for name, value in each if name == "set-cookie")
    encodings = named.get("content-encoding", "")
    if encodings:
        try:
            body = await asyncio.to_thread(decompressed, body, encodings, max_bytes=max_bytes)
        except BodyDamaged:
            return HttpAnswer(status, named, body[:max_bytes], cookies)
        del named["content-encoding"]
    return HttpAnswer(status, named, body[:max_bytes], cookies)
