import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import httpx
import pytest
from aiohttp import web

from fixtures.api_twins import Running, running
from fixtures.waiting import until
from stackwright.core.errors import SandboxUnavailable
from stackwright.sandbox.base import PortAddress

pytestmark = pytest.mark.integration


DEVELOPER_PATHS = (
    "/_next/mcp",
    "/__nextjs_original-stack-frames",
    "/__nextjs_attach-nodejs-inspector?x=1",
    "//__nextjs_launch-editor",
    "/x/..%2F__nextjs_source-map",
    "/x/%2e%2e/__nextjs_source-map",
    "/x/..%5c__nextjs_source-map",
    "/_next/./mcp",
    "/base/__nextjs_devtools_config",
)


@dataclass
class Upstream:
    """A sandbox's side of the router: answers with what it was asked."""

    url: str = ""
    seen: list[web.BaseRequest] = field(default_factory=list)
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    async def echo(self, request: web.Request) -> web.Response:
        self.seen.append(request)
        body = await request.read()
        headers = {"X-Frame-Options": "DENY", "Set-Cookie": "sid=1; Path=/; SameSite=Lax"}
        return web.json_response(
            {
                "method": request.method,
                "path": request.raw_path,
                "headers": dict(request.headers),
                "body": body.decode(),
            },
            headers=headers,
        )

    async def drip(self, request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        try:
            for number in range(1_000_000):
                await answer.write(f"{number}\n".encode())
                await asyncio.sleep(0.01)
        finally:
            self.gone.set()
        return answer

    async def cut(self, request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Length": "1000"})
        await answer.prepare(request)
        await answer.write(b"only this")
        assert request.transport is not None
        request.transport.abort()
        return answer

    async def closed_port(self, request: web.Request) -> web.Response:
        return web.json_response({"message": "port is not open"}, status=502)

    async def socket(self, request: web.Request) -> web.WebSocketResponse:
        self.seen.append(request)
        answer = web.WebSocketResponse(protocols=["hmr"])
        await answer.prepare(request)
        async for message in answer:
            if message.data == "bye":
                await answer.close(code=4001)
            elif message.type is aiohttp.WSMsgType.BINARY:
                await answer.send_bytes(message.data[::-1])
            else:
                await answer.send_str(message.data.upper())
        self.gone.set()
        return answer


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    served = Upstream()
    application = web.Application()
    application.router.add_get("/drip", served.drip)
    application.router.add_get("/cut", served.cut)
    application.router.add_get("/closed", served.closed_port)
    application.router.add_get("/_next/webpack-hmr", served.socket)
    application.router.add_route("*", "/{path:.*}", served.echo)
    runner = web.AppRunner(application, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    served.url = f"http://{host}:{port}"
    yield served
    await runner.cleanup()


@pytest.fixture
async def shown(upstream: Upstream) -> AsyncIterator[Running]:
    async with running() as api:
        api.twin.add_project("ann", "todo", "Todo")
        api.twin.addresses["todo"] = PortAddress(
            upstream.url, {"E2b-Sandbox-Id": "mine", "E2b-Sandbox-Port": "3000"}
        )
        yield api


@pytest.fixture
async def visitor(shown: Running) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"Host": shown.preview("todo")}
    async with httpx.AsyncClient(base_url=shown.url, headers=headers, timeout=10) as client:
        yield client


async def test_a_visit_reaches_the_application_unchanged_but_for_host_and_origin(
    visitor: httpx.AsyncClient, shown: Running
) -> None:
    answer = await visitor.put(
        "/a%2Fb/c%20d;x=1?q=%C3%A4&q=2",
        content="ä",
        headers={"Origin": f"http://{shown.preview('todo')}", "E2b-Sandbox-Id": "yours"},
    )
    got = answer.json()
    assert (got["method"], got["path"], got["body"]) == (
        "PUT",
        "/a%2Fb/c%20d;x=1?q=%C3%A4&q=2",
        "ä",
    )
    assert got["headers"]["Host"] == "localhost:3000"
    assert got["headers"]["Origin"] == "http://localhost:3000"
    assert got["headers"]["E2b-Sandbox-Id"] == "mine"
    assert got["headers"]["Content-Length"] == "2"
    assert "x-frame-options" not in answer.headers
    assert (
        f"frame-ancestors 'self' http://localhost:{shown.port}"
        in answer.headers["content-security-policy"]
    )
    assert answer.headers["set-cookie"] == "sid=1; Path=/; SameSite=Lax"


@pytest.mark.parametrize("trusted", ["", "127.0.0.0/8"])
async def test_only_a_configured_proxy_is_believed(upstream: Upstream, trusted: str) -> None:
    said = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}
    async with running({"trusted_proxies": trusted}) as api:
        api.twin.add_project("ann", "todo", "Todo")
        api.twin.addresses["todo"] = PortAddress(upstream.url)
        async with httpx.AsyncClient(base_url=api.url, timeout=10) as client:
            answer = await client.get("/", headers={"Host": api.preview("todo"), **said})
    got = answer.json()["headers"]
    seen = (got["X-Forwarded-For"], got["X-Forwarded-Proto"])
    assert seen == (("203.0.113.7", "https") if trusted else ("127.0.0.1", "http"))


async def test_cookies_of_one_visitor_are_not_kept_for_the_next(
    visitor: httpx.AsyncClient, upstream: Upstream
) -> None:
    await visitor.get("/one")
    visitor.cookies.clear()
    await visitor.get("/two")
    assert "Cookie" not in upstream.seen[-1].headers


async def test_a_body_of_unknown_length_streams_through(visitor: httpx.AsyncClient) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"x" * 10_000

    answer = await visitor.post("/up", content=chunks())
    assert len(answer.json()["body"]) == 1_000_000


async def test_an_endless_answer_streams_and_ends_when_the_visitor_leaves(
    visitor: httpx.AsyncClient, upstream: Upstream
) -> None:
    async with visitor.stream("GET", "/drip") as answer:
        lines = answer.aiter_lines()
        assert [await anext(lines) for _ in range(3)] == ["0", "1", "2"]
    async with asyncio.timeout(5):
        await upstream.gone.wait()


async def test_an_answer_that_breaks_off_is_seen_to_break_off(visitor: httpx.AsyncClient) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        await visitor.get("/cut")


async def test_the_hot_reload_socket_passes_with_a_name_that_next_accepts(
    shown: Running, upstream: Upstream
) -> None:
    headers = {"Host": shown.preview("todo"), "Origin": f"http://{shown.preview('todo')}"}
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(
            f"{shown.url}/_next/webpack-hmr?id=1", headers=headers, protocols=["hmr"]
        ) as socket,
    ):
        assert socket.protocol == "hmr"
        await socket.send_str("hello")
        assert await socket.receive_str() == "HELLO"
        await socket.send_bytes(b"abc" * 100_000)
        assert await socket.receive_bytes() == b"cba" * 100_000
        await socket.send_str("bye")
        assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
        assert socket.close_code == 4001
    request = upstream.seen[-1]
    assert request.headers["Host"] == "localhost:3000"
    assert request.headers["Origin"] == "http://localhost:3000"
    assert request.query_string == "id=1"


