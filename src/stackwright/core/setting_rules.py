"""What the addresses among the settings must look like, and how wrong settings are told."""

import re
from ipaddress import ip_address, ip_network
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr, ValidationError
from pydantic_core import ErrorDetails

from stackwright.core import model_price

POSTGRES_SCHEMES = ("postgres", "postgresql", "postgresql+psycopg", "postgresql+asyncpg")
_MAX_SHOWN = 60
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\Z")


def _web_address(value: str) -> str:
    if not _has(value, ("http", "https"), needs_host=True):
        raise ValueError("must be an address with scheme and host, like https://host:3000")
    return value


def _host_name(value: str) -> str:
    if len(value) > 253 or not _HOST_NAME.match(value):
        raise ValueError("must be a host name like preview.example.org, without scheme and port")
    return value


def _listen_address(value: str) -> str:
    try:
        ip_address(value)
    except ValueError:
        return _host_name(value)
    return value


def _reachable_host(value: str) -> str:
    if not _HOST_NAME.match(value.removeprefix("*.")):
        raise ValueError("must be host names like api.example.org or *.example.org")
    return value


def _origin(value: str) -> str:
    if value != "*" and (
        not _has(value, ("http", "https"), needs_host=True) or value.count("/") > 2
    ):
        raise ValueError("must be origins like https://app.example.org (no path), or *")
    return value


def _redis_address(value: SecretStr) -> SecretStr:
    if not _has(value.get_secret_value(), ("redis", "rediss", "unix")):
        raise ValueError("must be an address like redis://host:6379/0 (or rediss://, unix://)")
    return value


def _postgres_address(value: SecretStr) -> SecretStr:
    # No look at the port: libpq takes several hosts with a port each, and none for a local socket.
    if not value.get_secret_value().startswith(tuple(f"{name}://" for name in POSTGRES_SCHEMES)):
        raise ValueError("must be an address like postgresql://user:password@host:5432/name")
    return value


def _ip_network(value: str) -> str:
    try:
        return str(ip_network(value, strict=False))
    except ValueError:
        raise ValueError("must be addresses or networks like 10.0.0.7, 10.0.0.0/8") from None


ModelPrice = Annotated[model_price.ModelPrice, BeforeValidator(model_price.read_model_price)]
IpNetwork = Annotated[str, AfterValidator(_ip_network)]
HostName = Annotated[str, AfterValidator(_host_name)]
ListenAddress = Annotated[str, AfterValidator(_listen_address)]
ReachableHost = Annotated[str, AfterValidator(_reachable_host)]
Origin = Annotated[str, AfterValidator(_origin)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
RedisAddress = Annotated[SecretStr, AfterValidator(_redis_address)]
PostgresAddress = Annotated[SecretStr, AfterValidator(_postgres_address)]


def _has(address: str, schemes: tuple[str, ...], *, needs_host: bool = False) -> bool:
    try:
        parts = urlsplit(address)
        _ = parts.port  # raises for one that is no number
    except ValueError:
        return False
    if parts.scheme not in schemes or "://" not in address:
        return False
    return bool(parts.hostname) or not needs_host


def sentences(error: ValidationError, annotations: dict[str, Any]) -> list[str]:
    """One for each wrong setting: its variable, what is wrong and what is allowed. A secret's value
    is never told, nor an address, which may hold one. `annotations` are by the field's name."""
    return [_sentence(wrong, annotations) for wrong in error.errors(include_url=False)]


def _sentence(wrong: ErrorDetails, annotations: dict[str, Any]) -> str:
    is_ours = wrong["type"] == "value_error"
    # Ours say what is needed to know; pydantic's would be "Value error, …".
    what = str(wrong["ctx"]["error"]) if is_ours and "ctx" in wrong else _plain(wrong["msg"])
    if not wrong["loc"]:
        return what
    name = str(wrong["loc"][0])
    if not is_ours and "SecretStr" not in str(annotations.get(name)):
        what += f", not {str(wrong['input'])[:_MAX_SHOWN]!r}"
    return f"{name.upper()} {what}"


def _plain(message: str) -> str:
    """`Input should be a valid integer, unable to parse …` as `must be a valid integer`."""
    return message.partition(", unable")[0].replace("Input should", "must", 1)
