import asyncio
import gzip
import hashlib
import io
import os
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from conformance.sdk import joined

MEGABYTE = 1 << 20


async def test_fifty_megabytes_are_streamed_in_and_out(sandbox: Any, folder: str) -> None:
    content = os.urandom(MEGABYTE) * 50
    digest = hashlib.sha256(content).hexdigest()
    await sandbox.files.write(folder, io.BytesIO(content), request_timeout=60)
    assert (await sandbox.commands.run(f"sha256sum {folder}")).stdout.split()[0] == digest
    stream = await sandbox.files.read(folder, format="stream", request_timeout=60)
    assert hashlib.sha256(await joined(stream)).hexdigest() == digest
    await sandbox.files.remove(folder)


LARGE = {
    "multipart": {},
    "raw": {"use_octet_stream": True},
    "compressed": {"gzip": True},
}


@pytest.mark.parametrize("way", LARGE)
async def test_a_large_file_arrives_whole(sandbox: Any, folder: str, way: str) -> None:
    content = os.urandom(12 * MEGABYTE + 345)
    await sandbox.files.write(folder, content, **LARGE[way])
    assert bytes(await sandbox.files.read(folder, format="bytes")) == content


async def test_large_and_small_files_arrive_together(sandbox: Any, folder: str) -> None:
    sizes = [3 * MEGABYTE + 1, 0, 5, 2 * MEGABYTE]
    contents = [os.urandom(size) for size in sizes]
    files = [{"path": f"{folder}/{n}", "data": each} for n, each in enumerate(contents)]
    await sandbox.files.write_files(files)
    for n, each in enumerate(contents):
        assert bytes(await sandbox.files.read(f"{folder}/{n}", format="bytes")) == each


async def test_a_large_upload_may_pause_and_its_connection_goes_on(
    sandbox: Any, folder: str
) -> None:
    content = os.urandom(6 * MEGABYTE)

    async def in_two_halves() -> AsyncIterator[bytes]:
        yield content[: 4 * MEGABYTE]
        await asyncio.sleep(1)  # the pause that is tried
        yield content[4 * MEGABYTE :]

    length = {"Content-Length": str(len(content)), "Content-Type": "application/octet-stream"}
    async with httpx.AsyncClient(limits=httpx.Limits(max_connections=1)) as client:
        for _ in range(2):
            answer = await client.post(
                sandbox.upload_url(folder), content=in_two_halves(), headers=length
            )
            assert answer.status_code == 200
        assert (await client.get(sandbox.download_url(folder))).content == content


async def test_a_large_upload_that_breaks_off_disturbs_nothing(sandbox: Any, folder: str) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield os.urandom(3 * MEGABYTE)
        raise ConnectionError("the client gave up")

    length = {"Content-Length": str(9 * MEGABYTE), "Content-Type": "application/octet-stream"}
    async with httpx.AsyncClient() as client:
        with pytest.raises(ConnectionError):
            await client.post(sandbox.upload_url(folder), content=broken(), headers=length)
    content = os.urandom(2 * MEGABYTE)
    await sandbox.files.write(folder, content)
    assert bytes(await sandbox.files.read(folder, format="bytes")) == content


async def test_a_large_upload_ends_with_its_sandbox(own: Any) -> None:
    url = httpx.URL(own.upload_url("big"))
    head = (
        f"POST {url.raw_path.decode()} HTTP/1.1\r\nHost: {url.netloc.decode()}\r\n"
        f"Content-Type: application/octet-stream\r\nContent-Length: {9 * MEGABYTE}\r\n\r\n"
    )
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(head.encode() + os.urandom(3 * MEGABYTE))
    await writer.drain()
    await own.pause()
    answer = await asyncio.wait_for(reader.readline(), 10)
    writer.close()
    assert answer.startswith(b"HTTP/1.1 502")
    again = await own.connect()
    await again.files.write("another", "small")
    assert await again.files.read("another") == "small"


@pytest.mark.parametrize("writes", [False, True])
@pytest.mark.parametrize("reads", [False, True])
async def test_either_direction_may_be_compressed(
    sandbox: Any, folder: str, writes: bool, reads: bool
) -> None:
    text = "compressible " * 5000
    await sandbox.files.write(folder, text, gzip=writes)
    assert await sandbox.files.read(folder, gzip=reads) == text
    assert bytes(await sandbox.files.read(folder, format="bytes", gzip=reads)) == text.encode()
    assert (await sandbox.files.get_info(folder)).size == len(text)


async def test_several_files_may_be_compressed(sandbox: Any, folder: str) -> None:
    files = [{"path": f"{folder}/{n}", "data": f"text {n}"} for n in range(3)]
    assert len(await sandbox.files.write_files(files, gzip=True)) == 3
    for n in range(3):
        assert await sandbox.files.read(f"{folder}/{n}") == f"text {n}"


async def test_a_packed_upload_that_is_cut_off_is_refused(sandbox: Any, folder: str) -> None:
    whole = gzip.compress(os.urandom(MEGABYTE)) + gzip.compress(b"end")
    headers = {"Content-Type": "application/octet-stream", "Content-Encoding": "gzip"}
    async with httpx.AsyncClient(headers=headers) as client:
        url = sandbox.upload_url(folder)
        assert (await client.post(url, content=whole)).status_code == 200
        assert (await sandbox.files.get_info(folder)).size == MEGABYTE + 3
        for size in (0, 5, MEGABYTE // 2, len(whole) - 1):
            answer = await client.post(url, content=whole[:size])
            assert (answer.status_code, "too early" in answer.text) == (400, True)


@pytest.mark.parametrize(
    ("asked", "status", "text", "told"),
    [
        ("bytes=2-4", 206, "234", "bytes 2-4/10"),
        ("bytes=7-", 206, "789", "bytes 7-9/10"),
        ("bytes=-3", 206, "789", "bytes 7-9/10"),
        ("bytes=0-0", 206, "0", "bytes 0-0/10"),
        ("lines=1-2", 200, "0123456789", None),
    ],
)
async def test_a_range_of_a_file_can_be_read(
    sandbox: Any, folder: str, asked: str, status: int, text: str, told: str | None
) -> None:
    await sandbox.files.write(folder, "0123456789")
    async with httpx.AsyncClient() as client:
        answer = await client.get(sandbox.download_url(folder), headers={"Range": asked})
    assert (answer.status_code, answer.text) == (status, text)
    assert answer.headers.get("content-range") == told


async def test_a_range_outside_the_file_is_refused(sandbox: Any, folder: str) -> None:
    await sandbox.files.write(folder, "0123456789")
    async with httpx.AsyncClient() as client:
        url = sandbox.download_url(folder)
        assert (await client.get(url, headers={"Range": "bytes=50-60"})).status_code == 416
