"""Ports inside a sandbox, reached from outside by header or by host name."""

import asyncio
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import websockets
from e2b import SandboxNetworkOpts

from conformance.port_server import PROGRAM, TLS_PROGRAM
from conformance.sdk import Sdk
from fixtures.engine_process import EngineProcess


async def serving(sandbox: Any) -> Any:
    if not await sandbox.files.exists("/tmp/listening"):
        await sandbox.files.write("server.py", PROGRAM)
        command = await sandbox.commands.run("exec python3 server.py", background=True, timeout=0)
        await command.disconnect()
        await sandbox.commands.run("until [ -e /tmp/listening ]; do sleep 0.05; done")
    return sandbox


@pytest.fixture
async def server(sandbox: Any) -> Any:
    """The shared sandbox with a program on port 3000."""
    return await serving(sandbox)


@pytest.fixture
def base(engine: EngineProcess) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=engine.url, limits=httpx.Limits(max_connections=1))


def to(sandbox: Any, port: int = 3000) -> dict[str, str]:
    return {"E2b-Sandbox-Id": sandbox.sandbox_id, "E2b-Sandbox-Port": str(port)}


async def test_a_port_is_reached_by_header_and_by_host(
    base: httpx.AsyncClient, server: Any
) -> None:
    host = server.get_host(3000)
    assert host.startswith(f"3000-{server.sandbox_id}.")
    async with base as client:
        by_header = await client.get("/a?b=c", headers=to(server) | {"Host": "app.test"})
        assert by_header.text == "/a?b=c for app.test"
        assert (await client.get("/d", headers={"Host": host})).text == f"/d for {host}"


async def test_bodies_and_streams_pass_unchanged_over_one_connection(
    base: httpx.AsyncClient, server: Any
) -> None:
    async with base as client:
        for size in (0, 1, 70_000, 3_000_000):
            body = b"x" * size
            assert (await client.post("/", content=body, headers=to(server))).content == body
            assert (await client.get("/stream", headers=to(server))).text == "0\n1\n2\n"


