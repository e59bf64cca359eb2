import asyncio
import json
from typing import Any

import httpx
import pytest

from fixtures.api_twins import Running, running

pytestmark = pytest.mark.integration

JSON = {"content-type": "application/json"}


def body(**changes: Any) -> bytes:
    return json.dumps({"message": "hi", **changes}).encode()


BAD_CHATS: dict[str, tuple[bytes, int, str]] = {
    "empty message": (body(message=""), 422, "bad_input"),
    "blank message": (body(message=" \n\t"), 422, "bad_input"),
    "no message": (b"{}", 422, "invalid_request"),
    "malformed JSON": (b'{"message": ', 422, "malformed_json"),
    "no UTF-8": (b'{"message": "\xff"}', 422, "malformed_json"),
    "an array": (b"[]", 422, "invalid_request"),
    "nothing": (b"", 422, "invalid_request"),
    "deep nesting": (b"[" * 100_000, 422, "malformed_json"),
    "wrong type": (body(message=5), 422, "invalid_request"),
    "null message": (body(message=None), 422, "invalid_request"),
    "extra field": (body(admin=True), 422, "invalid_request"),
    "NUL": (body(message="a\0b"), 422, "invalid_request"),
    "lone surrogate": (b'{"message": "a\\ud800"}', 422, "invalid_request"),
    "NUL in e-mail": (body(email_id="a\0@b"), 422, "invalid_request"),
    "lone surrogate in a field's name": (b'{"message": "a", "\\udfff": 1}', 422, "invalid_request"),
    "another project": (body(project_id="other"), 422, "bad_input"),
    "no sane user": (body(user_id="../ann"), 422, "invalid_id"),
    "surrogate user": (b'{"message": "a", "user_id": "\\ud800"}', 422, "invalid_id"),
    "unknown mode": (body(on_busy="explode"), 422, "invalid_request"),
    "too long": (body(message="x" * 1_000_000), 413, "message_too_long"),
    "far too long": (body(message="x" * 20_000_000), 413, "body_too_large"),
}


def check_problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["detail"].strip().endswith((".", "!"))
    assert len(answer.content) < 5000
    return problem


@pytest.mark.parametrize("case", BAD_CHATS)
async def test_bad_input_is_told_and_changes_nothing(
    api: Running, client: httpx.AsyncClient, case: str
) -> None:
    content, status, code = BAD_CHATS[case]
    answer = await client.post("/api/projects/todo/chat", content=content, headers=JSON)
    check_problem(answer, status, code)
    assert api.twin.projects == {}
    assert api.twin.runs == {}


@pytest.mark.parametrize("project", ["..%2fx", "-x", "a b", "x" * 101, "a%00b", "ü", "%2e%2e"])
async def test_an_id_that_is_no_sane_id_is_refused(
    api: Running, client: httpx.AsyncClient, project: str
) -> None:
    for method, path in (("POST", "chat"), ("GET", "history"), ("GET", "state"), ("GET", "files")):
        answer = await client.request(
            method, f"/api/projects/{project}/{path}", json={"message": "hi"}
        )
        assert answer.status_code in {404, 422}
        assert answer.json()["code"] in {"invalid_id", "not_found"}
    assert api.twin.projects == {}


@pytest.mark.parametrize(
    "path",
    [
        "history",
        "state",
        "files",
        "files/a.py",
        "chat",
        "runs",
        "runs/x",
        "versions",
        "download",
        "",
    ],
)
async def test_reading_an_unknown_project_is_a_404(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(f"/api/projects/nobody-made-me/{path}".rstrip("/"))
    check_problem(answer, 404, "project_not_found")


@pytest.mark.parametrize(
    "path",
    ["..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd", "%2fetc/passwd", "a/%2e%2e/b", "a%00b"],
)
async def test_a_path_out_of_the_project_is_refused(
    api: Running, client: httpx.AsyncClient, path: str
) -> None:
    api.twin.add_project("ann", "todo", "Todo")
    answer = await client.get(f"/api/projects/todo/files/{path}")
    check_problem(answer, 422, "invalid_path")


async def test_a_missing_file_run_and_version_are_404s(
    api: Running, client: httpx.AsyncClient
) -> None:
    api.twin.add_project("ann", "todo", "Todo")
    check_problem(await client.get("/api/projects/todo/files/no.py"), 404, "file_not_found")
    check_problem(await client.get("/api/projects/todo/runs/no"), 404, "run_not_found")
    check_problem(await client.get("/api/projects/todo/runs/%2e%2e"), 404, "run_not_found")
    answer = await client.post("/api/projects/todo/restore", json={"version": 9})
    check_problem(answer, 404, "version_not_found")


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("runs?limit=0", "query.limit"),
        ("runs?limit=x", "query.limit"),
        ("runs?before=-1", "query.before"),
        ("history?limit=100000", "query.limit"),
        ("versions?before=99999999999999", "query.before"),
        ("runs/r/events?after=-1", "query.after"),
        ("runs/r/screenshots/zz.png", "path.sha256"),
    ],
)
async def test_a_wrong_parameter_is_named(
    api: Running, client: httpx.AsyncClient, path: str, field: str
) -> None:
    api.twin.add_project("ann", "todo", "Todo")
    problem = check_problem(await client.get(f"/api/projects/todo/{path}"), 422, "invalid_request")
    assert [error["field"] for error in problem["errors"]] == [field]


