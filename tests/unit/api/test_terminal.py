import asyncio
import base64
from contextlib import AbstractContextManager, nullcontext
from types import SimpleNamespace
from typing import Any, cast

from stackwright.api.deps import Owned
from stackwright.api.terminal import frames
from stackwright.core.ids import ProjectId, UserId


def open_page(user: str, project: str) -> AbstractContextManager[None]:
    del user, project
    return nullcontext()


class Shell:
    pid = 7

    def __init__(self) -> None:
        self.has_ended = asyncio.Event()
        self.is_closed = asyncio.Event()

    async def wait(self) -> None:
        await self.has_ended.wait()

    async def close(self) -> None:
        self.is_closed.set()


def told(shell: Shell, pieces: asyncio.Queue[bytes | None]) -> Any:
    services: Any = SimpleNamespace(
        sandboxes=SimpleNamespace(with_open_page=open_page),
        stopping=asyncio.Event(),
        server=SimpleNamespace(stream_heartbeat_s=30),
    )
    owned = Owned(UserId("ann"), ProjectId("shop"))
    return frames(services, owned, cast("Any", shell), pieces)


async def test_a_shells_words_come_in_order_until_it_ends() -> None:
    shell, pieces = Shell(), asyncio.Queue[bytes | None](4)
    stream = told(shell, pieces)
    assert await anext(stream) == b"event: open\ndata: 7\n\n"
    await pieces.put(b"a\nb\xff")
    assert base64.b64decode((await anext(stream)).removeprefix(b"data: ")) == b"a\nb\xff"
    shell.has_ended.set()
    assert await anext(stream) == b"event: closed\ndata: \n\n"
    assert [frame async for frame in stream] == []
    await shell.is_closed.wait()


async def test_a_shell_ends_when_its_reader_leaves() -> None:
    shell, pieces = Shell(), asyncio.Queue[bytes | None](4)
    stream = told(shell, pieces)
    await anext(stream)
    await stream.aclose()
    await shell.is_closed.wait()