async def test_a_silent_socket_is_no_body_that_does_not_come(
    shown: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stackwright.api.http_protocol.BODY_WINDOW_S", 0.05)
    headers = {"Host": shown.preview("todo")}
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{shown.url}/_next/webpack-hmr", headers=headers) as socket,
    ):
        with pytest.raises(TimeoutError):
            await socket.receive(timeout=0.3)
        await socket.send_str("hello")
        assert await socket.receive_str() == "HELLO"


async def test_a_page_counts_as_open_while_its_socket_is(
    shown: Running, upstream: Upstream
) -> None:
    async with aiohttp.ClientSession() as session:
        headers = {"Host": shown.preview("todo")}
        socket = await session.ws_connect(f"{shown.url}/_next/webpack-hmr", headers=headers)
        await socket.send_str("hello")
        await socket.receive_str()
        assert shown.twin.open_pages == ["todo"]
        await socket.close()

    async def is_over() -> bool:
        return not shown.twin.open_pages

    await until(is_over)


async def test_closing_the_page_closes_the_socket_behind(
    shown: Running, upstream: Upstream
) -> None:
    async with aiohttp.ClientSession() as session:
        headers = {"Host": shown.preview("todo")}
        socket = await session.ws_connect(f"{shown.url}/_next/webpack-hmr", headers=headers)
        await socket.close()
    async with asyncio.timeout(5):
        await upstream.gone.wait()


