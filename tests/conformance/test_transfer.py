import hashlib
import io
import os
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
