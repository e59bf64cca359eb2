"""Requests to the internet that cannot be turned against this machine or its network.

A name is resolved once, every address is checked, and the checked address is dialled; the socket
itself refuses any other. Each redirect is checked again. Size and time are bounded.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from stackwright.core.compression import ACCEPTED, decompressed

MAX_BYTES = 2_000_000
MAX_REDIRECTS = 5
TIMEOUT_S = 20.0
REDIRECTS = frozenset({301, 302, 303, 307, 308})

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class RequestRefused(Exception):
    """The address is not one that may be asked."""


@dataclass(frozen=True, slots=True)
class Page:
    url: str
    status: int
    content_type: str
    charset: str
    body: bytes
    was_cut: bool


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, in every form it can hide in."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = _inside(parsed)
        if inner is not None:
            return is_public(str(inner))
        if parsed.is_site_local or parsed.scope_id is not None:
            return False
    return parsed.is_global and not (
        parsed.is_multicast or parsed.is_reserved or parsed.is_unspecified
    )


def _inside(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for."""
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


@dataclass(frozen=True, slots=True)
class Guard:
    """Reads pages whose address passes `is_allowed` and whose port is among `ports`."""

    is_allowed: Callable[[str], bool] = is_public
    ports: frozenset[int] = frozenset({80, 443})

    async def fetch(self, url: str) -> Page:
        """GET a page. Raises RequestRefused, BodyDamaged, aiohttp.ClientError, OSError or
        TimeoutError."""
        connector = aiohttp.TCPConnector(
            resolver=_CheckedResolver(self.is_allowed),
            socket_factory=self._socket,
            use_dns_cache=False,
        )
        async with (
            asyncio.timeout(TIMEOUT_S),
            aiohttp.ClientSession(
                connector=connector,
                trust_env=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                headers={"Accept-Encoding": ACCEPTED},
            ) as session,
        ):
            return await self._follow(session, _parsed(url))

    async def _follow(self, session: aiohttp.ClientSession, url: URL) -> Page:
        for _ in range(MAX_REDIRECTS + 1):
            self.check(url)
            async with session.get(url, allow_redirects=False) as response:
                location = response.headers.get("location")
                if response.status not in REDIRECTS or not location:
                    return await _read(url, response)
                url = url.join(_parsed(location))
        raise RequestRefused("The page redirects too often.")

    def check(self, url: URL) -> None:
        """Raise RequestRefused for a scheme, port, user part or literal address that is not read.

        The URL checked is the very object that is dialled, so no second parser can disagree."""
        if url.scheme not in ("http", "https") or not url.host:
            raise RequestRefused("Only http and https addresses can be read.")
        if url.user is not None or url.password is not None:
            raise RequestRefused("Addresses with a user name or password are not read.")
        if url.port not in self.ports:
            raise RequestRefused(f"Port {url.port} is not read.")
        if _looks_numeric(url.host) and not self.is_allowed(url.host):
            raise _refused(url.host)

    def _socket(self, info: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, address = info
        if not self.is_allowed(str(address[0])):
            raise _refused(str(address[0]))
        return socket.socket(family=family, type=kind, proto=protocol)


class _CheckedResolver(AbstractResolver):
    """Resolves names and refuses unless every address is allowed; what it returns is dialled."""

    def __init__(self, is_allowed: Callable[[str], bool]) -> None:
        self._is_allowed = is_allowed

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)
        addresses = {str(info[4][0]) for info in found}
        if not addresses or not all(self._is_allowed(address) for address in addresses):
            raise _refused(host)
        return [
            ResolveResult(
                hostname=host,
                host=str(info[4][0]),
                port=port,
                family=info[0],
                proto=info[2],
                flags=socket.AI_NUMERICHOST,
            )
            for info in found
        ]

    async def close(self) -> None:
        pass


def _refused(host: str) -> RequestRefused:
    return RequestRefused(f"{host} is not an address of the public internet.")


def _parsed(url: str) -> URL:
    try:
        return URL(url)
    except ValueError as error:
        raise RequestRefused(f"{url[:200]!r} is not an address.") from error


def _looks_numeric(host: str) -> bool:
    """IP literals in any spelling (decimal, hex, short forms), which resolvers would accept."""
    if ":" in host:
        return True
    last = host.rstrip(".").rsplit(".", 1)[-1]
    return last.isdigit() or last.lower().startswith("0x")


async def _read(url: URL, response: aiohttp.ClientResponse) -> Page:
    body, was_cut = await read_body(response)
    return Page(
        url=str(url),
        status=response.status,
        content_type=response.content_type,
        charset=response.charset or "utf-8",
        body=body,
        was_cut=was_cut,
    )


async def read_body(response: aiohttp.ClientResponse) -> tuple[bytes, bool]:
    """At most MAX_BYTES of the answer's body, decompressed, and whether it has more. The session must
    not decompress by itself: it does so without a bound. Raises BodyDamaged."""
    raw = bytearray()
    async for chunk in response.content.iter_chunked(65536):
        raw += chunk
        if len(raw) > MAX_BYTES:
            break
    encodings = response.headers.get("Content-Encoding", "")
    body = await asyncio.to_thread(decompressed, bytes(raw), encodings, max_bytes=MAX_BYTES + 1)
    return body[:MAX_BYTES], max(len(raw), len(body)) > MAX_BYTES
