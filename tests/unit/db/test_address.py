import pytest

from stackwright.db.address import libpq_address, sqlalchemy_address


@pytest.mark.parametrize(
    "scheme", ["postgres", "postgresql", "postgresql+psycopg", "postgresql+asyncpg"]
)
def test_every_spelling_of_a_postgres_address_is_understood(scheme: str) -> None:
    url = f"{scheme}://me:pw@db.example:6432/app?sslmode=require"
    assert libpq_address(url) == "postgresql://me:pw@db.example:6432/app?sslmode=require"
    assert sqlalchemy_address(url).startswith("postgresql+psycopg://me:pw@db.example")


def test_the_ssl_mode_of_the_settings_does_not_override_the_address() -> None:
    assert libpq_address("postgresql://db/app", ssl_mode="require").endswith("?sslmode=require")
    assert "sslmode=disable" in libpq_address(
        "postgresql://db/app?sslmode=disable", ssl_mode="require"
    )


def test_a_socket_folder_keeps_its_slashes() -> None:
    url = "postgresql://postgres@/app?host=/run/pg"
    assert libpq_address(url) == url


def test_another_database_is_refused() -> None:
    with pytest.raises(ValueError, match="postgresql"):
        libpq_address("sqlite:///x.db")
