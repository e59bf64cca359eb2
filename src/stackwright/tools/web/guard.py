"""Requests to the internet that cannot be turned against this machine or its network.

The name is resolved once, every address is checked, and the checked address is dialled; each
redirect is checked again. Size and time are bounded.
"""

import asyncio
import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

MAX_BYTES = 2_000_000
MAX_REDIRECTS = 5
TIMEOUT_S = 20.0
ALLOWED_PORTS = frozenset({80, 443})


class RequestRefused(Exception):
    """The address is not one that may be asked."""


@dataclass(frozen=True, slots=True)
class Page:
    url: str
    status: int
    content_type: str
    body: bytes
    was_cut: bool


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, in every form it can hide in."""
    try:
        parsed = ipaddress.ip_address(address.split("%", 1)[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = parsed.ipv4_mapped or parsed.sixtofour or (parsed.teredo or (None, None))[1]
        if inner is None and parsed in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)
        if inner is not None and not inner.is_global:
            return False
    return parsed.is_global and not parsed.is_multicast


class PublicResolver(AbstractResolver):
    """Resolves names and refuses unless every address is public; what it returns is dialled."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)
        addresses = {str(info[4][0]) for info in found}
        if not addresses or not all(is_public(address) for address in addresses):
            raise RequestRefused(f"{host} is not an address of the public internet.")
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


def check_url(url: str) -> None:
    """Raise RequestRefused for a scheme, port, user part or literal address that may not be used."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise RequestRefused("Only http and https addresses can be read.")
    if parts.username or parts.password:
        raise RequestRefused("Addresses with a user name or password are not read.")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    if port not in ALLOWED_PORTS:
        raise RequestRefused(f"Port {port} is not read.")
    host = parts.hostname
    if _looks_numeric(host) and not is_public(host):
        raise RequestRefused(f"{host} is not an address of the public internet.")


def _looks_numeric(host: str) -> bool:
    """IP literals in any spelling (decimal, hex, short forms), which resolvers would accept."""
    if ":" in host:
        return True
    last = host.rstrip(".").rsplit(".", 1)[-1]
    return last.isdigit() or last.lower().startswith("0x")


async def fetch(url: str) -> Page:
    """GET a page. Raises RequestRefused, aiohttp.ClientError or TimeoutError."""
    connector = aiohttp.TCPConnector(resolver=PublicResolver(), use_dns_cache=False)
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
    async with aiohttp.ClientSession(
        connector=connector, timeout=timeout, trust_env=False
    ) as session:
        for _ in range(MAX_REDIRECTS + 1):
            check_url(url)
            async with session.get(url, allow_redirects=False) as response:
                location = response.headers.get("location")
                if response.status in (301, 302, 303, 307, 308) and location:
                    url = urljoin(url, location)
                    continue
                return await _read(url, response)
    raise RequestRefused("The page redirects too often.")


async def _read(url: str, response: aiohttp.ClientResponse) -> Page:
    body = bytearray()
    async for chunk in response.content.iter_chunked(65536):
        body += chunk
        if len(body) > MAX_BYTES:
            break
    return Page(
        url=url,
        status=response.status,
        content_type=response.content_type,
        body=bytes(body[:MAX_BYTES]),
        was_cut=len(body) > MAX_BYTES,
    )
