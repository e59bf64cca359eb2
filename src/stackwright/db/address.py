"""One database address in the two spellings its users need."""

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from stackwright.core.setting_groups import DatabaseSettings
from stackwright.core.setting_rules import POSTGRES_SCHEMES


def libpq_address(url: str, *, ssl_mode: str | None = None) -> str:
    """`url` as psycopg takes it, whichever PostgreSQL dialect it names. Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in POSTGRES_SCHEMES:
        raise ValueError("DATABASE_URL must be a postgresql:// address.")
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    if ssl_mode is not None:
        query.setdefault("sslmode", ssl_mode)
    # urlunsplit drops the empty host of postgresql:///name; libpq needs the slashes.
    rest = urlunsplit(("", "", parts.path, urlencode(query, safe="/"), ""))
    return f"postgresql://{parts.netloc}{rest}"


def sqlalchemy_address(url: str) -> str:
    """`url` as SQLAlchemy takes it, on psycopg 3."""
    return "postgresql+psycopg" + libpq_address(url).removeprefix("postgresql")


def addresses(settings: DatabaseSettings) -> tuple[str, str] | None:
    """The pooled and the direct address of the settings; None means the embedded server."""
    if settings.url is None:
        return None
    pooled = libpq_address(settings.url.get_secret_value(), ssl_mode=settings.ssl_mode)
    if settings.direct_url is None:
        return pooled, pooled
    direct = libpq_address(settings.direct_url.get_secret_value(), ssl_mode=settings.ssl_mode)
    return pooled, direct
