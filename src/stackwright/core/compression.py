"""Bodies of HTTP answers, decompressed within a bound however much they would become."""

import zlib
from typing import Any

import brotli

ACCEPTED = "gzip, deflate, br"
MAX_ENCODINGS = 2
_BROTLI: Any = brotli
_DAMAGES: tuple[type[Exception], ...] = (zlib.error, _BROTLI.error)


class BodyDamaged(Exception):
    """The body is not encoded as its header says, or in a way that is not read."""


def decompressed(body: bytes, encodings: str, *, max_bytes: int) -> bytes:
    """The first `max_bytes` of what a body with this Content-Encoding says; a body that is cut off is
    read as far as it goes. Raises BodyDamaged."""
    names = [name for part in encodings.split(",") if (name := part.strip().lower())]
    if len(names) > MAX_ENCODINGS:
        raise BodyDamaged(f"The body is encoded {len(names)} times.")
    for name in reversed(names):
        try:
            body = _decoded_once(body, name, max_bytes)
        except _DAMAGES as error:
            raise BodyDamaged(f"The body is not {name[:40]!r} as its header says.") from error
    return body[:max_bytes]


def _decoded_once(body: bytes, name: str, max_bytes: int) -> bytes:
    match name:
        case "identity":
            return body
        case "gzip" | "x-gzip":
            return _gunzipped(body, max_bytes)
        case "deflate":
            is_wrapped = body[:1] and body[0] & 0x0F == 8 and int.from_bytes(body[:2]) % 31 == 0
            bits = zlib.MAX_WBITS if is_wrapped else -zlib.MAX_WBITS
            return zlib.decompressobj(bits).decompress(body, max_bytes)
        case "br":
            decoder = _BROTLI.Decompressor()
            return decoder.process(body, output_buffer_limit=max_bytes)
        case _:
            raise BodyDamaged(f"The body is encoded as {name[:40]!r}, which is not read.")


def _gunzipped(body: bytes, max_bytes: int) -> bytes:
    """A gzip body may have several members, one behind the other."""
    whole = bytearray()
    while body and len(whole) < max_bytes:
        member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        whole += member.decompress(body, max_bytes - len(whole))
        body = member.unused_data
    return bytes(whole)
