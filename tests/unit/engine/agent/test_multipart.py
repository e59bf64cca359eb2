from collections.abc import AsyncIterator

import pytest

from stackwright.engine.agent.http1 import HttpError
from stackwright.engine.agent.multipart import PartEnd, PartStart, boundary_of, parts

BODY = (
    b'--B\r\nContent-Disposition: form-data; name="file"; filename="a \\"b\\".txt"\r\n\r\n'
    b"one\r\n--not the end\r\n--B\r\n"
    b'Content-Disposition: form-data; name="note"\r\n\r\n\r\n--B--\r\n'
)


async def in_blocks(data: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


@pytest.mark.parametrize("size", [1, 2, 7, 64, 4096])
async def test_parts_are_the_same_however_the_body_is_cut(size: int) -> None:
    contents: list[tuple[str, str, bytes]] = []
    async for piece in parts(in_blocks(BODY, size), b"B"):
        match piece:
            case PartStart(name, filename):
                contents.append((name, filename, b""))
            case bytes():
                name, filename, so_far = contents[-1]
                contents[-1] = name, filename, so_far + piece
            case PartEnd():
                pass
    assert contents == [("file", 'a "b".txt', b"one\r\n--not the end"), ("note", "", b"")]


async def test_a_body_cut_short_is_refused() -> None:
    with pytest.raises(HttpError, match="ends too early"):
        async for _ in parts(in_blocks(BODY[:-20], 16), b"B"):
            pass


def test_the_boundary_may_be_quoted() -> None:
    assert boundary_of('multipart/form-data; boundary="x y"') == b"x y"
    assert boundary_of("multipart/form-data; boundary=xy; a=b") == b"xy"
    with pytest.raises(HttpError):
        boundary_of("multipart/form-data")
