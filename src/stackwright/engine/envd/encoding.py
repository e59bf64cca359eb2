"""Content-Encoding, Accept-Encoding and Range, as far as `/files` honours them."""

import zlib
from collections.abc import AsyncGenerator, AsyncIterator

from stackwright.engine.http1 import HttpError
from stackwright.engine.pipes import BLOCK_BYTES

_GZIP = 31
"""zlib's `wbits` for gzip with the largest window."""
_LONGEST_OFFSET = 19
"""Digits of the largest number that 64 bits hold: some clients ask for everything up to that."""


async def unpacked(blocks: AsyncIterator[bytes | bytearray]) -> AsyncGenerator[bytes, None]:
    """The content of one gzip member after another, in blocks that are never large however well it
    was packed. Raises 400 for what is none, and when it ends too early."""
    member = zlib.decompressobj(_GZIP)
    async for block in blocks:
        left: bytes | bytearray = block
        while left:
            if member.eof:
                member = zlib.decompressobj(_GZIP)
            try:
                plain = member.decompress(left, BLOCK_BYTES)
            except zlib.error as error:
                raise HttpError(400, f"the body is not gzip: {error}") from error
            left = member.unconsumed_tail or member.unused_data
            if plain:
                yield plain
    if rest := member.flush():
        yield rest
    if not member.eof:
        raise HttpError(400, "the gzip body ends too early")


def chosen_encoding(accept: str) -> str:
    """`gzip` when the client asks for it, else `identity`. Raises 406 when neither is allowed.

    A list with other codings is what HTTP libraries send unasked. The client is on this machine:
    packing 50 MB for it takes fifty times as long as sending them.
    """
    weights = _weights(accept)
    gzip = weights.get("gzip", 0.0)
    asks_for_gzip = weights.keys() <= {"gzip", "identity", "*"}
    if asks_for_gzip and gzip > 0 and gzip >= weights.get("identity", 0.0):
        return "gzip"
    if accepts_identity(accept):
        return "identity"
    if weights.get("gzip", weights.get("*", 0.0)) > 0:
        return "gzip"
    raise HttpError(406, "no acceptable encoding found, supported: [identity, gzip]")


def accepts_identity(accept: str) -> bool:
    weights = _weights(accept)
    return weights.get("identity", weights.get("*", 1.0)) > 0


def _weights(accept: str) -> dict[str, float]:
    weights: dict[str, float] = {}
    for item in filter(None, (item.strip() for item in accept.split(","))):
        name, *parameters = (part.strip() for part in item.split(";"))
        weights[name.lower()] = 1.0
        for parameter in parameters:
            if parameter.startswith("q="):
                try:
                    weights[name.lower()] = float(parameter[2:])
                except ValueError:
                    weights[name.lower()] = 0.0
    return weights


def byte_range(header: str, size: int) -> tuple[int, int] | None:
    """Start and end (exclusive) of the single range asked for; None for the whole file, also of an
    empty one: some clients always ask for a range. Raises 416."""
    unit, _, wanted = header.partition("=")
    first, dash, last = wanted.strip().partition("-")
    if unit.strip() != "bytes" or not dash or "," in wanted:
        return None
    if not (first + last).isdecimal() or not size:
        return None
    if max(len(first), len(last)) > _LONGEST_OFFSET:
        raise HttpError(416, "the range is no part of any file")
    start = int(first) if first else max(0, size - int(last))
    end = min(size, int(last) + 1) if first and last else size
    if start >= size or start >= end:
        raise HttpError(416, f"range {wanted} is outside the file's {size} bytes")
    return start, end
