"""Messages to the agent that are none: refused as E2B's own agent refuses them, never its failure."""

import json
import struct
from typing import Any

import httpx
import pytest
from e2b import AsyncSandbox

from fixtures.engine_process import KEY, EngineProcess

FILES, PROCESSES = "/filesystem.Filesystem", "/process.Process"
UNARY: list[tuple[str, Any]] = [
    (f"{FILES}/Stat", {"path": 7}),
    (f"{FILES}/Stat", {"path": "a\0b"}),
    (f"{FILES}/Stat", {"path": "\ud800"}),
    (f"{FILES}/ListDir", {"path": "/", "depth": "deep"}),
    (f"{FILES}/ListDir", {"path": "/", "depth": True}),
    (f"{FILES}/MakeDir", {"path": ["a"]}),
    (f"{FILES}/Move", {"source": {}, "destination": 1}),
    (f"{FILES}/CreateWatcher", {"path": "/tmp", "recursive": "yes"}),
    (f"{FILES}/RemoveWatcher", {"watcherId": ["a"]}),
    (f"{PROCESSES}/SendSignal", {"process": {"pid": 1}, "signal": ["SIGKILL"]}),
    (f"{PROCESSES}/SendSignal", {"process": [1], "signal": "SIGNAL_SIGKILL"}),
    (f"{PROCESSES}/SendInput", {"process": {"pid": {}}, "input": "text"}),
    (f"{PROCESSES}/Update", {"process": {"pid": 2}, "pty": {"size": {"rows": "many"}}}),
    (f"{PROCESSES}/List", [1, 2]),
]
STREAMS: list[tuple[str, Any]] = [
    (f"{PROCESSES}/Start", {"process": "true"}),
    (f"{PROCESSES}/Start", {"process": {"cmd": "true", "args": [1, None]}}),
    (f"{PROCESSES}/Start", {"process": {"cmd": "true", "envs": {"A": 1}}}),
    (f"{PROCESSES}/Start", {"process": {"cmd": "true", "cwd": 4}}),
    (f"{PROCESSES}/Start", {"process": {"cmd": "true"}, "pty": {"size": {"rows": 70_000}}}),
    (f"{PROCESSES}/Connect", {"process": {"pid": "first"}}),
    (f"{PROCESSES}/StreamInput", {"data": None}),
    (f"{PROCESSES}/StreamInput", {"start": [1]}),
    (f"{FILES}/WatchDir", {"path": 1}),
]
DEEP = b'{"path":' + b"[" * 200_000


@pytest.fixture
def to_agent(engine: EngineProcess, sandbox: AsyncSandbox) -> dict[str, Any]:
    token = str(sandbox._envd_access_token)
    headers = {"E2b-Sandbox-Id": sandbox.sandbox_id, "X-Access-Token": token}
    return {"base_url": engine.url, "headers": headers}


async def test_a_message_of_the_wrong_shape_is_refused(to_agent: dict[str, Any]) -> None:
    async with httpx.AsyncClient(**to_agent) as client:
        for path, message in UNARY:
            answer = await client.post(path, content=json.dumps(message))
            told = (answer.status_code, answer.json()["code"])
            assert told == (400, "invalid_argument"), (path, message)
        for content in (DEEP, b"{", b"\xff"):
            answer = await client.post(f"{FILES}/Stat", content=content)
            assert (answer.status_code, answer.json()["code"]) == (400, "invalid_argument")
        assert (await client.post("/init", content=b'{"envVars":{"A":1}}')).status_code == 400
        answer = await client.post(f"{FILES}/Stat", content=b'{"path":"/tmp","more":1}')
        assert answer.status_code == 200


async def test_a_stream_with_a_message_of_the_wrong_shape_ends_with_the_refusal(
    to_agent: dict[str, Any],
) -> None:
    kind = {"Content-Type": "application/connect+json"}
    async with httpx.AsyncClient(**to_agent) as client:
        for path, message in STREAMS:
            payload = json.dumps(message).encode()
            framed = struct.pack(">BI", 0, len(payload)) + payload
            answer = await client.post(path, content=framed, headers=kind)
            assert b'"code":"invalid_argument"' in answer.content, (path, message)


async def test_a_number_of_thousands_of_digits_is_no_number(
    engine: EngineProcess, sandbox: AsyncSandbox, to_agent: dict[str, Any]
) -> None:
    digits = "9" * 5000
    async with httpx.AsyncClient(**to_agent) as client:
        answer = await client.post(f"{FILES}/Stat", headers={"E2b-Sandbox-Port": digits})
        assert answer.status_code == 400
        waits = {"Connect-Timeout-Ms": digits}
        stated = await client.post(f"{FILES}/Stat", content=b'{"path":"/"}', headers=waits)
        assert stated.status_code == 200
    async with httpx.AsyncClient(headers={"X-API-KEY": KEY}) as client:
        listed = await client.get(f"{engine.url}/v2/sandboxes?limit={digits}")
        assert listed.status_code == 400
    await sandbox.files.write("answer.py", ANSWER)
    await sandbox.commands.run("python3 answer.py", background=True, timeout=0)
    await sandbox.commands.run("until [ -e /tmp/listening ]; do sleep 0.05; done")
    async with httpx.AsyncClient(**to_agent) as client:
        answer = await client.get("/", headers={"E2b-Sandbox-Port": "3000"})
    assert (answer.status_code, "is no HTTP" in answer.text) == (502, True)


ANSWER = """\
import socket
door = socket.create_server(("127.0.0.1", 3000))
open("/tmp/listening", "w").close()
while True:
    one, _ = door.accept()
    one.recv(65536)
    one.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: " + b"9" * 5000 + b"\\r\\n\\r\\n")
    one.close()
"""
