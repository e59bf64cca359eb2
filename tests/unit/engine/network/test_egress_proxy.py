import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator, Iterator
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import pytest

from stackwright.engine.config import PACKAGE_REGISTRIES
from stackwright.engine.network import egress_proxy
from stackwright.engine.network.egress_proxy import EgressPolicy, EgressProxy, Refused, is_private
from stackwright.engine.network.rules import NetworkRules

PUBLIC = "93.184.216.34"
PRIVATE = ("127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1", "64:ff9b::a00:1")
NAME = "rebinding.example"


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "0.0.0.0"),
        *("169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255", "198.18.0.1"),
        *("::1", "::", "fe80::1", "fc00::1", "fd12::1", "ff02::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"),
    ],
)
def test_private_addresses_are_known_in_every_notation(address: str) -> None:
    assert is_private(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1"])
def test_public_addresses_are_not_private(address: str) -> None:
    assert not is_private(ipaddress.ip_address(address))


@pytest.mark.parametrize("host", PACKAGE_REGISTRIES)
def test_the_package_registries_are_allowed_by_default(host: str) -> None:
    EgressPolicy(PACKAGE_REGISTRIES).check_host(host.upper() + ".", 443)


@pytest.mark.parametrize(
    ("host", "port"),
    [("example.com", 443), ("evil-a.test", 443), ("a.test", 80), ("a.test.evil.com", 443)],
)
def test_other_hosts_and_ports_are_refused(host: str, port: int) -> None:
    with pytest.raises(Refused):
        EgressPolicy(("a.test", "*.b.test")).check_host(host, port)


def test_a_star_stands_for_everything_below_a_name_but_not_the_name() -> None:
    policy = EgressPolicy(("*.b.test",))
    policy.check_host("x.y.b.test", 443)
    for host in ("b.test", "xb.test"):
        with pytest.raises(Refused):
            policy.check_host(host, 443)


def test_a_service_in_a_private_network_is_open_at_its_port_alone() -> None:
    policy = EgressPolicy(("mirror.test",), ("10.0.0.9:8443",))
    policy.check_host("10.0.0.9", 8443)
    policy.check_host("mirror.test", 8443)
    policy.check_address("mirror.test", "10.0.0.9", 8443)
    for address, port in (("10.0.0.9", 443), ("10.0.0.8", 8443), ("8.8.8.8", 8443)):
        with pytest.raises(Refused):
            policy.check_address("mirror.test", address, port)
    with pytest.raises(Refused):
        policy.check_host("other.test", 8443)


async def test_the_connection_after_a_closed_door_is_heard(tmp_path: Path) -> None:
    """Closed at once, the door's socket would leave its number to a connection that the loop never
    reads from."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.readexactly(4))
        await reader.read()
        writer.close()

    address = str(tmp_path / "echo.sock")
    async with await asyncio.start_unix_server(echo, address):
        for number in range(5):
            proxy = EgressProxy(EgressPolicy(()), NetworkRules(), "sandbox")
            proxy.start(tmp_path / f"{number}.egress")
            await asyncio.sleep(0.01)
            proxy.close()
            reader, writer = await asyncio.open_unix_connection(address)
            writer.write(b"ping")
            assert await asyncio.wait_for(reader.readexactly(4), 2) == b"ping"
            writer.close()
            await writer.wait_closed()


class World:
    """Names mean a public address when they are checked and may mean a private one when they are dialled:
    as `answers` says, one after the other. Connections are only noted."""

    def __init__(self) -> None:
        self.answers: Iterator[list[str]] = repeat([PUBLIC])
        self.dialled: list[str] = []

    def look_up(self, host: str, port: int, **_: Any) -> list[Any]:
        del host
        kind = socket.SOCK_STREAM
        return [(socket.AF_INET, kind, 6, "", (address, port)) for address in next(self.answers)]

    async def dial(self, address: str, port: int, **_: Any) -> Any:
        del port
        self.dialled.append(address)
        raise ConnectionRefusedError


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    world = World()
    monkeypatch.setattr(egress_proxy.socket, "getaddrinfo", world.look_up)
    monkeypatch.setattr(egress_proxy.asyncio, "open_connection", world.dial)
    return world


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Path]:
    policy = EgressPolicy(("*",))
    rules = NetworkRules.parsed({}, allow_internet=True)
    proxy = EgressProxy(policy, rules, "sandbox")
    proxy.start(tmp_path / "egress")
    yield tmp_path / "egress"
    proxy.close()


async def ask(door: Path) -> bytes:
    reader, writer = await asyncio.open_unix_connection(str(door))
    writer.write(f"CONNECT {NAME}:443 HTTP/1.1\r\nHost: {NAME}\r\n\r\n".encode())
    async with asyncio.timeout(10):
        status = await reader.readline()
    writer.close()
    return status.split(b" ")[1]


@pytest.mark.parametrize("private", PRIVATE)
async def test_a_name_that_changes_its_meaning_is_dialled_as_it_was_checked(
    world: World, door: Path, private: str
) -> None:
    world.answers = chain([[PUBLIC]], repeat([private]))
    for _ in range(3):
        assert await ask(door) == b"502"
    assert world.dialled == [PUBLIC] * 3


@pytest.mark.parametrize("private", PRIVATE)
async def test_what_is_private_when_it_is_looked_up_again_is_refused(
    world: World, door: Path, private: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(egress_proxy, "REMEMBERED_S", 0.0)
    world.answers = chain([[PUBLIC]], repeat([private]))
    assert [await ask(door) for _ in range(3)] == [b"502", b"403", b"403"]
    assert world.dialled == [PUBLIC]


@pytest.mark.parametrize("private", PRIVATE)
async def test_one_private_address_among_public_ones_is_one_too_many(
    world: World, door: Path, private: str
) -> None:
    world.answers = repeat([PUBLIC, private])
    assert await ask(door) == b"403"
    assert world.dialled == []
