"""What a sandbox full of hostile work costs the one beside it, in one run on one machine."""

import asyncio
import contextlib
import multiprocessing
import time
from collections.abc import Generator
from typing import Any

from benchmarks.figures import summary
from benchmarks.options import Options, progress
from stackwright.core.errors import PlatformError
from stackwright.core.settings import load_settings
from stackwright.engine.host.supervisor import EngineSupervisor
from stackwright.main import engine_config
from stackwright.sandbox import control
from stackwright.sandbox.endpoint import Endpoint
from stackwright.sandbox.http import SandboxHttp

COMMANDS, QUICK_COMMANDS = 200, 10
SETTLE_S = 4.0
_REFUSED_CONNECTIONS = """\
import os, socket, threading
from urllib.parse import urlsplit
door = urlsplit(os.environ["HTTPS_PROXY"])
def ask():
    while True:
        try:
            with socket.create_connection((door.hostname, door.port)) as client:
                client.sendall(b"CONNECT a.example:443 HTTP/1.1\\r\\n\\r\\n")
                client.recv(1000)
        except OSError: pass
for _ in range(64): threading.Thread(target=ask).start()"""
BOMBS = {
    "forks": "while :; do :; done & while :; do (sleep 5 &) 2> /dev/null; done",
    "cpu": "for i in $(seq 32); do (while :; do :; done) & done; wait",
    "two of cpu": "yes > /dev/null & yes > /dev/null",
    "memory": "python3 -c 'held = []\nwhile True: held.append(bytearray(8 << 20))'; sleep 99",
    "disk": "while :; do head -c 200M /dev/zero > big; done",
    "output": "yes",
    "connections": f"python3 -c '{_REFUSED_CONNECTIONS}'",
}


def measure_neighbour(options: Options) -> dict[str, Any]:
    """`p95_ratio` compares a command beside a bomb with the same command beside an idle sandbox."""
    return asyncio.run(_with_engine(options))


async def _with_engine(options: Options) -> dict[str, Any]:
    settings = load_settings({"stackwright_data_dir": options.data_dir}).sandbox
    supervisor = EngineSupervisor(engine_config(settings))
    running = await supervisor.start()
    endpoint = Endpoint(running.api_key, running.api_url, running.sandbox_url)
    count = QUICK_COMMANDS if options.is_quick else COMMANDS
    try:
        async with SandboxHttp() as http:
            rows = [await _beside(bomb, endpoint, http, count) for bomb in BOMBS]
    finally:
        await supervisor.stop()
    return {"unit": "ms", "neighbours_command": rows}


async def _beside(bomb: str, endpoint: Endpoint, http: SandboxHttp, count: int) -> dict[str, Any]:
    progress(f"beside a bomb of {bomb}")
    calm = await control.create("base", {"bench": "calm"}, endpoint, http, 300)
    bombed = await control.create("base", {"bench": "bombed"}, endpoint, http, 300)
    quiet = summary(await _times(calm, count))
    with _exploding(BOMBS[bomb], bombed.id, endpoint):
        await asyncio.sleep(SETTLE_S)
        loud = summary(await _times(calm, count))
        await control.kill(bombed.id, endpoint)
    await control.kill(calm.id, endpoint)
    return {
        "bomb": bomb,
        "quiet_p50": quiet["p50"],
        "quiet_p95": quiet["p95"],
        "beside_p50": loud["p50"],
        "beside_p95": loud["p95"],
        "p95_ratio": round(loud["p95"] / quiet["p95"], 2),
    }


@contextlib.contextmanager
def _exploding(bomb: str, sandbox_id: str, endpoint: Endpoint) -> Generator[None]:
    """The bomb's own client is a process of its own: reading a flood must not slow who measures."""
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_explode, args=(bomb, sandbox_id, endpoint), daemon=True)
    process.start()
    try:
        yield
    finally:
        process.kill()
        process.join()


def _explode(bomb: str, sandbox_id: str, endpoint: Endpoint) -> None:
    asyncio.run(_run(bomb, sandbox_id, endpoint))


async def _run(bomb: str, sandbox_id: str, endpoint: Endpoint) -> None:
    async with SandboxHttp() as http:
        sandbox = await control.connect(sandbox_id, endpoint, http, 300)
        with contextlib.suppress(PlatformError):  # it is killed in the end
            await sandbox.run(bomb, cwd="/home/user")


async def _times(sandbox: Any, count: int) -> list[float]:
    taken: list[float] = []
    for _ in range(count):
        began = time.perf_counter()
        await sandbox.run("echo here", cwd="/")
        taken.append((time.perf_counter() - began) * 1000)
    return taken
