"""Runs the migrations, on the address the program passes or, from the command line, on the settings'."""

from alembic import context
from sqlalchemy import create_engine, pool

from stackwright.core.settings import load_settings
from stackwright.db.address import addresses, sqlalchemy_address
from stackwright.db.embedded import EmbeddedPostgres
from stackwright.db.models import Base

_FOREIGN = ("procrastinate_", "checkpoint")


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    return not (kind == "table" and name is not None and name.startswith(_FOREIGN))


def _migrate(url: str) -> None:
    engine = create_engine(sqlalchemy_address(url), poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            include_name=_is_ours,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


def _migrate_settings() -> None:
    settings = load_settings().database
    known = addresses(settings)
    if known is not None:
        _migrate(known[1])
        return
    server = EmbeddedPostgres(settings.data_dir)
    try:
        _migrate(server.start())
    finally:
        server.stop()


passed = context.config.attributes.get("url")
if passed is None:
    _migrate_settings()
else:
    _migrate(passed)
