"""Programs inside answer requests with what is no HTTP, without end, or never. The engine's one port
serves other sandboxes over the same connections."""

import asyncio
import contextlib
from pathlib import Path

import pytest
from e2b import AsyncSandbox, TimeoutException

from fixtures.attack import descriptors, eventually, stopped_agents
from fixtures.engine_process import EngineProcess
from fixtures.raw_http import ask, connected
from stackwright.engine.network.traffic_budget import PER_SECOND, SAVED

FORGED = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged"
NO_HTTP = {
    "nothing but line ends": b"\r\n\r\n",
    "no status": b"HTTP/1.1\r\n\r\n",
    "a status in words": b"HTTP/1.1 OK 200\r\n\r\n",
    "no header": b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
    "another protocol, unasked": b"HTTP/1.1 101 Switching\r\nConnection: upgrade\r\n\r\n",
    "a length hidden behind a line feed": (
        b"HTTP/1.1 200 OK\r\nX: a\nContent-Length: 0\r\nContent-Length: 44\r\n\r\n" + FORGED
    ),
    "a length hidden behind a return": (
        b"HTTP/1.1 200 OK\r\nX: a\rContent-Length: 0\r\nContent-Length: 44\r\n\r\n" + FORGED
    ),
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-Length: 44\r\n\r\n" + FORGED,
    "a length and chunks": (
        b"HTTP/1.1 200 OK\r\nContent-Length: 44\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        + FORGED
    ),
    "chunks in other words": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n" + FORGED
    ),
    "a head without end": b"HTTP/1.1 200 OK\r\nX: " + b"y" * 99_000 + b"\r\n\r\n",
    "announcements without end": b"HTTP/1.1 100 Continue\r\n\r\n" * 99,
}
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
BODIES = {
    "a chunk of negative size": CHUNKED + b"-1\r\n",
    "a size without end": CHUNKED + b"1" * 99_000,
    "trailers without end": CHUNKED + b"0\r\n" + b"X: y\r\n" * 9_000,
}
UPGRADE = "Connection: Upgrade\r\nUpgrade: websocket\r\n"
SWITCHED = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
SERVER = """\
import socket, threading
answers = {answers}
def serve(client):
    number = int(client.recv(65536).split(b" ")[1].strip(b"/"))
    try:
        client.sendall(answers[number][0])
        while answers[number][1]: client.sendall(answers[number][1])
    except OSError: pass
    client.close()
server = socket.create_server(("127.0.0.1", 8000), backlog=99)
print("up", flush=True)
while True:
    threading.Thread(target=serve, args=server.accept()[:1], daemon=True).start()
"""


async def serve(sandbox: AsyncSandbox, answers: list[tuple[bytes, bytes]]) -> None:
    """Each is what number is asked for, and what follows without end."""
    await sandbox.files.write("server.py", SERVER.format(answers=answers))
    up = asyncio.Event()
    await sandbox.commands.run("python3 server.py", background=True, on_stdout=lambda _: up.set())
    async with asyncio.timeout(30):
        await up.wait()


async def test_what_is_no_answer_is_a_502_and_nothing_of_it_is_passed_on(
    engine: EngineProcess, sandbox: AsyncSandbox
) -> None:
    await serve(sandbox, [(answer, b"") for answer in NO_HTTP.values()])
    for number, name in enumerate(NO_HTTP):
        async with connected(engine) as (reader, writer), asyncio.timeout(20):
            ask(writer, sandbox, f"/{number}")
            told = await reader.read()
        status = [
            line for line in told.split(b"\r\n") if b"HTTP/1.1" in line and b" 100" not in line
        ]
        assert status == [b"HTTP/1.1 502 Bad Gateway"], name
        assert b"forged" not in told, name
        assert b"Connection: close" in told, name


