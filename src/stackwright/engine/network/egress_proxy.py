"""The only way out of a sandbox: a CONNECT proxy with a list of allowed hosts.

Each sandbox has its own unix socket. A name is resolved once, every address it has is checked
against the operator's policy and the sandbox's own rules, and a checked address is dialled, so a
name cannot change its meaning in between.
"""

import asyncio
import contextlib
import functools
import ipaddress
import logging
import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from stackwright.core.tasks import spawn
from stackwright.engine.http1 import (
    MAX_HEAD_BYTES,
    HttpError,
    Request,
    Responder,
    read_request,
)
from stackwright.engine.network.rate_limit import RateLimit
from stackwright.engine.network.rules import (
    Address,
    NetworkRules,
    matches_host,
    without_translation,
)
from stackwright.engine.network.traffic_budget import TrafficBudget
from stackwright.engine.pipes import pipe_both_ways

RESOLVE_TIMEOUT_S = 10.0
LOOKUPS = 2
LOOKUPS_AT_ONCE = 2
MAX_REMEMBERED = 256
REMEMBERED_S = 30.0
CONNECT_TIMEOUT_S = 15.0
MAX_CONNECTIONS = 256
MAX_ACCEPTED_PER_S = 100
BACKLOG = 1024
BREATH_S = 0.5
HEAD_TIMEOUT_S = 30.0
LONGEST_NAME = 253
MAX_TOLD, TOLD_PERIOD_S = 20, 60.0
"""At most 20 refusals of a sandbox are logged per minute."""
ALLOWED_PORTS = (443,)
_PRIVATE = tuple(
    ipaddress.ip_network(block)
    for block in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/3"),
        # Not those for documentation: nobody's network is there, and closed ones put mirrors there.
        *("192.88.99.0/24", "::/96", "64:ff9b:1::/48", "100::/64", "2001::/32", "2001:db8::/32"),
        *("fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"),
    )
)

_LOOKUP_THREADS = ThreadPoolExecutor(256, "lookup")
"""Threads of their own: lookups that hang would occupy the engine's other threads."""

log = logging.getLogger(__name__)


class Refused(Exception):
    """The connection is not allowed; the text is shown to the program that asked."""


@dataclass(frozen=True)
class EgressPolicy:
    """The operator's policy for all sandboxes: allowed host patterns, and `address:port` of services in
    private networks that may be reached too."""

    allow: tuple[str, ...]
    private: tuple[str, ...] = ()

    def check_host(self, host: str, port: int) -> None:
        name = host.lower().rstrip(".")
        if self._is_open(name, port):
            return
        if port not in ALLOWED_PORTS and not any(e.endswith(f":{port}") for e in self.private):
            raise Refused(f"port {port} is not allowed, only {ALLOWED_PORTS}")
        if not any(matches_host(name, pattern.lower()) for pattern in self.allow):
            raise Refused(f"host {host!r} is not on the list of allowed hosts")

    def check_address(self, host: str, address: str, port: int) -> None:
        if self._is_open(address, port):
            return
        if port not in ALLOWED_PORTS:
            raise Refused(f"port {port} is not allowed, only {ALLOWED_PORTS}")
        if is_private(ipaddress.ip_address(address)):
            raise Refused(f"host {host!r} resolves to a private address")

    def _is_open(self, address: str, port: int) -> bool:
        return f"{address}:{port}" in self.private


def is_private(address: Address) -> bool:
    """Loopback, link-local, private and multicast ranges, however they are written in IPv6."""
    real = without_translation(address)
    return any(real.version == block.version and real in block for block in _PRIVATE)


@dataclass(slots=True)
class Resolver:
    """Looks a host up once for all who ask within `REMEMBERED_S`; a package manager asks fifty times.

    What was looked up is checked again each time it is used, and only checked addresses are dialled.
    A sandbox waits for its own lookups, never for those of another.
    """

    _at_once: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(LOOKUPS_AT_ONCE))

    _found: dict[str, tuple[float, asyncio.Task[list[str]]]] = field(
        default_factory=dict[str, tuple[float, "asyncio.Task[list[str]]"]]
    )

    async def addresses(self, host: str, port: int) -> list[str]:
        """The host's addresses, at least one. Refused when it has none."""
        now = asyncio.get_running_loop().time()
        until, lookup = self._found.get(host, (0.0, None))
        if lookup is None or until < now or (lookup.done() and _has_failed(lookup)):
            if len(self._found) >= MAX_REMEMBERED:
                self._found.pop(next(iter(self._found)))
            lookup = spawn(self._look_up(host, port), name="egress lookup")
            self._found[host] = (now + REMEMBERED_S, lookup)
        found = await asyncio.shield(lookup)
        if not found:
            raise Refused(f"host {host!r} cannot be resolved")
        return found

    async def _look_up(self, host: str, port: int) -> list[str]:
        """Every address; none when the name has none or the resolver stays silent twice."""
        loop = asyncio.get_running_loop()
        ask = functools.partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        async with self._at_once:
            for _ in range(LOOKUPS):
                try:
                    async with asyncio.timeout(RESOLVE_TIMEOUT_S):
                        found = await loop.run_in_executor(_LOOKUP_THREADS, ask)
                except (OSError, TimeoutError):
                    continue
                except ValueError:
                    break  # no name at all: a zero byte, a label that is too long
                return list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))
            return []


