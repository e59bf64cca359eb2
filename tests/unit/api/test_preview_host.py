import pytest

from stackwright.api.preview_host import PreviewHost, find_preview_host, preview_url
from stackwright.core.settings import load_settings

LABEL = "k3v9x2m4q8w1z7t5r6y0p2n4ab"


def test_a_preview_host_names_a_port_and_a_label() -> None:
    found = find_preview_host(f"3000-{LABEL}.localhost:8000", "localhost")
    assert found == PreviewHost(3000, LABEL)


@pytest.mark.parametrize(
    "host",
    [
        "localhost:8000",
        f"{LABEL}.localhost",
        f"3000-{LABEL}.localhost.evil.example",
        f"3000-{LABEL}.evil.example",
        f"0-{LABEL}.localhost",
        f"3000-{LABEL}.localhost:80a",
        f"a.3000-{LABEL}.localhost",
        "3000-short.localhost",
        "",
    ],
)
def test_other_hosts_are_no_previews(host: str) -> None:
    assert find_preview_host(host, "localhost") is None


def test_names_are_the_same_in_capitals() -> None:
    assert find_preview_host(f"3000-{LABEL}.LOCALHOST", "localhost") == PreviewHost(3000, LABEL)


def test_without_a_domain_previews_are_below_localhost_at_the_servers_port() -> None:
    server = load_settings({"port": 8123, "public_url": "https://build.example.org"}).server
    assert preview_url(server, LABEL, 3000) == f"http://3000-{LABEL}.localhost:8123"


def test_a_preview_domain_is_reached_like_the_public_address() -> None:
    server = load_settings(
        {"public_url": "https://build.example.org:8443", "preview_domain": "apps.example.net"}
    ).server
    assert preview_url(server, LABEL, 3000) == f"https://3000-{LABEL}.apps.example.net:8443"