async def test_what_is_no_request_is_told_and_leaves_the_port_to_others(
    engine: EngineProcess, sandbox: AsyncSandbox
) -> None:
    named = (
        f"Host: x\r\nE2b-Sandbox-Id: {sandbox.sandbox_id}\r\nE2b-Sandbox-Port: 8000\r\n".encode()
    )
    two_lengths = (
        b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /0 HTTP/1.1\r\n"
    )
    requests = {
        b"GET / HTTP/1.1\r\nX: " + b"y" * 300_000 + b"\r\n\r\n": b"431",
        b"POST /0 HTTP/1.1\r\n" + named + two_lengths + named + b"\r\n": b"400",
        b"GET /0 HTTP/1.1\r\n" + named + b"E2b-Sandbox-Id: another\r\n\r\n": b"502",
        b"GET /0 HTTP/1.1\r\nHost: x\r\nE2b-Sandbox-Id: ../..\r\n\r\n": b"502",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n": b"400",
    }
    await serve(sandbox, [(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nseen", b"")])
    for request, status in requests.items():
        async with connected(engine) as (reader, writer), asyncio.timeout(20):
            writer.write(request)
            told = await reader.read()
        assert told.startswith(b"HTTP/1.1 " + status)
        assert b"seen" not in told
        assert told.count(b"HTTP/1.1 ") == 1
    async with connected(engine) as (reader, writer), asyncio.timeout(20):
        writer.write(b"GET / HTTP/1.1\r\nX: half a request")
        async with connected(engine) as (others, other):
            ask(other, sandbox, "/0")
            assert await others.readuntil(b"seen")


async def test_a_broken_body_ends_the_connection(
    engine: EngineProcess, sandbox: AsyncSandbox
) -> None:
    await serve(sandbox, [(answer, b"") for answer in BODIES.values()])
    for number in range(len(BODIES)):
        async with connected(engine) as (reader, writer), asyncio.timeout(20):
            ask(writer, sandbox, f"/{number}")
            try:
                answer = await reader.read()
            except ConnectionResetError:  # ended, with bytes of the program on their way
                continue
            assert not answer.endswith(b"0\r\n\r\n")


async def test_answers_without_end_do_not_pile_up_in_the_engine(
    engine: EngineProcess, sandbox: AsyncSandbox, neighbour: AsyncSandbox
) -> None:
    """The client reads nothing, so nothing is to be taken from the program either; frames of
    WebSockets are no exception."""
    endless = [
        BODIES["a chunk of negative size"],
        b"HTTP/1.1 200 OK\r\n\r\n",
        CHUNKED + b"FFFFFFFFF\r\n",
        b"HTTP/1.1 100 Continue\r\nX: " + b"y" * 60_000 + b"\r\n\r\n" * 99,
        SWITCHED + b"\x82\x7f" + b"\x7f" + b"\xff" * 7,  # one frame of 2^63 - 1 bytes
        SWITCHED + b"\x81\x01x" * 99_000,
    ]
    await serve(sandbox, [(answer, b"x" * (1 << 20)) for answer in endless])
    before = _resident_mb(engine.process.pid)
    async with contextlib.AsyncExitStack() as stack:
        for number in range(len(endless)):
            _, writer = await stack.enter_async_context(connected(engine))
            is_switched = endless[number].startswith(SWITCHED)
            ask(writer, sandbox, f"/{number}", more=UPGRADE if is_switched else "")
        for _ in range(20):
            await asyncio.sleep(0.1)
            assert _resident_mb(engine.process.pid) < before + 40
        assert (await neighbour.commands.run("echo fine")).stdout == "fine\n"


async def test_a_crowd_of_small_chunks_leaves_others_their_turn(
    engine: EngineProcess, sandbox: AsyncSandbox, neighbour: AsyncSandbox
) -> None:
    """Read as fast as they come. Chunks are many in what is read at once."""
    endless = {CHUNKED: b"1\r\nx\r\n" * 99_000, CHUNKED + b"0\r\n": b"X: y\r\n" * 99_000}
    await serve(sandbox, list(endless.items()))
    async with contextlib.AsyncExitStack() as stack:
        for number in range(len(endless)):
            reader, writer = await stack.enter_async_context(connected(engine))
            ask(writer, sandbox, f"/{number}")
            assert await reader.read(1 << 16)
            reading = asyncio.create_task(_read_all(reader))
            stack.callback(reading.cancel)
        async with asyncio.timeout(10):
            for _ in range(20):
                assert (await neighbour.commands.run("echo fine")).stdout == "fine\n"


async def test_output_without_end_comes_at_a_pace_that_leaves_others_their_turn(
    sandbox: AsyncSandbox,
) -> None:
    received, period_s = 0, 5

    def count(text: str) -> None:
        nonlocal received
        received += len(text)

    with contextlib.suppress(TimeoutException):
        await sandbox.commands.run("yes", timeout=period_s, on_stdout=count)
    assert SAVED / 2 < received < SAVED + (period_s + 1) * PER_SECOND


async def _read_all(reader: asyncio.StreamReader) -> None:
    while await reader.read(1 << 20):
        pass


def _resident_mb(pid: int) -> int:
    [line] = [one for one in Path(f"/proc/{pid}/status").read_text().splitlines() if "VmRSS" in one]
    return int(line.split()[1]) // 1024


@pytest.mark.parametrize("port", [8000, 49983])
async def test_a_stopped_agent_holds_no_connection_of_the_engine(
    engine: EngineProcess, sandbox: AsyncSandbox, neighbour: AsyncSandbox, port: int
) -> None:
    """A program inside stops the agent; clients come and give up."""
    await sandbox.commands.run("(sleep 0.2; kill -STOP 2) > /dev/null 2>&1 &")
    await eventually(stopped_agents)
    before = descriptors(engine.process.pid)
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(300):
            _, writer = await stack.enter_async_context(connected(engine))
            ask(writer, sandbox, "/", port=port)
    await eventually(lambda: descriptors(engine.process.pid) < before + 20)
    assert (await neighbour.commands.run("echo fine")).stdout == "fine\n"
    again = await AsyncSandbox.connect(sandbox.sandbox_id, **engine.options)
    await again.pause(keep_memory=False)
    again = await AsyncSandbox.connect(sandbox.sandbox_id, **engine.options)
    assert (await again.commands.run("echo back")).stdout == "back\n"
