from stackwright.api.middleware import console_origins, known_origins
from stackwright.core.settings import load_settings


def test_a_page_of_the_same_host_may_change_something() -> None:
    origins = known_origins(load_settings({"port": 8000}).server)
    assert origins.may_change("http://localhost:8000", "localhost:8000")
    assert origins.may_change("http://127.0.0.1:8000", "127.0.0.1:8000")


def test_other_pages_may_not_not_even_previews_or_sandboxed_frames() -> None:
    origins = known_origins(load_settings({"port": 8000}).server)
    for origin in ("https://evil.example", "http://3000-abcdefgh.localhost:8000", "null"):
        assert not origins.may_change(origin, "localhost:8000")


def test_the_public_address_and_named_origins_may() -> None:
    settings = load_settings(
        {"public_url": "https://build.example.org", "cors_origins": "https://my.example.org"}
    )
    origins = known_origins(settings.server)
    assert "build.example.org" in origins.hosts
    assert origins.may_change("https://build.example.org", "internal:8000")
    assert origins.may_change("https://my.example.org", "localhost:8000")


def test_the_test_clients_host_is_known_only_in_tests() -> None:
    assert (
        "testserver"
        not in known_origins(
            load_settings({"env": "production", "sandbox_engine": "e2b"}).server
        ).hosts
    )
    assert "testserver" in known_origins(load_settings({"env": "test"}).server).hosts


def test_a_preview_may_be_framed_wherever_the_console_is_opened() -> None:
    server = load_settings({"port": 8000, "public_url": "https://build.example.org"}).server
    assert console_origins(server) == (
        "https://build.example.org",
        "http://localhost:8000",
        "http://127.0.0.1:8000",
    )
