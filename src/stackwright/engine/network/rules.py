"""The rules one sandbox's creator set for its way out; they narrow what the operator allows."""

import ipaddress
import re
from dataclasses import dataclass
from typing import Any, cast

from stackwright.engine.errors import BadRequest

ALL_TRAFFIC = "0.0.0.0/0"
EGRESS_FIELDS = ("allowOut", "denyOut", "dnsServers", "egressProxy", "rules")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_KEPT = ("allowOut", "denyOut", "allowPublicTraffic", "httpsPorts", "maskRequestHost")
_HOST_NAME = re.compile(r"(\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_-]+)*")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Block = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class NetworkRules:
    """What is allowed takes precedence over what is denied; the rest is allowed."""

    allowed_hosts: tuple[str, ...] = ()
    allowed: tuple[Block, ...] = ()
    denied: tuple[Block, ...] = ()

    @classmethod
    def parsed(cls, network: dict[str, Any], *, allow_internet: bool | None) -> "NetworkRules":
        """Raises BadRequest for rules that mean nothing."""
        _check_mask(network.get("maskRequestHost"))
        _check_ports(network.get("httpsPorts"))
        hosts: list[str] = []
        allowed: list[Block] = []
        for entry in _texts(network, "allowOut"):
            if (block := _block(entry)) is not None:
                allowed.append(block)
            elif _HOST_NAME.fullmatch(entry.lower()):
                hosts.append(entry.lower())
            else:
                raise BadRequest(f"network.allowOut {entry!r} is no address, block or host name")
        denied = [_denied(entry) for entry in _texts(network, "denyOut")]
        everything = ipaddress.ip_network(ALL_TRAFFIC)
        if hosts and everything not in denied:
            raise BadRequest(
                "network.allowOut names hosts; denyOut must then hold all traffic (0.0.0.0/0)"
            )
        if allow_internet is False:
            denied.append(everything)
        if everything in denied:
            denied.append(ipaddress.ip_network("::/0"))
        return cls(tuple(hosts), tuple(allowed), tuple(denied))

    def permits(self, host: str, address: Address) -> bool:
        """Whether `address`, found under the name `host`, may be dialled."""
        name = host.lower().rstrip(".")
        if any(matches_host(name, pattern) for pattern in self.allowed_hosts):
            return True
        forms = {address, without_translation(address)}
        return any(_is_in(form, self.allowed) for form in forms) or not any(
            _is_in(form, self.denied) for form in forms
        )


def refuse_unkept(network: dict[str, Any]) -> None:
    """For what a client asks: what is asked for and not done would be a promise. A sandbox that was
    made with it goes on. Raises BadRequest."""
    for name, value in network.items():
        if value and name not in _KEPT:
            raise BadRequest(f"network.{name} is not supported by this engine")


def without_translation(address: Address) -> Address:
    """The IPv4 address that some IPv6 addresses stand for, else the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def matches_host(name: str, pattern: str) -> bool:
    """`*.a.b` stands for everything below a.b, `*` for every name."""
    if pattern.startswith("*."):
        return name.endswith(pattern[1:])
    return pattern in ("*", name)


def _is_in(address: Address, blocks: tuple[Block, ...]) -> bool:
    return any(address.version == block.version and address in block for block in blocks)


def _denied(entry: str) -> Block:
    block = _block(entry)
    if block is None:
        raise BadRequest(f"network.denyOut {entry!r} is no address and no block of addresses")
    return block


def _block(entry: str) -> Block | None:
    try:
        return ipaddress.ip_network(entry, strict=False)
    except ValueError:
        return None


def _check_mask(mask: object) -> None:
    if mask and not (isinstance(mask, str) and mask.isascii() and mask.isprintable()):
        raise BadRequest(f"network.maskRequestHost {mask!r} is no host")


def _check_ports(ports: object) -> None:
    values = cast(list[object], ports) if isinstance(ports, list) else []
    if ports and not (values and all(type(port) is int and 0 < port < 65536 for port in values)):
        raise BadRequest(f"network.httpsPorts {ports!r} is no list of ports")


def _texts(network: dict[str, Any], name: str) -> list[str]:
    values: object = network.get(name) or []
    if not isinstance(values, list):
        raise BadRequest(f"network.{name} is not a list")
    texts = cast(list[object], values)
    if not all(isinstance(text, str) for text in texts):
        raise BadRequest(f"network.{name} may hold strings only")
    return cast(list[str], texts)
