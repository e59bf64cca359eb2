import ipaddress
from typing import Any

import pytest

from stackwright.engine.errors import BadRequest
from stackwright.engine.network.rules import NetworkRules, matches_host, refuse_unkept


def rules(allow_internet: bool | None = None, **network: Any) -> NetworkRules:
    return NetworkRules.parsed(network, allow_internet=allow_internet)


def permits(given: NetworkRules, host: str, address: str = "8.8.8.8") -> bool:
    return given.permits(host, ipaddress.ip_address(address))


def test_without_rules_everything_is_permitted() -> None:
    assert permits(rules(), "a.test")
    assert permits(rules(allow_internet=True), "a.test", "2001:db8::1")


def test_without_internet_nothing_is_permitted_in_either_family() -> None:
    for address in ("8.8.8.8", "2001:db8::1"):
        assert not permits(rules(allow_internet=False), "a.test", address)
        assert not permits(rules(denyOut=["0.0.0.0/0"]), "a.test", address)


def test_denied_blocks_leave_the_rest_open() -> None:
    given = rules(denyOut=["8.8.8.0/24", "2001:db8::/32"])
    assert not permits(given, "a.test", "8.8.8.8")
    assert not permits(given, "a.test", "2001:db8::1")
    assert permits(given, "a.test", "8.8.9.8")


@pytest.mark.parametrize("form", ["::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::"])
def test_an_address_is_denied_and_allowed_in_every_form(form: str) -> None:
    assert not permits(rules(denyOut=["8.8.8.8"]), "a.test", form)
    assert permits(rules(denyOut=["0.0.0.0/0"], allowOut=["8.8.8.8"]), "a.test", form)


def test_what_is_allowed_takes_precedence() -> None:
    given = rules(denyOut=["0.0.0.0/0"], allowOut=["8.8.8.8", "1.1.0.0/16", "*.b.test", "C.test"])
    assert permits(given, "a.test", "8.8.8.8")
    assert permits(given, "a.test", "1.1.2.3")
    assert permits(given, "x.b.test", "9.9.9.9")
    assert permits(given, "c.TEST.", "9.9.9.9")
    assert not permits(given, "b.test", "9.9.9.9")


@pytest.mark.parametrize(
    "network",
    [
        {"allowOut": ["a.test"]},
        {"allowOut": ["a.test"], "denyOut": ["8.8.8.8"]},
        {"denyOut": ["a.test"]},
        {"allowOut": ["a b"], "denyOut": ["0.0.0.0/0"]},
        {"allowOut": "8.8.8.8"},
        {"denyOut": [8]},
        {"maskRequestHost": "a\r\nX-Evil: 1"},
    ],
)
def test_rules_that_cannot_be_kept_are_refused(network: dict[str, Any]) -> None:
    with pytest.raises(BadRequest):
        NetworkRules.parsed(network, allow_internet=None)


@pytest.mark.parametrize(
    "network",
    [
        {"egressProxy": {"address": "proxy.test:1080"}},
        {"rules": {"a.test": [{"transform": {"headers": {"X": "y"}}}]}},
        {"dnsServers": ["8.8.8.8"]},
        {"somethingNew": True},
    ],
)
def test_what_this_engine_does_not_do_may_not_be_asked_for(network: dict[str, Any]) -> None:
    with pytest.raises(BadRequest, match="not supported by this engine"):
        refuse_unkept(network)
    refuse_unkept(dict.fromkeys(network))


@pytest.mark.parametrize(
    ("name", "pattern", "expected"),
    [
        ("a.test", "*", True),
        ("a.test", "a.test", True),
        ("x.y.b.test", "*.b.test", True),
        ("b.test", "*.b.test", False),
        ("xb.test", "*.b.test", False),
    ],
)
def test_host_patterns(name: str, pattern: str, expected: bool) -> None:
    assert matches_host(name, pattern) is expected


@pytest.mark.parametrize("ports", [[True], [0], [65536], ["443"], 443])
def test_ports_are_numbers_of_ports(ports: object) -> None:
    with pytest.raises(BadRequest, match="httpsPorts"):
        rules(httpsPorts=ports)
    rules(httpsPorts=[443])
    rules(httpsPorts=None)
