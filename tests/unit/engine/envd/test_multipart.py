from collections.abc import AsyncIterator

import pytest

from stackwright.engine.envd.multipart import PartEnd, PartStart, boundary_of, parts
from stackwright.engine.http1 import HttpError

BODY = (
    b'--B\r\nContent-Disposition: form-data; name="file"; filename="a \\"b\\".txt"\r\n\r\n'
    b"one\r\n--not the end\r\n--B\r\n"
    b'Content-Disposition: form-data; name="note"\r\n\r\n\r\n--B--\r\n'
)
DELIMITER = b"\r\n--a-long-boundary"


async def in_blocks(data: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


@pytest.mark.parametrize("size", [*range(1, len(BODY)), 4096])
async def test_parts_are_the_same_however_the_body_is_cut(size: int) -> None:
    contents: list[tuple[str, str, bytes]] = []
    async for piece in parts(in_blocks(BODY, size), b"B"):
        match piece:
            case PartStart(name, filename):
                contents.append((name, filename, b""))
            case memoryview():
                name, filename, so_far = contents[-1]
                contents[-1] = name, filename, so_far + piece
            case PartEnd():
                pass
    assert contents == [("file", 'a "b".txt', b"one\r\n--not the end"), ("note", "", b"")]


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        (r"back\\slash", r"back\slash"),
        (r"a \"b\"", 'a "b"'),
        (r"a\b\c", r"a\b\c"),
        (r"p%22q", "p%22q"),
    ],
)
async def test_a_name_is_read_as_go_reads_it(sent: str, name: str) -> None:
    head = f'Content-Disposition: form-data; name="file"; filename="{sent}"'.encode()
    body = b"--B\r\n" + head + b"\r\n\r\nx\r\n--B--\r\n"
    assert await anext(parts(in_blocks(body, 4096), b"B")) == PartStart("file", name)


@pytest.mark.parametrize("cut", range(len(DELIMITER) + 1))
async def test_a_delimiter_in_two_blocks_is_found(cut: int) -> None:
    almost = b"x" * 100 + DELIMITER[:-1] + DELIMITER[:-1]
    body = b"--a-long-boundary\r\n\r\n\r\n" + almost + DELIMITER + b"--" + b"y" * 100
    at = body.index(DELIMITER) + cut

    async def blocks() -> AsyncIterator[bytes]:
        yield body[:at]
        yield body[at:]

    found = [
        bytes(p) async for p in parts(blocks(), b"a-long-boundary") if isinstance(p, memoryview)
    ]
    assert b"".join(found) == almost


async def test_a_body_cut_short_is_refused() -> None:
    with pytest.raises(HttpError, match="ends too early"):
        async for _ in parts(in_blocks(BODY[:-20], 16), b"B"):
            pass


def test_the_boundary_may_be_quoted() -> None:
    assert boundary_of('multipart/form-data; boundary="x y"') == b"x y"
    assert boundary_of("multipart/form-data; boundary=xy; a=b") == b"xy"
    with pytest.raises(HttpError):
        boundary_of("multipart/form-data")
