"""A name that means a public address when it is checked and a private one when it is dialled."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import pytest

from stackwright.engine.network import egress_proxy
from stackwright.engine.network.egress_proxy import EgressPolicy, EgressProxy
from stackwright.engine.network.rules import NetworkRules

PUBLIC = "93.184.216.34"
PRIVATE = ("127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1", "64:ff9b::a00:1")
NAME = "rebinding.example"


class World:
    """Names as its answers say, one after the other; connections are only noted."""

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
