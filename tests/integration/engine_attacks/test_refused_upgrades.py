"""A program that refuses an upgrade, and keeps the connection: the client's next request is not its."""

import asyncio

from e2b import AsyncSandbox

from fixtures.engine_process import KEY, EngineProcess

LISTENER = """\
import socket
door = socket.create_server(("127.0.0.1", 3000))
open("/tmp/listening", "w").close()
one, _ = door.accept()
one.recv(65536)
one.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\nConnection: keep-alive\\r\\n\\r\\nno")
one.settimeout(5)
try:
    more = one.recv(65536)
except TimeoutError:
    more = b""
open("heard", "wb").write(more)
open("/tmp/done", "w").close()
"""


async def test_a_refused_upgrade_does_not_hand_over_the_clients_connection(
    engine: EngineProcess, sandbox: AsyncSandbox
) -> None:
    await sandbox.files.write("listener.py", LISTENER)
    await sandbox.commands.run("exec python3 listener.py", background=True, timeout=0)
    await sandbox.commands.run("until [ -e /tmp/listening ]; do sleep 0.05; done")
    host, port = engine.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    to_program = f"E2b-Sandbox-Id: {sandbox.sandbox_id}\r\nE2b-Sandbox-Port: 3000\r\n"
    upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\n"
    writer.write(f"GET / HTTP/1.1\r\nHost: a\r\n{to_program}{upgrade}\r\n".encode())
    assert (await reader.readline()).startswith(b"HTTP/1.1 200")
    secret = f"GET /v2/sandboxes HTTP/1.1\r\nHost: a\r\nX-API-KEY: {KEY}\r\n\r\n"
    writer.write(secret.encode())
    async with asyncio.timeout(10):
        rest = await reader.read()
    writer.close()
    assert b"connection: close" in rest.lower()
    await sandbox.commands.run("until [ -e /tmp/done ]; do sleep 0.05; done", timeout=20)
    assert await sandbox.files.read("heard") == ""
