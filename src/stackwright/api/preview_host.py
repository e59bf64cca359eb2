"""How the address of a preview is spelled: `<port>-<label>.<domain>`, an origin of its own."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from stackwright.core.setting_groups import ServerSettings

LOCAL_DOMAIN = "localhost"
"""Browsers resolve every name below it to this machine, without DNS."""

_NAME = re.compile(r"(?P<port>[1-9][0-9]{0,4})-(?P<label>[a-z0-9]{8,63})\Z")


@dataclass(frozen=True, slots=True)
class PreviewHost:
    """A port of the application with this unguessable label."""

    port: int
    label: str


def preview_domain(server: ServerSettings) -> str:
    return (server.preview_domain or LOCAL_DOMAIN).lower()


def preview_url(server: ServerSettings, label: str, port: int) -> str:
    """The origin at which a port of the application with this preview label is visited."""
    if server.preview_domain is None:
        return f"http://{port}-{label}.{LOCAL_DOMAIN}:{server.port}"
    public = urlsplit(server.public_url)
    suffix = f":{public.port}" if public.port is not None else ""
    return f"{public.scheme}://{port}-{label}.{server.preview_domain}{suffix}"


def find_preview_host(host: str, domain: str) -> PreviewHost | None:
    """What a Host header asks for, when it names a preview. The header's port does not matter."""
    name, _, rest = host.lower().rpartition("." + domain)
    if not name or (rest and not re.fullmatch(r":[0-9]{1,5}", rest)):
        return None
    match = _NAME.match(name)
    return PreviewHost(int(match["port"]), match["label"]) if match else None


def is_below(host: str, domain: str) -> bool:
    """Whether a Host header names something below the preview domain, well-formed or not."""
    return host.lower().partition(":")[0].endswith("." + domain)
