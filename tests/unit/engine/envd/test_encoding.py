import gzip
import os
from collections.abc import AsyncIterator

import pytest

from stackwright.engine.envd.encoding import byte_range, chosen_encoding, unpacked
from stackwright.engine.http1 import HttpError
from stackwright.engine.pipes import BLOCK_BYTES

PACKED = gzip.compress(b"first, ") + gzip.compress(b"") + gzip.compress(b"second")


async def in_blocks(data: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", "identity"),
        ("gzip", "gzip"),
        ("gzip, deflate, br", "identity"),
        ("gzip, deflate, identity;q=0", "gzip"),
        ("identity, gzip;q=0.5", "identity"),
        ("gzip;q=0", "identity"),
        ("br", "identity"),
        ("*;q=0, gzip", "gzip"),
    ],
)
def test_the_clients_preference_decides(accept: str, expected: str) -> None:
    assert chosen_encoding(accept) == expected


def test_nothing_acceptable_is_refused() -> None:
    with pytest.raises(HttpError) as refusal:
        chosen_encoding("br, identity;q=0")
    assert refusal.value.status == 406


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", None),
        ("bytes=0-0", (0, 1)),
        ("bytes=5-", (5, 10)),
        ("bytes=-3", (7, 10)),
        ("bytes=2-99", (2, 10)),
        (f"bytes=2-{2**63 - 1}", (2, 10)),
        (f"bytes=-{2**63 - 1}", (0, 10)),
        ("bytes=0-1,3-4", None),
        ("lines=1-2", None),
        ("bytes=a-b", None),
    ],
)
def test_one_range_is_honoured(header: str, expected: tuple[int, int] | None) -> None:
    assert byte_range(header, 10) == expected


@pytest.mark.parametrize("asked", ["10-", "5-2", "-0", f"0-{'9' * 5000}", f"-{'9' * 5000}"])
def test_a_range_outside_the_file_is_refused(asked: str) -> None:
    with pytest.raises(HttpError) as refusal:
        byte_range(f"bytes={asked}", 10)
    assert refusal.value.status == 416


def test_an_empty_file_is_whole_whatever_range_is_asked_for() -> None:
    assert [byte_range(f"bytes={asked}", 0) for asked in ("0-", "0-9", "-3")] == [None] * 3


@pytest.mark.parametrize("size", [1, 7, len(gzip.compress(b"first, ")), 4096])
async def test_the_members_of_a_packed_body_follow_each_other(size: int) -> None:
    assert b"".join([p async for p in unpacked(in_blocks(PACKED, size))]) == b"first, second"


@pytest.mark.parametrize("is_noise", [False, True])
async def test_no_block_is_large_however_well_it_was_packed(is_noise: bool) -> None:
    content = os.urandom(3 * BLOCK_BYTES) if is_noise else b"0" * 30_000_000
    blocks = [plain async for plain in unpacked(in_blocks(gzip.compress(content), 1 << 20))]
    assert max(map(len, blocks)) <= BLOCK_BYTES
    assert b"".join(blocks) == content


BROKEN = {
    "empty": (b"", "ends too early"),
    "without its last byte": (PACKED[:-1], "ends too early"),
    "without its sums": (PACKED[:-8], "ends too early"),
    "within a member": (PACKED[:-20], "ends too early"),
    "plain": (b"plain", "is not gzip"),
    "plain at its end": (PACKED + b"plain", "is not gzip"),
}


@pytest.mark.parametrize("name", BROKEN)
async def test_a_body_that_is_not_wholly_packed_is_refused(name: str) -> None:
    packed, told = BROKEN[name]
    with pytest.raises(HttpError, match=told) as refusal:
        async for _ in unpacked(in_blocks(packed, 16)):
            pass
    assert refusal.value.status == 400