async def test_ports_that_are_not_public_and_nexts_own_tools_are_closed(
    visitor: httpx.AsyncClient, shown: Running, upstream: Upstream
) -> None:
    refused = [
        await visitor.get("/", headers={"Host": shown.preview("todo", port)})
        for port in (27017, 22, 8000)
    ]
    for path in DEVELOPER_PATHS:
        url = httpx.URL(shown.url).copy_with(raw_path=path.encode())
        refused.append(await visitor.get(url))
    for answer in refused:
        assert (answer.status_code, answer.json()["code"]) == (403, "port_not_public")
    assert upstream.seen == []


async def test_an_unknown_label_is_a_404(visitor: httpx.AsyncClient, shown: Running) -> None:
    answer = await visitor.get("/", headers={"Host": shown.preview("another")})
    assert (answer.status_code, answer.json()["code"]) == (404, "preview_not_found")


async def test_the_platform_is_not_reached_through_a_preview(visitor: httpx.AsyncClient) -> None:
    assert (await visitor.get("/api/users/ann/projects")).json()[
        "path"
    ] == "/api/users/ann/projects"


async def test_a_sleeping_app_is_woken_once_and_the_page_tries_again_by_itself(
    visitor: httpx.AsyncClient, shown: Running
) -> None:
    del shown.twin.addresses["todo"]
    for _ in range(3):
        page = await visitor.get("/", headers={"Accept": "text/html"})
        assert page.status_code == 503
        assert '<meta http-equiv="refresh" content="2">' in page.text
        assert page.headers["cache-control"] == "no-store"
    await shown.twin.until(lambda: shown.twin.woken == ["todo"])
    data = await visitor.get("/api/todos")
    assert (data.status_code, data.json()["code"]) == (503, "preview_starting")
    assert data.headers["retry-after"] == "2"


async def test_visitors_wait_only_so_long_for_an_engine_that_hangs(
    visitor: httpx.AsyncClient, shown: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stackwright.api.preview_targets.FIND_LIMIT_S", 0.1)
    shown.twin.engine_answers = False
    pages = await asyncio.gather(*(visitor.get("/api/todos") for _ in range(20)))
    assert {page.json()["code"] for page in pages} == {"preview_starting"}


async def test_a_visitor_is_told_why_the_app_did_not_wake(
    visitor: httpx.AsyncClient, shown: Running
) -> None:
    del shown.twin.addresses["todo"]
    shown.twin.wake_error = SandboxUnavailable("The engine has <no> room.")

    async def is_told() -> bool:
        page = await visitor.get("/", headers={"Accept": "text/html"})
        assert (page.status_code, page.headers["retry-after"]) == (503, "2")
        return "The engine has &lt;no&gt; room. This page tries again by itself." in page.text

    await until(is_told)
    assert "The engine has <no> room." in (await visitor.get("/api/todos")).json()["detail"]


async def test_a_closed_port_shows_people_a_page_that_waits_and_programs_the_502(
    visitor: httpx.AsyncClient,
) -> None:
    page = await visitor.get("/closed", headers={"Accept": "text/html,*/*"})
    assert (page.status_code, "Starting the app" in page.text) == (503, True)
    assert (await visitor.get("/closed")).status_code == 502


async def test_a_sandbox_that_is_out_of_reach_is_told_like_one_that_starts(
    visitor: httpx.AsyncClient, shown: Running
) -> None:
    shown.twin.addresses["todo"] = PortAddress("http://127.0.0.1:9", {"x": "y"})
    assert (await visitor.get("/")).json()["code"] == "preview_starting"


async def test_a_hundred_visits_at_once_are_all_answered(visitor: httpx.AsyncClient) -> None:
    async with asyncio.TaskGroup() as group:
        visits = [group.create_task(visitor.get(f"/{number}")) for number in range(100)]
    assert [v.result().json()["path"] for v in visits] == [f"/{number}" for number in range(100)]
