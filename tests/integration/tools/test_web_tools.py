import gzip
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from yarl import URL

from stackwright.core.compression import BodyDamaged
from stackwright.tools.base import ToolFailed
from stackwright.tools.web.guard import MAX_BYTES, Guard, RequestRefused
from stackwright.tools.web.search import Brave, SearXNG, Tavily, web_tools

pytestmark = pytest.mark.integration

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Serve = Callable[[dict[str, Handler]], Awaitable[int]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    runners: list[web.AppRunner] = []

    async def start(routes: dict[str, Handler]) -> int:
        app = web.Application()
        for path, handler in routes.items():
            app.router.add_route("*", path, handler)
        runner = web.AppRunner(app)
        runners.append(runner)
        await runner.setup()
        listener = socket.create_server(("127.0.0.1", 0))
        await web.SockSite(runner, listener).start()
        return int(listener.getsockname()[1])

    yield start
    for runner in runners:
        await runner.cleanup()


def answering(body: bytes, kind: str = "text/plain", **headers: str) -> Handler:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(body=body, content_type=kind, headers=headers)

    return answer


def moving(location: str) -> Handler:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"location": location})

    return answer


def here_only(port: int) -> Guard:
    return Guard(is_allowed=lambda address: address == "127.0.0.1", ports=frozenset({port}))


async def test_a_page_is_fetched_through_its_redirects(serve: Serve) -> None:
    port = await serve({"/a": moving("/b"), "/b": answering(b"arrived")})

    page = await here_only(port).fetch(f"http://127.0.0.1:{port}/a")

    assert (page.status, page.body, page.was_cut) == (200, b"arrived", False)
    assert page.url.endswith("/b")


async def test_a_name_that_leads_to_this_machine_is_refused(serve: Serve) -> None:
    port = await serve({"/": answering(b"secret")})

    with pytest.raises(RequestRefused, match="localhost is not an address"):
        await Guard(ports=frozenset({port})).fetch(f"http://localhost:{port}/")


async def test_the_socket_itself_refuses_an_address_that_was_not_allowed(serve: Serve) -> None:
    port = await serve({"/": answering(b"secret")})
    answers = iter([True])
    rebinding = Guard(is_allowed=lambda _: next(answers, False), ports=frozenset({port}))

    with pytest.raises(RequestRefused):
        await rebinding.fetch(f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.2:{port}/",
        "http://[::1]:{port}/",
        "http://127.0.0.1:1/",
        "file:///etc/passwd",
    ],
)
async def test_a_redirect_to_a_forbidden_place_is_refused(serve: Serve, target: str) -> None:
    async def move(request: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"location": request.query["to"]})

    port = await serve({"/": move})
    url = URL(f"http://127.0.0.1:{port}/") % {"to": target.format(port=port)}

    with pytest.raises(RequestRefused):
        await here_only(port).fetch(str(url))


async def test_endless_redirects_and_endless_bodies_end(serve: Serve) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(MAX_BYTES // 65536 + 20):
            await response.write(b"x" * 65536)
        return response

    port = await serve({"/loop": moving("/loop"), "/endless": endless})

    with pytest.raises(RequestRefused, match="too often"):
        await here_only(port).fetch(f"http://127.0.0.1:{port}/loop")
    page = await here_only(port).fetch(f"http://127.0.0.1:{port}/endless")
    assert (len(page.body), page.was_cut) == (MAX_BYTES, True)


async def call(name: str, provider: Any, **arguments: Any) -> str:
    tool = next(tool for tool in web_tools(provider) if tool.name == name)
    return await tool.run(tool.arguments.model_validate(arguments), None)  # pyright: ignore[reportArgumentType]


async def test_each_provider_is_asked_in_its_own_way_and_told_alike(serve: Serve) -> None:
    asked: list[tuple[str, str, str]] = []

    async def tavily(request: web.Request) -> web.StreamResponse:
        body = await request.json()
        asked.append(("tavily", request.headers["authorization"], body["query"]))
        return web.json_response({"results": [{"title": "T", "url": "u", "content": "c"}]})

    async def brave(request: web.Request) -> web.StreamResponse:
        asked.append(("brave", request.headers["x-subscription-token"], request.query["q"]))
        hit = {"title": "T", "url": "u", "description": "c"}
        return web.json_response({"web": {"results": [hit]}})

    async def searxng(request: web.Request) -> web.StreamResponse:
        asked.append(("searxng", request.query["format"], request.query["q"]))
        return web.json_response({"results": [{"title": "T", "url": "u", "content": "c"}]})

    port = await serve({"/t": tavily, "/b": brave, "/search": searxng})
    root = f"http://127.0.0.1:{port}"

    for provider in (Tavily("key", f"{root}/t"), Brave("key", f"{root}/b"), SearXNG(root)):
        assert await call("search_web", provider, query="next router") == "T\nu\nc"

    assert asked == [
        ("tavily", "Bearer key", "next router"),
        ("brave", "key", "next router"),
        ("searxng", "json", "next router"),
    ]


async def test_a_provider_that_fails_is_no_reason_to_stop(serve: Serve) -> None:
    port = await serve({"/search": answering(b"<html>captcha</html>", "text/html")})

    with pytest.raises(ToolFailed, match="go on without it"):
        await call("search_web", SearXNG(f"http://127.0.0.1:{port}"), query="next router")


async def test_what_a_compressed_page_becomes_is_bounded(serve: Serve) -> None:
    packed = {"Content-Encoding": "gzip"}
    port = await serve(
        {
            "/small": answering(gzip.compress(b"arrived"), **packed),
            "/bomb": answering(gzip.compress(bytes(50_000_000)), **packed),
            "/damaged": answering(b"no gzip", **packed),
        }
    )
    guard, root = here_only(port), f"http://127.0.0.1:{port}"

    assert (await guard.fetch(f"{root}/small")).body == b"arrived"
    page = await guard.fetch(f"{root}/bomb")
    assert (len(page.body), page.was_cut) == (MAX_BYTES, True)
    with pytest.raises(BodyDamaged):
        await guard.fetch(f"{root}/damaged")


@pytest.mark.parametrize("answer", [b"[" * 100_000, b"[1]", b'{"results": [{"title": 1}]}', b""])
async def test_an_answer_in_a_strange_form_is_no_reason_to_stop(
    serve: Serve, answer: bytes
) -> None:
    port = await serve({"/search": answering(answer, "application/json")})

    with pytest.raises(ToolFailed, match="go on without it"):
        await call("search_web", SearXNG(f"http://127.0.0.1:{port}"), query="next router")


async def test_reading_a_private_address_tells_the_model_why_not() -> None:
    with pytest.raises(ToolFailed, match="not an address of the public internet"):
        await call("read_url", None, url="http://169.254.169.254/latest/meta-data/")