@pytest.mark.parametrize(("path", "body"), [("/stream", "0\n1\n2\n"), ("/a", "/a for localhost")])
async def test_a_client_of_the_old_protocol_gets_what_it_understands(
    engine: EngineProcess, server: Any, path: str, body: str
) -> None:
    address = urlsplit(engine.url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    lines = [f"GET {path} HTTP/1.0", *(f"{name}: {value}" for name, value in to(server).items())]
    writer.write("\r\n".join([*lines, "", ""]).encode())
    answer = (await asyncio.wait_for(reader.read(), 20)).decode()
    writer.close()
    head, _, told = answer.partition("\r\n\r\n")
    assert head.split()[1] == "200"
    assert "transfer-encoding" not in head.lower()
    assert told == body


async def test_a_websocket_reaches_the_program(engine: EngineProcess, server: Any) -> None:
    url = engine.url.replace("http", "ws") + "/socket"
    async with websockets.connect(url, additional_headers=to(server), compression=None) as socket:
        for text in ("one", "two"):
            await socket.send(text)
            assert await socket.recv() == f"echo:{text}"


async def test_a_closed_port_and_a_missing_sandbox_are_told_apart(
    base: httpx.AsyncClient, sandbox: Any
) -> None:
    async with base as client:
        closed = await client.get("/", headers=to(sandbox, 3999))
        about = {"sandboxId": sandbox.sandbox_id, "port": 3999, "code": 502}
        expected = about | {"message": "The sandbox is running but port is not open"}
        assert (closed.status_code, closed.json()) == (502, expected)
        nobody = await client.get("/", headers=to(sandbox) | {"E2b-Sandbox-Id": "inone"})
        assert nobody.status_code == 502
        assert nobody.json()["message"] == "The sandbox was not found"


async def test_private_traffic_needs_its_token(base: httpx.AsyncClient, sdk: Sdk) -> None:
    sandbox = await serving(await sdk.create(network={"allow_public_traffic": False}))
    assert sandbox.traffic_access_token
    async with base as client:
        assert (await client.get("/", headers=to(sandbox))).status_code == 403
        wrong = {"e2b-traffic-access-token": "wrong"}
        assert (await client.get("/", headers=to(sandbox) | wrong)).status_code == 403
        right = {"e2b-traffic-access-token": sandbox.traffic_access_token}
        assert (await client.get("/", headers=to(sandbox) | right)).status_code == 200
        await sandbox.update_network({"deny_out": ["8.8.8.8"]})
        assert (await client.get("/", headers=to(sandbox))).status_code == 403


async def test_the_program_may_be_shown_another_host(base: httpx.AsyncClient, sdk: Sdk) -> None:
    mask = "custom.example.com:${PORT}"
    sandbox = await serving(await sdk.create(network={"mask_request_host": mask}))
    async with base as client:
        answer = await client.get("/", headers=to(sandbox))
    assert answer.text == "/ for custom.example.com:3000"


async def test_a_program_may_speak_tls(base: httpx.AsyncClient, sdk: Sdk) -> None:
    if "https_ports" not in SandboxNetworkOpts.__annotations__:
        pytest.skip("this version of the SDK cannot name such ports")
    sandbox = await sdk.create(network={"https_ports": [8443, 8444]})
    await sandbox.commands.run(
        "openssl req -x509 -newkey rsa:2048 -keyout key.pem -out cert.pem -days 1 -nodes"
        " -subj /CN=localhost"
    )
    await sandbox.files.write("tls.py", TLS_PROGRAM)
    command = await sandbox.commands.run("exec python3 tls.py", background=True, timeout=0)
    await command.disconnect()
    await sandbox.commands.run("until [ -e /tmp/listening ]; do sleep 0.05; done")
    async with base as client:
        answer = await client.get("/cert.pem", headers=to(sandbox, 8443))
        assert answer.text.startswith("-----BEGIN CERTIFICATE-----")
        assert (await client.get("/", headers=to(sandbox, 8444))).status_code == 502
    assert (await sandbox.get_info()).network["https_ports"] == [8443, 8444]


async def test_a_request_wakes_a_sandbox_that_may_wake(base: httpx.AsyncClient, sdk: Sdk) -> None:
    lifecycle = {"on_timeout": "pause", "auto_resume": True}
    sandbox = await serving(await sdk.create(lifecycle=lifecycle))
    await sandbox.pause()
    async with base as client:
        assert (await client.get("/", headers=to(sandbox))).status_code == 200
    assert await sandbox.is_running()


async def test_sandboxes_do_not_see_each_others_ports(
    base: httpx.AsyncClient, server: Any, own: Any
) -> None:
    async with base as client:
        assert (await client.get("/", headers=to(server))).status_code == 200
        assert (await client.get("/", headers=to(own))).status_code == 502


async def test_an_early_refusal_of_a_large_upload_still_arrives(
    base: httpx.AsyncClient, sandbox: Any
) -> None:
    body = b"x" * 5_000_000
    async with base as client:
        for _ in range(5):
            for target, status in ((to(sandbox, 49983), 401), (to(sandbox, 3999), 502)):
                answer = await client.post("/files?path=a", content=body, headers=target)
                assert answer.status_code == status


async def test_the_proxy_for_the_way_out_is_closed_to_visitors(
    sandbox: Any, base: httpx.AsyncClient
) -> None:
    async with base as client:
        answer = await client.get("/", headers=to(sandbox, 3128))
    assert answer.status_code == 502
    assert answer.json()["message"] == "The sandbox is running but port is not open"


async def test_an_answer_that_is_cut_off_ends_with_a_reset(
    engine: EngineProcess, server: Any
) -> None:
    """A client that reads until the end of the connection would take a plain end for the answer's."""
    reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(engine.url).port)
    head = "".join(f"{name}: {value}\r\n" for name, value in to(server).items())
    writer.write(f"GET /cut-off HTTP/1.1\r\nHost: x\r\n{head}\r\n".encode())
    with pytest.raises(ConnectionResetError):
        await reader.read()
    writer.close()
