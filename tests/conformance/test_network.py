"""The way out: what one sandbox's own rules allow of what the operator allows.

Two servers of this host stand for the internet; the engine's operator has opened both.
"""

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from e2b import ALL_TRAFFIC, SandboxException

from conformance.sdk import Sdk
from fixtures.engine_process import KEY, EngineProcess, running_engine

ONE, OTHER = "127.0.0.1", "127.0.0.2"


class _Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "7")
        self.end_headers()
        self.wfile.write(b"reached")

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Served at both addresses."""
    with ExitStack() as stack:
        first = stack.enter_context(ThreadingHTTPServer((ONE, 0), _Answer))
        servers = [
            first,
            stack.enter_context(ThreadingHTTPServer((OTHER, first.server_port), _Answer)),
        ]
        for server in servers:
            threading.Thread(target=server.serve_forever, daemon=True).start()
        yield first.server_port
        for server in servers:
            server.shutdown()


@pytest.fixture(scope="module")
def engine(port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineProcess]:
    folder: Path = tmp_path_factory.mktemp("network")
    opened = [f"{address}:{port}" for address in (ONE, OTHER, "::1")]
    with running_engine(
        folder / "data", egress_allow=["localhost"], egress_private=opened
    ) as process:
        yield process


async def reaches(sandbox: Any, host: str, port: int) -> bool:
    """Whether a tunnel through the engine's proxy is granted; 403 says that it is not."""
    curl = "curl -sS -m 20 --noproxy '' --proxytunnel -x $HTTPS_PROXY -o /dev/null"
    told = await sandbox.commands.run(
        f"{curl} -w '%{{http_connect}} %{{http_code}}' http://{host}:{port}/ || true", timeout=30
    )
    assert told.stdout in ("200 200", "403 000")
    return told.stdout == "200 200"


async def test_without_rules_all_the_operator_allows_is_reached(sdk: Sdk, port: int) -> None:
    for given in ({}, {"allow_internet_access": True}):
        sandbox = await sdk.create(**given)
        assert [await reaches(sandbox, h, port) for h in (ONE, OTHER, "localhost")] == [True] * 3
        assert not await reaches(sandbox, "127.0.0.3", port)
        assert not await reaches(sandbox, "example.com", 443)


async def test_without_internet_nothing_is_reached(sdk: Sdk, port: int) -> None:
    for given in ({"allow_internet_access": False}, {"network": {"deny_out": [ALL_TRAFFIC]}}):
        sandbox = await sdk.create(**given)
        assert [await reaches(sandbox, h, port) for h in (ONE, OTHER, "localhost")] == [False] * 3


async def test_a_denied_address_is_not_reached(sdk: Sdk, port: int) -> None:
    for denied in (OTHER, "127.0.0.2/31"):
        sandbox = await sdk.create(network={"deny_out": [denied]})
        assert await reaches(sandbox, ONE, port)
        assert not await reaches(sandbox, OTHER, port)


async def test_what_is_allowed_is_reached_though_all_is_denied(sdk: Sdk, port: int) -> None:
    rules = {"deny_out": lambda context: [context.all_traffic], "allow_out": [f"{OTHER}/32"]}
    sandbox = await sdk.create(network=rules)
    assert [await reaches(sandbox, h, port) for h in (ONE, OTHER)] == [False, True]
    info = await sandbox.get_info()
    assert info.network["allow_out"] == [f"{OTHER}/32"]
    assert info.network["deny_out"] == [ALL_TRAFFIC]


async def test_hosts_are_allowed_by_name(sdk: Sdk, port: int) -> None:
    rules = {"deny_out": [ALL_TRAFFIC], "allow_out": ["localhost", "*.example.com"]}
    sandbox = await sdk.create(network=rules)
    assert await reaches(sandbox, "localhost", port)
    assert not await reaches(sandbox, OTHER, port)
    with pytest.raises(SandboxException, match="denyOut"):
        await sdk.create(network={"allow_out": ["localhost"]})


async def test_rules_change_while_the_sandbox_runs_and_survive_a_restart(
    sdk: Sdk, port: int
) -> None:
    sandbox = await sdk.create()
    assert await reaches(sandbox, ONE, port)
    await sandbox.update_network({"deny_out": [ONE]})
    assert [await reaches(sandbox, h, port) for h in (ONE, OTHER)] == [False, True]
    await sandbox.pause(keep_memory=False)
    await sandbox.connect()
    assert [await reaches(sandbox, h, port) for h in (ONE, OTHER)] == [False, True]
    await sdk.call("update_network", sandbox.sandbox_id, {"allow_internet_access": False})
    assert [await reaches(sandbox, h, port) for h in (ONE, OTHER)] == [False, False]
    await sandbox.update_network({})
    assert [await reaches(sandbox, h, port) for h in (ONE, OTHER)] == [True, True]


async def test_what_the_engine_cannot_do_is_refused(sdk: Sdk) -> None:
    transform = {"a.example.com": [{"transform": {"headers": {"X-Token": "t"}}}]}
    for network in ({"rules": transform}, {"egress_proxy": {"address": "proxy.test:1080"}}):
        with pytest.raises(SandboxException, match="not supported by this engine"):
            await sdk.create(network=network)


async def test_what_the_engine_does_not_know_is_refused_too(
    sdk: Sdk, engine: EngineProcess, port: int
) -> None:
    """An option without effect would be a promise; newer versions of the SDK have others."""
    sandbox = await sdk.create(network={"deny_out": [OTHER]})
    async with httpx.AsyncClient(base_url=engine.url, headers={"X-API-KEY": KEY}) as client:
        for name in ("dnsServers", "somethingNew"):
            body = {"templateID": "base", "network": {name: ["8.8.8.8"]}}
            answer = await client.post("/v2/sandboxes", json=body)
            told = f"network.{name} is not supported by this engine"
            assert (answer.status_code, answer.json()["message"]) == (400, told)
        update = {"dnsServers": ["8.8.8.8"]}
        answer = await client.put(f"/sandboxes/{sandbox.sandbox_id}/network", json=update)
        assert answer.status_code == 400
    assert [await reaches(sandbox, h, port) for h in (ONE, OTHER)] == [True, False]
