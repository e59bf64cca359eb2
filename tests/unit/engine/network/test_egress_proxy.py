import asyncio
import ipaddress
from pathlib import Path

import pytest

from stackwright.engine.config import PACKAGE_REGISTRIES
from stackwright.engine.network.egress_proxy import EgressPolicy, EgressProxy, Refused, is_private
from stackwright.engine.network.rules import NetworkRules


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
