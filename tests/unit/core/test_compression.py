import gzip
import tracemalloc
import zlib

import brotli
import pytest

from stackwright.core.compression import BodyDamaged, decompressed

TEXT = b"hello " * 1000


def raw_deflate(body: bytes) -> bytes:
    maker = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return maker.compress(body) + maker.flush()


@pytest.mark.parametrize(
    ("body", "encodings"),
    [
        (TEXT, ""),
        (TEXT, "identity"),
        (gzip.compress(TEXT), "gzip"),
        (gzip.compress(TEXT[:60]) + gzip.compress(TEXT[60:]), "x-gzip"),
        (zlib.compress(TEXT), "deflate"),
        (raw_deflate(TEXT), "deflate"),
        (brotli.compress(TEXT), "BR"),
        (brotli.compress(gzip.compress(TEXT)), "gzip, br"),
    ],
)
def test_a_body_is_decompressed_as_its_header_says(body: bytes, encodings: str) -> None:
    assert decompressed(body, encodings, max_bytes=1_000_000) == TEXT


def test_a_body_without_bytes_and_one_that_is_cut_off_are_read_as_far_as_they_go() -> None:
    assert decompressed(b"", "gzip", max_bytes=100) == b""
    assert TEXT.startswith(decompressed(gzip.compress(TEXT)[:-12], "gzip", max_bytes=100))


ZEROS = bytes(20_000_000)


@pytest.mark.parametrize(
    ("bomb", "name"),
    [
        (gzip.compress(ZEROS), "gzip"),
        (zlib.compress(ZEROS), "deflate"),
        (brotli.compress(ZEROS), "br"),
    ],
    ids=["gzip", "deflate", "br"],
)
def test_a_bomb_costs_no_more_than_the_bound(bomb: bytes, name: str) -> None:
    tracemalloc.start()

    assert len(decompressed(bomb, name, max_bytes=10_000)) == 10_000

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


@pytest.mark.parametrize(
    ("body", "encodings"),
    [(b"plain", "gzip"), (TEXT, "zstd"), (TEXT, "br, br, br")],
)
def test_a_body_that_is_not_what_its_header_says_is_refused(body: bytes, encodings: str) -> None:
    with pytest.raises(BodyDamaged):
        decompressed(body, encodings, max_bytes=100)
