import asyncio
from typing import Any

import pytest

from stackwright.engine.envd.disk_limit import DiskLimit
from stackwright.engine.envd.errors import RpcError
from stackwright.engine.envd.process_service import relay_process
from stackwright.engine.envd.processes import Launch, Process, Processes
from stackwright.engine.http1 import Request


class SlowClient:
    """Takes the first message only when the process has ended, as on a busy machine."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self.taken: list[dict[str, Any]] = []

    async def send(self, message: dict[str, Any]) -> None:
        await self._process.reaped.wait()
        self.taken.append(message)


async def relayed(argv: list[str], timeout_s: float) -> list[dict[str, Any]]:
    launch = Launch({"cmd": argv[0]}, argv, "/", {}, timeout_s=timeout_s)
    process, subscriber = await Processes(DiskLimit()).start(launch)
    reader = asyncio.StreamReader()
    request = Request(b"POST / HTTP/1.1\r\nconnect-timeout-ms: 60000\r\n\r\n", reader)
    client: Any = SlowClient(process)
    await relay_process(process, subscriber, request, client, has_deadline=True)
    return client.taken


async def test_a_process_that_dies_of_its_deadline_is_told_as_timed_out() -> None:
    with pytest.raises(RpcError) as caught:
        await relayed(["/bin/sleep", "60"], timeout_s=0.05)
    assert caught.value.code == "deadline_exceeded"


async def test_a_process_that_ends_in_time_is_told_as_ended() -> None:
    taken = await relayed(["/bin/true"], timeout_s=60)
    assert taken[-1]["event"]["end"]["exitCode"] == 0