async def test_a_broken_place_to_go_on_from_is_refused(
    api: Running, client: httpx.AsyncClient
) -> None:
    api.twin.add_project("ann", "todo", "Todo")
    answer = await client.get("/api/projects/todo/chat", headers={"Last-Event-ID": "nonsense"})
    check_problem(answer, 422, "bad_input")


async def test_unknown_addresses_and_methods_are_problems_too(client: httpx.AsyncClient) -> None:
    check_problem(await client.get("/api/nothing"), 404, "not_found")
    check_problem(await client.get("/static/../api"), 404, "not_found")
    answer = await client.put("/api/projects/todo/chat", json={})
    check_problem(answer, 405, "method_not_allowed")
    assert "POST" in answer.headers["allow"]


async def test_a_mistake_of_ours_is_a_500_with_a_reference_and_no_internals() -> None:
    class Broken:
        async def find_owner(self, project_id: str) -> None:
            raise ValueError("secret internals")

    async with (
        running(projects=Broken()) as api,
        httpx.AsyncClient(base_url=api.url) as client,
    ):
        answer = await client.get("/api/projects/todo/state")
    problem = check_problem(answer, 500, "internal")
    assert problem["reference"] in problem["detail"]
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "x.localhost", "", "169.254.169.254"]
)
async def test_a_foreign_host_is_not_answered(client: httpx.AsyncClient, host: str) -> None:
    answer = await client.get("/api/users/ann/projects", headers={"Host": host})
    check_problem(answer, 421, "unknown_host")


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://3000-abcdefghijkl.localhost:{port}"]
)
async def test_pages_of_other_origins_change_nothing(
    api: Running, client: httpx.AsyncClient, origin: str
) -> None:
    headers = {"Origin": origin.format(port=api.port)}
    answer = await client.post("/api/projects/todo/chat", json={"message": "hi"}, headers=headers)
    check_problem(answer, 403, "foreign_origin")
    assert api.twin.projects == {}


async def test_the_console_and_allowed_origins_may_change_something() -> None:
    async with (
        running({"cors_origins": "https://mine.example"}) as api,
        httpx.AsyncClient(base_url=api.url) as client,
    ):
        for origin in (api.url, "https://mine.example"):
            answer = await client.post(
                "/api/projects", json={"name": "One"}, headers={"Origin": origin}
            )
            assert answer.status_code == 201
        assert answer.headers["access-control-allow-origin"] == "https://mine.example"
        asked = await client.options(
            "/api/projects/x/chat",
            headers={"Origin": "https://mine.example", "Access-Control-Request-Method": "POST"},
        )
        assert asked.headers["access-control-allow-origin"] == "https://mine.example"


HEAD = (
    b"POST /api/projects HTTP/1.1\r\nHost: localhost\r\n"
    b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
)
CHUNK = b"10000\r\n" + b"x" * 65536 + b"\r\n"


async def test_a_body_of_unknown_length_is_refused_as_soon_as_it_is_too_large(api: Running) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", api.port)
    writer.write(HEAD + CHUNK * 40)
    answer = await reader.read()
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"body_too_large" in answer
    writer.close()
    await writer.wait_closed()


async def test_an_endless_body_is_not_taken_for_ever(api: Running) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", api.port)
    with pytest.raises(ConnectionError):
        await send_for_ever(writer, limit=100_000_000)
    writer.transport.abort()


async def send_for_ever(writer: asyncio.StreamWriter, *, limit: int) -> None:
    writer.write(HEAD)
    for _ in range(limit // len(CHUNK)):
        writer.write(CHUNK)
        await writer.drain()


async def test_every_answer_carries_the_security_headers(client: httpx.AsyncClient) -> None:
    for path in ("/livez", "/", "/docs", "/static/icon.svg", "/nope"):
        headers = (await client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "'unsafe-inline'" not in headers["content-security-policy"].split("style-src")[0]
