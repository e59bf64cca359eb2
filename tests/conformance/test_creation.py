from typing import Any

import e2b
import httpx
import pytest
from e2b import AuthenticationException, NotFoundException, SandboxException, SandboxState

from conformance.sdk import Sdk, until
from fixtures.engine_process import KEY, EngineProcess


async def test_a_new_sandbox_runs(own: Any) -> None:
    assert await own.is_running()
    assert own.traffic_access_token is None


async def test_what_was_given_is_told_again(sdk: Sdk) -> None:
    sandbox = await sdk.create(timeout=100, metadata={"owner": "ann"}, allow_internet_access=False)
    for info in (await sandbox.get_info(), await sdk.call("get_info", sandbox.sandbox_id)):
        assert info.sandbox_id == sandbox.sandbox_id
        assert (info.template_id, info.metadata) == ("base", {"owner": "ann"})
        assert info.state == SandboxState.RUNNING
        assert 99 < (info.end_at - info.started_at).total_seconds() < 101
        assert info.allow_internet_access is False
        assert info.cpu_count > 0
        assert info.memory_mb > 0
        assert info.lifecycle == {"on_timeout": "kill", "auto_resume": False}


async def test_variables_of_creation_reach_every_command(sdk: Sdk) -> None:
    sandbox = await sdk.create(envs={"FLAVOUR": "mint"})
    command = "echo $FLAVOUR $E2B_SANDBOX $E2B_SANDBOX_ID $E2B_TEMPLATE_ID"
    expected = f"mint true {sandbox.sandbox_id} base\n"
    assert (await sandbox.commands.run(command)).stdout == expected
    nearer = await sandbox.commands.run("echo $FLAVOUR", envs={"FLAVOUR": "lime"})
    assert nearer.stdout == "lime\n"


async def test_a_secure_sandbox_can_be_asked_for_by_name(sdk: Sdk) -> None:
    for secure in (True, False):
        sandbox = await sdk.create(secure=secure)
        assert (await sandbox.commands.run("echo safe")).stdout == "safe\n"


async def test_an_unknown_template_and_a_wrong_key_are_refused(sdk: Sdk) -> None:
    with pytest.raises(SandboxException, match="404: template 'no-such-template' not found"):
        await sdk.create("no-such-template")
    stranger = Sdk(sdk.options | {"api_key": "e2b_" + "1" * 40}, is_async=sdk.is_async)
    with pytest.raises(AuthenticationException):
        await stranger.create()
    with pytest.raises(AuthenticationException):
        await stranger.pages().next_items()


async def test_a_sandbox_ends_at_its_time(sdk: Sdk) -> None:
    sandbox = await sdk.create(timeout=1)

    async def is_gone() -> bool:
        return not await sandbox.is_running()

    await until(is_gone)
    assert await sdk.call("kill", sandbox.sandbox_id) is False
    with pytest.raises(NotFoundException):
        await sdk.connect(sandbox.sandbox_id)


async def test_a_context_ends_its_sandbox(engine: EngineProcess) -> None:
    async with await e2b.AsyncSandbox.create("base", **engine.options) as first:
        assert await first.is_running()
    assert not await first.is_running()
    with e2b.Sandbox.create("base", **engine.options) as second:
        assert second.is_running()
    assert not second.is_running()


@pytest.mark.parametrize("prefix", ["", "/v2"])
async def test_the_routes_of_both_versions_answer(engine: EngineProcess, prefix: str) -> None:
    headers = {"X-API-KEY": KEY, "Idempotency-Key": f"once{prefix}"}
    async with httpx.AsyncClient(base_url=engine.url, headers=headers) as client:
        body = {"templateID": "base", "timeout": 60}
        answers = [await client.post(f"{prefix}/sandboxes", json=body) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [201, 201]
        [sandbox_id] = {answer.json()["sandboxID"] for answer in answers}
        connected = await client.post(
            f"{prefix}/sandboxes/{sandbox_id}/connect", json={"timeout": 60}
        )
        assert connected.status_code == 200
        for path, refreshed in (("refreshes", {"duration": 9}), ("timeout", {"timeout": 90})):
            answer = await client.post(f"/sandboxes/{sandbox_id}/{path}", json=refreshed)
            assert answer.status_code == 204
        assert (await client.get(f"{prefix}/sandboxes/{sandbox_id}/logs")).status_code == 200
        assert (await client.delete(f"/sandboxes/{sandbox_id}")).status_code == 204
        assert (await client.delete(f"/sandboxes/{sandbox_id}")).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'{"templateID": 7}',
        b'{"templateID": "base", "timeout": "x"}',
        b'{"templateID": "base", "timeout": -1}',
        b'{"templateID": "base", "metadata": {"a": 1}}',
        b'{"templateID": "base", "network": {"denyOut": ["a.test"]}}',
        b'{"templateID": "base", "sidecars": [{"entry": "cache"}]}',
    ],
)
async def test_a_malformed_creation_is_a_bad_request(engine: EngineProcess, body: bytes) -> None:
    async with httpx.AsyncClient(base_url=engine.url, headers={"X-API-KEY": KEY}) as client:
        answer = await client.post("/v2/sandboxes", content=body)
    assert answer.status_code == 400
    assert answer.json()["message"]


@pytest.mark.parametrize(
    ("key", "path", "status"), [("wrong", "/sandboxes", 401), (KEY, "/no-such-route", 404)]
)
async def test_a_refusal_before_the_body_was_read_ends_the_connection_and_says_so(
    engine: EngineProcess, key: str, path: str, status: int
) -> None:
    async with httpx.AsyncClient(base_url=engine.url, headers={"X-API-KEY": key}) as client:
        answer = await client.post(path, json={"templateID": "base"})
        assert (answer.status_code, answer.headers.get("connection")) == (status, "close")
        answer = await client.get("/sandboxes/no-such-sandbox")
        assert "connection" not in answer.headers
