"""The process tree of one booted sandbox: how it is reached, frozen and ended."""

import asyncio
import contextlib
import errno
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from weakref import WeakSet

from stackwright.core.tasks import spawn
from stackwright.engine.envd.port_forward import OPEN, PROXY_PORT
from stackwright.engine.errors import EngineBusy
from stackwright.engine.network.egress_proxy import EgressProxy
from stackwright.engine.network.rules import NetworkRules
from stackwright.engine.pipes import BLOCK_BYTES
from stackwright.engine.process_tree.freezer import Freezer
from stackwright.engine.process_tree.host_processes import Handle, children, handle

AGENT_PORT = 49983
AGENT_TIMEOUT_S = 5.0
PORT_TIMEOUT_S = 20.0
"""For the way to a port: what runs inside may take all processors for seconds, as a build does."""
AGENT_SILENCE_S = 10.0
"""An agent that is silent for that long is stopped or hangs; a busy host only slows it."""
DIAL_TRIES, DIAL_PAUSE_S = 20, 0.05
KEPT_LOG_BYTES, READ_BYTES, READ_PAUSE_S = 800, 65536, 0.05

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class ProcessTree:
    """The process tree of one booted sandbox."""

    OWN_PROCESSES = 2
    """The first two of `pids_inside` are bubblewrap and the agent."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        token: str,
        stem: Path,
        proxy: EgressProxy,
        group: Sequence[Path],
        cleanup: contextlib.AsyncExitStack,
    ) -> None:
        """`group` are the `cgroup.procs` files of its control groups. `cleanup` runs when the tree has
        ended."""
        self._process = process
        self._token = token
        self._stem = stem
        self._proxy = proxy
        self.group = group
        self._freezer = Freezer(group, self.pids_inside)
        self._output = b""
        self._cleanup = cleanup
        self._outer = handle(process.pid)
        self._first: Handle | None = None
        self._is_told_to_stop = False
        self._connections: WeakSet[asyncio.StreamWriter] = WeakSet()
        self._listening = spawn(self._listen(), name=f"log of sandbox process {process.pid}")
        self._gone = spawn(self._watch_for_end(), name=f"end of sandbox process {process.pid}")

    def set_network_rules(self, rules: NetworkRules) -> None:
        """For connections made from now on."""
        self._proxy.rules = rules

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def first_pid(self) -> int:
        """The host's id of the first process inside, once it is ready; with it all others end."""
        return 0 if self._first is None else self._first.pid

    @property
    def is_alive(self) -> bool:
        """False as soon as it is told to stop, although a connection to it would still open."""
        return self._process.returncode is None and not self._is_told_to_stop

    async def exited(self) -> int:
        """Wait for the end of the process tree, whoever causes it."""
        return await asyncio.shield(self._gone)

    async def send_boot_message(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(ConnectionError):
            self._process.stdin.write(json.dumps(message).encode() + b"\n")
            await self._process.stdin.drain()
        self._process.stdin.close()

    async def ready(self) -> None:
        """Raises ConnectionError."""
        assert self._process.stdout is not None
        try:
            said = await self._process.stdout.readline()
        except ValueError as error:
            raise ConnectionError("the agent says something else") from error
        if said.strip() != b"ready":
            raise ConnectionError("the agent ended before it was ready")
        self._find_first()

    async def connect(self, port: int) -> Connection | None:
        """A connection to a port inside, the agent's own included; None when nothing listens there that
        visitors may reach: the proxy for the way out is for programs inside. Raises EngineBusy."""
        if port == PROXY_PORT:
            return None
        connection = await _dial(
            self._stem.with_suffix(".agent" if port == AGENT_PORT else ".ports")
        )
        if connection is None:
            return None
        reader, writer = connection
        self._connections.add(writer)
        if port == AGENT_PORT:
            return connection
        # the agent is a program among those inside, which may have stopped it
        with contextlib.suppress(OSError):
            try:
                async with asyncio.timeout(PORT_TIMEOUT_S):
                    writer.write(b"%d\n" % port)
                    if await reader.read(1) == OPEN:
                        return connection
            except TimeoutError:
                writer.close()
                raise EngineBusy("the sandbox does not answer just now") from None
        writer.close()
        return None

    def drop_connections(self) -> None:
        """Close all connections, so that no client waits for an answer of a frozen sandbox."""
        for writer in list(self._connections):
            writer.transport.abort()

    async def ask_agent(self, path: str, body: dict[str, Any]) -> bool:
        """Whether the agent did what is posted to `path`, in reasonable time."""
        payload = json.dumps(body).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: agent\r\nX-Access-Token: {self._token}\r\n"
            f"Content-Length: {len(payload)}\r\nConnection: close\r\n\r\n"
        )
        try:
            return await self._is_answered(head.encode() + payload, AGENT_TIMEOUT_S)
        except EngineBusy:
            return False

    async def is_answering(self) -> bool:
        """Whether the agent answers; a socket takes connections also while it stands still. Raises
        EngineBusy."""
        head = b"GET /health HTTP/1.1\r\nHost: agent\r\nConnection: close\r\n\r\n"
        return await self._is_answered(head, AGENT_SILENCE_S)

    async def _is_answered(self, request: bytes, timeout_s: float) -> bool:
        connection = await self.connect(AGENT_PORT)
        if connection is None:
            return False
        reader, writer = connection
        try:
            async with asyncio.timeout(timeout_s):
                writer.write(request)
                return (await reader.readline()).startswith(b"HTTP/1.1 2")
        except (OSError, TimeoutError, ValueError):
            return False
        finally:
            writer.close()

    async def set_disk_full(self, *, limit_mb: int, reserve_bytes: int) -> None:
        """Programs started from now on may write small files only, the files API the reserve."""
        message = {"isFull": True, "limitMb": limit_mb, "reserveBytes": reserve_bytes}
        await self.ask_agent("/disk", message)

    async def set_disk_free(self) -> None:
        await self.ask_agent("/disk", {"isFull": False})

    async def freeze(self) -> bool:
        """Whether every process inside stands still, newly started ones too. Thaw it in any case."""
        return await self._freezer.freeze()

    def thaw(self) -> None:
        self._freezer.thaw()

    async def stop(self) -> None:
        """End the whole tree; returns when it is gone. Harmless when it already is."""
        self._is_told_to_stop = True
        if self._process.returncode is None:
            self._find_first()
            if self._first is not None:
                self._first.kill()
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
        await self.exited()

    def pids_inside(self) -> list[int]:
        """The host's ids of the processes in the sandbox."""
        found = [self._process.pid]
        for pid in found:
            found += children(pid)
        return found[1:]

    def log_tail(self) -> str:
        """What bubblewrap and the agent said last, on their way up or in trouble."""
        return self._output.decode(errors="replace").strip()

    async def _listen(self) -> None:
        """Read bubblewrap's error output. From a pipe and not a file, which programs inside could open; and
        slowly, because they can write to it without end."""
        if self._process.stderr is None:
            return
        while block := await self._process.stderr.read(READ_BYTES):
            self._output = (self._output + block)[-KEPT_LOG_BYTES:]
            await asyncio.sleep(READ_PAUSE_S)

    def _find_first(self) -> None:
        if self._first is None and (inside := children(self._process.pid)):
            self._first = handle(inside[0])

    async def _watch_for_end(self) -> int:
        """Wait for bubblewrap's end, then kill the first process inside, which ends all others. bubblewrap
        should do that itself, but programs inside share its user id and could prevent it."""
        if self._outer is not None:
            await self._outer.ended()
            self._outer.close()
        if self._first is not None:
            self._first.kill()
            await self._first.ended()
            self._first.close()
        status = await self._process.wait()
        await asyncio.wait({self._listening}, timeout=AGENT_TIMEOUT_S)
        await asyncio.to_thread(_remove_sockets, self._stem)
        spawn(self._cleanup.aclose(), name="give back what a sandbox had")
        return status


def _remove_sockets(stem: Path) -> None:
    for name in (".agent", ".ports", ".egress"):
        stem.with_suffix(name).unlink(missing_ok=True)


async def _dial(path: Path) -> Connection | None:
    """None when nothing listens, or the queue of waiting connections stays full. Raises EngineBusy."""
    for _ in range(DIAL_TRIES):
        try:
            connection = await asyncio.open_unix_connection(str(path), limit=BLOCK_BYTES)
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                raise EngineBusy("the engine has too many connections just now") from error
            return None
        if connection[1].get_extra_info("peername") is not None:
            return connection
        # asyncio takes a full queue for a connection
        connection[1].close()
        await asyncio.sleep(DIAL_PAUSE_S)
    return None