def _has_failed(lookup: asyncio.Task[list[str]]) -> bool:
    return lookup.cancelled() or not lookup.result()


class EgressProxy:
    """Serves one sandbox on `socket_path` until closed. New `rules` hold for new connections.

    Programs inside connect as often as they like; what that costs all others is bounded by taking
    no more at once, and no more in a second, than package managers need. The rest waits.
    """

    def __init__(self, policy: EgressPolicy, rules: NetworkRules, sandbox_id: str) -> None:
        self.rules = rules
        self._policy = policy
        self._resolver = Resolver()
        self._sandbox_id = sandbox_id
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._accepting: asyncio.Task[None] | None = None
        self._room = asyncio.Semaphore(MAX_CONNECTIONS)
        self._accept_rate = RateLimit(MAX_ACCEPTED_PER_S)
        self._traffic_budget = TrafficBudget()
        self._log_rate = RateLimit(MAX_TOLD, TOLD_PERIOD_S)

    def start(self, socket_path: Path) -> None:
        self._listener.setblocking(False)
        self._listener.bind(str(socket_path))
        self._listener.listen(BACKLOG)
        self._accepting = spawn(self._accept_forever(), name="egress door")
        self._accepting.add_done_callback(lambda _: self._listener.close())

    def close(self) -> None:
        """Closes soon, not at once: closing a socket that the loop still watches would hide events of the next
        socket with the same descriptor number."""
        if self._accepting is None:
            self._listener.close()
        else:
            self._accepting.cancel()

    async def _accept_forever(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._room.acquire()
            await self._accept_rate.wait()
            try:
                connection, _ = await loop.sock_accept(self._listener)
            except OSError:  # of descriptors there are none left just now
                self._room.release()
                await asyncio.sleep(BREATH_S)
                continue
            serving = spawn(self._serve(connection), name="egress connection")
            serving.add_done_callback(lambda _: self._room.release())

    async def _serve(self, connection: socket.socket) -> None:
        reader, writer = await asyncio.open_unix_connection(sock=connection, limit=MAX_HEAD_BYTES)
        responder = Responder(writer)
        try:
            async with asyncio.timeout(HEAD_TIMEOUT_S):
                request = await read_request(reader)
            if request is not None:
                upstream = await self._dial(request)
                writer.write(b"HTTP/1.1 200 Connection Established\r\n\r\n")
                try:
                    await pipe_both_ways(
                        (reader, writer), upstream, self._traffic_budget.pay_for_block
                    )
                finally:
                    upstream[1].close()
        except Refused as refusal:
            if not self._log_rate.take():
                told = {"sandbox_id": self._sandbox_id, "why": str(refusal)}
                log.info("egress_refused", extra=told)
            await _refuse(responder, 403, str(refusal))
        except HttpError as error:
            await _refuse(responder, error.status, error.message)
        except (OSError, TimeoutError) as error:
            await _refuse(responder, 502, f"cannot connect: {error}")
        finally:
            writer.close()

    async def _dial(self, request: Request) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if request.method != "CONNECT":
            raise Refused("only https is allowed (CONNECT)")
        host, _, port_text = request.target.rpartition(":")
        if not (port_text.isascii() and port_text.isdecimal() and len(port_text) <= 5):
            raise HttpError(400, "malformed CONNECT target")
        host, port = host.strip("[]"), int(port_text)
        if len(host) > LONGEST_NAME:
            raise HttpError(400, "the host's name is too long")
        failure: OSError | None = None
        for address in await self._permitted(host, port):
            try:
                async with asyncio.timeout(CONNECT_TIMEOUT_S):
                    connection = await asyncio.open_connection(address, port)
            except OSError as error:
                failure = error
                continue
            log.debug("egress", extra={"sandbox_id": self._sandbox_id, "host": host})
            return connection
        raise failure or OSError("no address")

    async def _permitted(self, host: str, port: int) -> list[str]:
        """The addresses to try. Refused when there is none, or one that nobody may reach."""
        self._policy.check_host(host, port)
        found = await self._resolver.addresses(host, port)
        for address in found:
            self._policy.check_address(host, address, port)
        permitted = [a for a in found if self.rules.permits(host, ipaddress.ip_address(a))]
        if not permitted:
            raise Refused(f"the network rules of this sandbox deny {host!r}")
        return permitted


async def _refuse(responder: Responder, status: int, message: str) -> None:
    if not responder.started:
        with contextlib.suppress(ConnectionError):
            await responder.send_json(
                status, {"code": status, "message": message}, {"X-Proxy-Error": "refused"}
            )
