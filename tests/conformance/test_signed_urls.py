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


async def test_a_signed_address_may_be_asked_about(sandbox: Any, folder: str) -> None:
    await sandbox.files.write(folder, "0123456789")
    async with httpx.AsyncClient() as client:
        url = sandbox.download_url(folder)
        answer = await client.head(url)
        assert (answer.status_code, answer.headers["content-length"]) == (200, "10")
        assert (await client.head(url.replace("path=", "path=%2F"))).status_code == 401
        assert (await client.head(sandbox.download_url(folder + "x"))).status_code == 404


async def test_a_page_of_any_origin_uses_a_signed_address(sandbox: Any, folder: str) -> None:
    await sandbox.files.write(folder, "shared")
    page = {"Origin": "https://app.example"}
    asked = {"Access-Control-Request-Headers": "content-type, x-metadata-a"}
    async with httpx.AsyncClient(headers=page) as client:
        for method, url in (("POST", sandbox.upload_url), ("GET", sandbox.download_url)):
            wanted = {**asked, "Access-Control-Request-Method": method}
            may = await client.options(url(folder), headers=wanted)
            assert may.status_code == 204
            assert may.headers["access-control-allow-origin"] == "*"
            assert method in may.headers["access-control-allow-methods"]
            assert may.headers["access-control-allow-headers"] == "content-type, x-metadata-a"
        for path, status in ((folder, 200), (folder + "x", 404)):
            answer = await client.get(sandbox.download_url(path))
            assert answer.status_code == status
            assert answer.headers["access-control-allow-origin"] == "*"
        del client.headers["origin"]
        answer = await client.get(sandbox.download_url(folder))
        assert "access-control-allow-origin" not in answer.headers


async def test_the_address_of_a_sandbox_that_ended_is_refused(own: Any, folder: str) -> None:
    await own.files.write(folder, "x")
    url = own.download_url(folder)
    await own.kill()
    async with httpx.AsyncClient() as client:
        assert (await client.get(url)).status_code == 401


async def test_without_a_signature_nothing_is_served(engine: EngineProcess) -> None:
    async with httpx.AsyncClient(base_url=engine.url) as client:
        assert (await client.get("/files", params={"path": "/etc/passwd"})).status_code == 401
