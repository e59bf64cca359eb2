import asyncio

import httpx
import pytest
import websockets
from e2b import AsyncSandbox

from fixtures.engine_process import EngineProcess

pytestmark = pytest.mark.integration

SERVER = """
import asyncio, base64, hashlib

async def serve(reader, writer):
    head = (await reader.readuntil(b"\\r\\n\\r\\n")).decode()
    if "upgrade: websocket" in head.lower():
        key = [l.split(": ")[1] for l in head.split("\\r\\n") if l.lower().startswith("sec-websocket-key")][0]
        digest = hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
        writer.write(b"HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n"
                     b"Sec-WebSocket-Accept: " + base64.b64encode(digest) + b"\\r\\n\\r\\n")
        while True:
            first, second = await reader.readexactly(2)
            size = second & 127
            mask = await reader.readexactly(4)
            data = bytes(b ^ mask[i % 4] for i, b in enumerate(await reader.readexactly(size)))
            if first & 15 == 8:
                writer.write(bytes([0x88, len(data)]) + data)
                break
            writer.write(bytes([0x81, size + 5]) + b"echo:" + data)
    elif head.startswith("GET /stream"):
        writer.write(b"HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n")
        for n in range(3):
            writer.write(b"2\\r\\n%d\\n\\r\\n" % n)
            await writer.drain()
        writer.write(b"0\\r\\n\\r\\n")
    elif head.startswith("POST"):
        size = int([l.split(": ")[1] for l in head.split("\\r\\n") if l.lower().startswith("content-length")][0])
        body = await reader.readexactly(size)
        writer.write(b"HTTP/1.1 200 OK\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(body) + body)
    else:
        writer.write(b"HTTP/1.0 200 OK\\r\\n\\r\\nuntil close " + head.split(" ")[1].encode())
    await writer.drain()
    writer.close()

async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 3000)
    print("listening", flush=True)
    await server.serve_forever()

asyncio.run(main())
"""


@pytest.fixture
async def serving(sandbox: AsyncSandbox) -> AsyncSandbox:
    await sandbox.files.write("server.py", SERVER)
    listening = asyncio.Event()

    async def heard(text: str) -> None:
        if "listening" in text:
            listening.set()

    command = await sandbox.commands.run(
        "exec python3 server.py", background=True, on_stdout=heard, timeout=0
    )
    async with asyncio.timeout(10):
        await listening.wait()
    await command.disconnect()
    return sandbox


def headers(sandbox: AsyncSandbox, port: int = 3000) -> dict[str, str]:
    return {"E2b-Sandbox-Id": sandbox.sandbox_id, "E2b-Sandbox-Port": str(port)}


async def test_a_port_inside_is_reached_by_header_and_by_host(
    engine: EngineProcess, serving: AsyncSandbox
) -> None:
    async with httpx.AsyncClient(base_url=engine.url) as client:
        by_header = await client.get("/a?b=c", headers=headers(serving))
        assert by_header.text == "until close /a?b=c"
        host = serving.get_host(3000)
        assert host.startswith(f"3000-{serving.sandbox_id}.")
        assert (await client.get("/d", headers={"Host": host})).text == "until close /d"


async def test_bodies_and_streams_pass_unchanged_over_one_connection(
    engine: EngineProcess, serving: AsyncSandbox
) -> None:
    limits = httpx.Limits(max_connections=1)
    async with httpx.AsyncClient(base_url=engine.url, limits=limits) as client:
        for size in (0, 1, 70_000, 3_000_000):
            body = b"x" * size
            assert (await client.post("/", content=body, headers=headers(serving))).content == body
            streamed = await client.get("/stream", headers=headers(serving))
            assert streamed.text == "0\n1\n2\n"


async def test_a_websocket_reaches_the_program(
    engine: EngineProcess, serving: AsyncSandbox
) -> None:
    url = engine.url.replace("http", "ws") + "/socket"
    async with websockets.connect(
        url, additional_headers=headers(serving), compression=None
    ) as socket:
        for text in ("one", "two"):
            await socket.send(text)
            assert await socket.recv() == f"echo:{text}"


async def test_a_closed_port_and_a_missing_sandbox_are_told_apart(
    engine: EngineProcess, sandbox: AsyncSandbox
) -> None:
    async with httpx.AsyncClient(base_url=engine.url) as client:
        closed = await client.get("/", headers=headers(sandbox, 3999))
        assert closed.status_code == 502
        assert closed.json()["message"] == "The sandbox is running but port is not open"
        missing = {"E2b-Sandbox-Id": "inone", "E2b-Sandbox-Port": "3000"}
        nobody = await client.get("/", headers=missing)
        assert nobody.status_code == 502
        assert nobody.json()["message"] == "The sandbox was not found"


async def test_private_traffic_needs_its_token(engine: EngineProcess) -> None:
    sandbox = await AsyncSandbox.create(
        "base", network={"allow_public_traffic": False}, **engine.options
    )
    async with httpx.AsyncClient(base_url=engine.url) as client:
        assert (await client.get("/", headers=headers(sandbox))).status_code == 403
        token = {"e2b-traffic-access-token": sandbox.traffic_access_token or ""}
        allowed = await client.get("/", headers=headers(sandbox) | token)
        assert allowed.json()["message"] == "The sandbox is running but port is not open"
    await sandbox.kill()


async def test_sandboxes_do_not_see_each_others_ports(
    engine: EngineProcess, serving: AsyncSandbox
) -> None:
    other = await AsyncSandbox.create("base", **engine.options)
    async with httpx.AsyncClient(base_url=engine.url) as client:
        assert (await client.get("/", headers=headers(serving))).status_code == 200
        assert (await client.get("/", headers=headers(other))).status_code == 502
    await other.kill()


async def test_an_early_refusal_of_a_large_upload_still_arrives(
    engine: EngineProcess, sandbox: AsyncSandbox
) -> None:
    body = b"x" * 5_000_000
    async with httpx.AsyncClient(base_url=engine.url) as client:
        for _ in range(5):
            for target, status in ((headers(sandbox, 49983), 401), (headers(sandbox, 3999), 502)):
                answer = await client.post("/files?path=a", content=body, headers=target)
                assert answer.status_code == status
