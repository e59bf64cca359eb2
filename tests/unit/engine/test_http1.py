import asyncio

import pytest

from stackwright.engine.http1 import HttpError, Request, read_request


def reader_of(data: bytes) -> asyncio.StreamReader:
    reader = asyncio.StreamReader(limit=1024)
    reader.feed_data(data)
    reader.feed_eof()
    return reader


async def parsed(data: bytes) -> Request:
    request = await read_request(reader_of(data))
    assert request is not None
    return request


async def test_a_request_is_read_head_first_then_body() -> None:
    request = await parsed(
        b"POST /a?b=c%20d HTTP/1.1\r\nContent-Length: 4\r\nX: 1\r\nx: 2\r\n\r\nbody"
    )
    assert (request.method, request.path, request.query) == ("POST", "/a", {"b": "c d"})
    assert request.headers["x"] == "1, 2"
    assert not request.body.finished
    assert await request.body.read() == b"body"
    assert request.body.finished


async def test_a_chunked_body_is_put_together() -> None:
    head = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    request = await parsed(head + b"3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nTrailer: x\r\n\r\n")
    assert await request.body.read() == b"abcdefg"


@pytest.mark.parametrize(
    "size", [b"-1", b"+1", b"0x1", b"1_0", b"", b" ", b"g", b"1" * 16, b"1" * 5000]
)
async def test_a_chunk_of_no_plain_size_is_an_error(size: bytes) -> None:
    head = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    request = await parsed(head + size + b"\r\nabc\r\n0\r\n\r\n")
    with pytest.raises(ConnectionError):
        await request.body.read()


async def test_the_end_between_requests_is_no_error() -> None:
    assert await read_request(reader_of(b"")) is None


async def test_a_body_cut_short_is_an_error() -> None:
    request = await parsed(b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nbody")
    with pytest.raises(ConnectionError):
        await request.body.read()


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nSpace : x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nA: b\nContent-Length: 5\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nA: b\rContent-Length: 5\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nA: b\0c\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nA b: c\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n folded: c\r\n\r\n", 400),
        (b"GET /a\nb HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.11\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: xchunked\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n", 400),
        (b"GET /" + b"x" * 5000 + b" HTTP/1.1\r\n\r\n", 431),
    ],
)
async def test_a_malformed_request_is_refused(data: bytes, status: int) -> None:
    with pytest.raises(HttpError) as refusal:
        await read_request(reader_of(data))
    assert refusal.value.status == status


async def test_a_body_that_is_no_json_object_is_refused() -> None:
    for body in (b"[]", b"{"):
        request = await parsed(b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        with pytest.raises(HttpError):
            await request.body.json()


async def test_two_hosts_are_refused() -> None:
    with pytest.raises(HttpError, match="two Host headers"):
        await parsed(b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")


@pytest.mark.parametrize("framing", [b"Content-Length: 4", b"Transfer-Encoding: chunked"])
async def test_a_body_whose_sender_falls_silent_is_given_up(framing: bytes) -> None:
    reader = asyncio.StreamReader()
    reader.feed_data(b"POST / HTTP/1.1\r\n" + framing + b"\r\n\r\n")
    request = await read_request(reader)
    assert request is not None
    request.body.silence_s = 0.01
    with pytest.raises(ConnectionError, match="did not come"):
        await request.body.read()
