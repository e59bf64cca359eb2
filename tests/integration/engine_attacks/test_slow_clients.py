"""Clients that stop half-way, say nothing, or come in numbers, take the engine's port from nobody."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from e2b import AsyncSandbox, SandboxException

from fixtures.attack import descriptors, eventually
from fixtures.engine_process import EngineProcess, running_engine, sandbox_of
from fixtures.folders import folder_of_many_files
from fixtures.ordinary_user import engine_of_ordinary_user
from fixtures.raw_http import ask, connected
from stackwright.engine.config import Limits
from stackwright.engine.network.traffic_budget import PER_SECOND, SAVED, VISIT_PRICE

HEAD_S, IDLE_S = 1.0, 2.0
VISITS = Limits().visits
HALF = b"GET /v2/sandboxes HTTP/1.1\r\nHost: x\r\nX-Slow: "
LISTENER = """\
import socket
door = socket.create_server(("127.0.0.1", 8000), backlog=4096)
print("up", flush=True)
kept = []
while True:
    client, _ = door.accept()
    if b"GET /hold" in client.recv(65536):
        kept.append(client)
    else:
        client.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok")
        client.close()
"""


@pytest.fixture(scope="module")
def strict() -> Iterator[EngineProcess]:
    with engine_of_ordinary_user(limits={"head_s": HEAD_S, "idle_s": IDLE_S}) as engine:
        yield engine


@pytest.fixture
async def served(strict: EngineProcess) -> AsyncIterator[AsyncSandbox]:
    async with sandbox_of(strict) as sandbox:
        yield sandbox


async def test_half_a_head_is_told_and_holds_no_connection(
    strict: EngineProcess, served: AsyncSandbox
) -> None:
    async with contextlib.AsyncExitStack() as stack:
        slow = [await stack.enter_async_context(connected(strict)) for _ in range(200)]
        for _, writer in slow:
            writer.write(HALF)
        assert (await served.commands.run("echo meanwhile")).stdout == "meanwhile\n"
        async with asyncio.timeout(HEAD_S + 10):
            told = await asyncio.gather(*(reader.read() for reader, _ in slow))
    assert {answer.split(b"\r\n")[0] for answer in told} == {b"HTTP/1.1 408 Request Timeout"}


async def test_a_head_byte_by_byte_is_no_way_around_it(strict: EngineProcess) -> None:
    async with connected(strict) as (reader, writer):
        writer.write(HALF)

        async def drip() -> None:
            with contextlib.suppress(OSError):
                while True:
                    writer.write(b"x")
                    await writer.drain()
                    await asyncio.sleep(HEAD_S / 10)

        dripping = asyncio.create_task(drip())
        async with asyncio.timeout(HEAD_S + 10):
            assert (await reader.readline()).startswith(b"HTTP/1.1 408")
        dripping.cancel()


async def test_who_says_nothing_is_let_go(strict: EngineProcess) -> None:
    async with connected(strict) as (reader, _):
        async with asyncio.timeout(IDLE_S + 10):
            assert await reader.read() == b""


async def test_what_takes_long_is_not_broken_off(served: AsyncSandbox) -> None:
    late = f"sleep {2 * IDLE_S}; echo late"
    assert (await served.commands.run(late, timeout=30)).stdout == "late\n"


async def test_an_upload_that_breaks_off_leaves_what_came_and_nothing_of_the_old_file(
    engine: EngineProcess, sandbox: AsyncSandbox
) -> None:
    whole = 3 << 20
    await sandbox.files.write("big", b"o" * whole)
    sizes = "find . -name big -size +0 -printf %s"
    async with connected(engine) as (_, writer):
        writer.write(
            f"POST /files?path=big HTTP/1.1\r\nHost: x\r\nE2b-Sandbox-Id: {sandbox.sandbox_id}\r\n"
            f"E2b-Sandbox-Port: 49983\r\nX-Access-Token: {sandbox._envd_access_token}\r\n"
            f"Content-Type: application/octet-stream\r\nContent-Length: {whole}\r\n\r\n".encode()
            + b"n" * (2 << 20)
        )
        await writer.drain()

    async def is_cut() -> bool:
        return (await sandbox.commands.run(sizes)).stdout not in ("", str(whole))

    await eventually(is_cut)
    assert set(await sandbox.files.read("big")) == {"n"}


async def test_visitors_keep_a_sandbox_neither_from_its_owner_nor_from_others(
    engine: EngineProcess, sandbox: AsyncSandbox, neighbour: AsyncSandbox
) -> None:
    for one in (sandbox, neighbour):
        up = asyncio.Event()
        await one.files.write("listener.py", LISTENER)
        await one.commands.run(
            "exec python3 listener.py", background=True, on_stdout=lambda _, up=up: up.set()
        )
        async with asyncio.timeout(30):
            await up.wait()

    async def answer_of(one: AsyncSandbox) -> bytes:
        async with connected(engine) as (reader, writer), asyncio.timeout(20):
            ask(writer, one, "/")
            return (await reader.readline()).rstrip()

    async def is_answered(one: AsyncSandbox, expected: bytes) -> bool:
        return await answer_of(one) == expected

    async with contextlib.AsyncExitStack() as stack:
        for _ in range(VISITS):
            _, writer = await stack.enter_async_context(connected(engine))
            ask(writer, sandbox, "/hold")
        await eventually(lambda: is_answered(sandbox, b"HTTP/1.1 503 Service Unavailable"))
        assert await answer_of(neighbour) == b"HTTP/1.1 200 OK"
        assert (await sandbox.commands.run("echo mine")).stdout == "mine\n"
    await eventually(lambda: is_answered(sandbox, b"HTTP/1.1 200 OK"))


async def test_visits_come_at_a_pace_that_leaves_others_their_turn(
    engine: EngineProcess, sandbox: AsyncSandbox, neighbour: AsyncSandbox
) -> None:
    answered, period_s = 0, 4

    async def visit_again_and_again() -> None:
        nonlocal answered
        while True:
            async with connected(engine) as (reader, writer):
                ask(writer, sandbox, "/")
                assert (await reader.readline()).startswith(b"HTTP/1.1 502")
                answered += 1

    crowd = [asyncio.create_task(visit_again_and_again()) for _ in range(32)]
    began = time.monotonic()
    while time.monotonic() < began + period_s:
        assert (await neighbour.commands.run("echo fine")).stdout == "fine\n"
    taken_s = time.monotonic() - began
    for visitor in crowd:
        visitor.cancel()
    assert not any(visitor.done() for visitor in crowd)
    assert answered * VISIT_PRICE < SAVED + (taken_s + 1) * PER_SECOND
    assert answered > 100


async def test_more_clients_than_descriptors_end_no_sandbox() -> None:
    few = ("prlimit", "--nofile=256:256", "--")
    with (
        folder_of_many_files("engine-few-") as folder,
        running_engine(folder / "data", prefix=few, may_complain=True) as engine,
    ):
        sandbox = await AsyncSandbox.create("base", timeout=120, **engine.options)
        await sandbox.commands.run("exec sleep 12345", background=True, timeout=0)

        async def is_working() -> bool:
            with contextlib.suppress(SandboxException, httpx.HTTPError):
                return (await sandbox.commands.run("echo fine")).stdout == "fine\n"
            return False

        async with contextlib.AsyncExitStack() as stack:
            reader, writer = await stack.enter_async_context(connected(engine))
            for _ in range(400):
                await stack.enter_async_context(connected(engine))
            await eventually(lambda: descriptors(engine.process.pid) > 250)
            ask(writer, sandbox, "/health", port=49983)
            async with asyncio.timeout(10):
                assert await reader.readline() == b"HTTP/1.1 503 Service Unavailable\r\n"
        await eventually(is_working)
        assert (await sandbox.commands.run("pgrep -f 'sleep 12345'")).stdout
        await sandbox.kill()
    assert engine.process.returncode == 0
