"""Calls to a sandbox's agent with a false token, a false signature, or from inside."""

import base64
import hashlib
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from e2b import AsyncSandbox

from fixtures.attack import attack
from fixtures.engine_process import EngineProcess

CALLS = (
    *("/process.Process/List", "/process.Process/SendSignal", "/process.Process/SendInput"),
    *("/filesystem.Filesystem/Remove", "/filesystem.Filesystem/ListDir", "/init", "/disk"),
)


@pytest.fixture
def to_agent(engine: EngineProcess, sandbox: AsyncSandbox) -> dict[str, Any]:
    headers = {"E2b-Sandbox-Id": sandbox.sandbox_id, "E2b-Sandbox-Port": "49983"}
    return {"base_url": engine.url, "headers": headers}


async def test_no_call_is_answered_without_the_token(
    sandbox: AsyncSandbox, to_agent: dict[str, Any]
) -> None:
    token = str(sandbox._envd_access_token)
    spoiled = (None, "", "x", token[:-1], token + "0", token.swapcase(), f"Bearer {token}")
    async with httpx.AsyncClient(**to_agent) as client:
        for value in spoiled:
            headers = {} if value is None else {"X-Access-Token": value}
            for path in CALLS:
                answer = await client.post(path, json={"path": "/home/user"}, headers=headers)
                assert answer.status_code == 401, (path, value)
            answer = await client.get("/files?path=/etc/passwd", headers=headers)
            assert answer.status_code == 401
        stream = {"Content-Type": "application/connect+json"}
        answer = await client.post("/process.Process/Start", content=b"\0" * 9, headers=stream)
        assert answer.status_code == 401
    assert (await sandbox.commands.run("echo untouched")).stdout == "untouched\n"


async def test_no_change_to_a_signed_address_is_accepted(
    sandbox: AsyncSandbox, to_agent: dict[str, Any]
) -> None:
    await sandbox.files.write("one", "1")
    await sandbox.files.write("two", "2")
    url = sandbox.download_url("one", use_signature_expiration=60)
    given = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    changes: tuple[dict[str, str], ...] = (
        {"path": "two"},
        {"path": "/home/user/../user/two"},
        {"username": "root"},
        {"signature_expiration": str(int(given["signature_expiration"]) + 3600)},
        {"signature_expiration": "99999999999"},
        {"signature_expiration": "1e99"},
        {"signature": given["signature"][:-1]},
        {"signature": given["signature"] + "="},
        {"signature": given["signature"].lower()},
        {"signature": ""},
        {"signature": _signed_with("", given)},
    )
    async with httpx.AsyncClient(**to_agent) as client:
        assert (await client.get("/files", params=given)).text == "1"
        for change in changes:
            answer = await client.get("/files", params=given | change)
            assert answer.status_code == 401, change
        without = {name: value for name, value in given.items() if name != "signature_expiration"}
        assert (await client.get("/files", params=without)).status_code == 401
        upload = await client.post("/files", params=given, files={"file": ("one", b"overwritten")})
        assert upload.status_code == 401
    assert await sandbox.files.read("one") == "1"


def _signed_with(token: str, given: dict[str, str]) -> str:
    fields = (
        f"{given['path']}:read:{given.get('username', '')}:{token}:{given['signature_expiration']}"
    )
    digest = hashlib.sha256(fields.encode()).digest()
    return "v1_" + base64.b64encode(digest).decode().rstrip("=")


async def test_an_expired_address_is_refused(
    sandbox: AsyncSandbox, to_agent: dict[str, Any]
) -> None:
    await sandbox.files.write("one", "1")
    url = sandbox.download_url("one", use_signature_expiration=1)
    expiry = int(parse_qs(urlsplit(url).query)["signature_expiration"][0])
    async with httpx.AsyncClient(**to_agent) as client:
        while time.time() < expiry + 1:
            answer = await client.get(f"/files?{urlsplit(url).query}")
    assert answer.status_code == 401


async def test_nothing_inside_can_stand_in_for_the_agent(
    sandbox: AsyncSandbox, to_agent: dict[str, Any]
) -> None:
    """A program takes the agent's port number, and looks for the doors the engine knocks at."""
    found = await attack(
        sandbox,
        """
server = \"\"\"
import http.server
class H(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b"forged")
    do_POST = do_GET
http.server.HTTPServer(("0.0.0.0", 49983), H).serve_forever()
\"\"\"
subprocess.Popen(["python3", "-c", server], start_new_session=True,
                 stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
while tried("connect", socket.create_connection, ("127.0.0.1", 49983)) == "ECONNREFUSED":
    time.sleep(0.05)
tell([line.split()[-1] for line in read("/proc/net/unix").splitlines()[1:] if ".agent" in line])
""",
    )
    assert found == []
    async with httpx.AsyncClient(**to_agent) as client:
        answer = await client.get("/health")
        assert (answer.status_code, answer.content) == (204, b"")
    assert (await sandbox.commands.run("echo genuine")).stdout == "genuine\n"


async def test_the_control_api_needs_the_key_and_is_unreachable_from_inside(
    engine: EngineProcess, sandbox: AsyncSandbox
) -> None:
    async with httpx.AsyncClient(base_url=engine.url) as client:
        for key in (None, "", "e2b_" + "1" * 40, "x" * 5000):
            headers = {} if key is None else {"X-API-KEY": key}
            for method, path in (
                ("GET", "/v2/sandboxes"),
                ("DELETE", f"/sandboxes/{sandbox.sandbox_id}"),
                ("POST", f"/sandboxes/{sandbox.sandbox_id}/timeout"),
            ):
                answer = await client.request(method, path, headers=headers)
                assert answer.status_code == 401, (method, path, key)
    port = engine.url.rpartition(":")[2]
    found = await attack(
        sandbox, f"tell(tried('c', socket.create_connection, ('127.0.0.1', {port}), 3))"
    )
    assert found == "ECONNREFUSED"
