"""A long body goes from one connection to the other inside the kernel: here, none of it is copied."""

import asyncio
import contextlib
import fcntl
import os
import socket
from collections.abc import Callable, Generator
from typing import NamedTuple

from stackwright.engine.http1 import CUT_OFF, Body, HttpError, Toll, connection_of

WORTH_BYTES = 1 << 20
"""Least length of a body for which a pipe is worth its making."""
PIPE_BYTES = 1 << 20


class TakesNoMore(Exception):
    """The connection to which the body goes has broken."""


def is_worth_splicing(body: Body, *writers: asyncio.StreamWriter) -> bool:
    """What is encrypted between here and there has to be read here."""
    is_plain = all(writer.get_extra_info("ssl_object") is None for writer in writers)
    return is_plain and body.left >= WORTH_BYTES


async def splice_body(
    body: Body, source: asyncio.StreamWriter, target: asyncio.StreamWriter, toll: Toll
) -> None:
    """Send what comes of `body` over the connection `source` on to `target`. Raises ConnectionError
    when it ends too early, TakesNoMore, and HttpError when descriptors are scarce."""
    with _channel(source, target) as channel:
        async for block in body.blocks_at_hand(connection_of(source)):
            await _write_out(target, block)
            await toll(len(block))
        await _move(channel, body.left, toll)
    body.left, body.finished = 0, True


class _Channel(NamedTuple):
    """Descriptors of its own, since the loop does not let others watch those of its connections."""

    source: int
    target: int
    inlet: int
    outlet: int


@contextlib.contextmanager
def _channel(
    source: asyncio.StreamWriter, target: asyncio.StreamWriter
) -> Generator[_Channel, None, None]:
    """Afterwards `source` reads on. Raises TakesNoMore, and HttpError when descriptors are scarce."""
    if target.is_closing():
        raise TakesNoMore
    ends = [writer.get_extra_info("socket") for writer in (source, target)]
    ends[1].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, PIPE_BYTES)
    with contextlib.ExitStack() as stack:
        try:
            outlet, inlet = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
            stack.callback(os.close, outlet)
            stack.callback(os.close, inlet)
            own = [stack.enter_context(end.dup()) for end in ends]
        except OSError as error:
            raise HttpError(503, "the engine has too many connections just now") from error
        with contextlib.suppress(OSError):  # an ordinary user may have only so many pages in pipes
            fcntl.fcntl(inlet, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        stack.callback(connection_of(source).resume_reading)
        yield _Channel(own[0].fileno(), own[1].fileno(), inlet, outlet)


async def _write_out(target: asyncio.StreamWriter, block: bytes) -> None:
    """Return when nothing waits to be sent: what is spliced would overtake it."""
    target.transport.set_write_buffer_limits(high=0)
    target.write(block)
    try:
        await target.drain()
    except OSError as error:
        raise TakesNoMore from error
    target.transport.set_write_buffer_limits()


async def _move(channel: _Channel, count: int, toll: Toll) -> None:
    loop = asyncio.get_running_loop()
    while count:
        try:
            taken = os.splice(channel.source, channel.inlet, min(count, PIPE_BYTES))
        except BlockingIOError:
            await _until(channel.source, loop.add_reader, loop.remove_reader)
            continue
        if not taken:
            raise ConnectionError(CUT_OFF)
        await _empty(channel, taken)
        await toll(taken)
        count -= taken


async def _empty(channel: _Channel, count: int) -> None:
    loop = asyncio.get_running_loop()
    while count:
        try:
            count -= os.splice(channel.outlet, channel.target, count)
        except BlockingIOError:
            await _until(channel.target, loop.add_writer, loop.remove_writer)
        except OSError as error:
            raise TakesNoMore from error


async def _until(
    descriptor: int,
    watch: Callable[[int, Callable[[], None]], None],
    leave: Callable[[int], bool],
) -> None:
    """Return when the descriptor is as `watch` watches for."""
    ready = asyncio.Event()
    watch(descriptor, ready.set)
    try:
        await ready.wait()
    finally:
        leave(descriptor)
