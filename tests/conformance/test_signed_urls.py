"""Signed addresses work as plain links: no token and no header tell which sandbox is meant."""

from typing import Any

import httpx

from fixtures.engine_process import EngineProcess


async def test_a_signed_address_downloads_its_file_and_no_other(sandbox: Any, folder: str) -> None:
    await sandbox.files.write(f"{folder}/public file.txt", "shared")
    await sandbox.files.write(f"{folder}/secret file.txt", "mine")
    async with httpx.AsyncClient() as client:
        for url in (
            sandbox.download_url(f"{folder}/public file.txt"),
            sandbox.download_url(f"{folder}/public file.txt", "user"),
            sandbox.download_url(f"{folder}/public file.txt", use_signature_expiration=120),
        ):
            assert (await client.get(url)).text == "shared"
            assert (await client.get(url.replace("public", "secret"))).status_code == 401
            assert (await client.get(url.partition("&signature")[0])).status_code == 401


async def test_an_expired_address_says_so(sandbox: Any, folder: str) -> None:
    await sandbox.files.write(folder, "old")
    url = sandbox.download_url(folder, "user", use_signature_expiration=-120)
    async with httpx.AsyncClient() as client:
        answer = await client.get(url)
        assert answer.status_code == 401
        assert answer.json() == {"code": 401, "message": "signature is already expired"}
        later = url.replace("signature_expiration=", "signature_expiration=9")
        assert (await client.get(later)).status_code == 401


async def test_a_signed_address_uploads(sandbox: Any, folder: str) -> None:
    url = sandbox.upload_url(folder, use_signature_expiration=120)
    async with httpx.AsyncClient() as client:
        answer = await client.post(url, files={"file": ("sent.txt", b"from outside")})
        assert answer.json() == [{"name": folder[11:], "path": folder, "type": "file"}]
        assert (await client.get(url)).status_code == 401
    assert await sandbox.files.read(folder) == "from outside"


async def test_the_address_of_a_sandbox_that_ended_is_refused(own: Any, folder: str) -> None:
    await own.files.write(folder, "x")
    url = own.download_url(folder)
    await own.kill()
    async with httpx.AsyncClient() as client:
        assert (await client.get(url)).status_code == 401


async def test_without_a_signature_nothing_is_served(engine: EngineProcess) -> None:
    async with httpx.AsyncClient(base_url=engine.url) as client:
        assert (await client.get("/files", params={"path": "/etc/passwd"})).status_code == 401
