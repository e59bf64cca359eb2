"""Sandboxes that broke and were replaced, and projects that wait for a sandbox."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_WAITS = sa.text("sandbox_waits_since IS NOT NULL")
_IS_BROKEN = sa.text("broken_sandbox_id IS NOT NULL")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("projects", sa.Column("sandbox_waits_since", _MOMENT, nullable=True))
    op.add_column("projects", sa.Column("sandbox_waits_until", _MOMENT, nullable=True))
    op.add_column("projects", sa.Column("sandbox_waits_for", sa.Text(), nullable=True))
    op.add_column("projects", sa.Column("broken_sandbox_id", sa.Text(), nullable=True))
    op.add_column("projects", sa.Column("sandbox_broke_at", _MOMENT, nullable=True))
    is_news = sa.Column("is_sandbox_news", sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column("projects", is_news)
    op.create_check_constraint(
        op.f("ck_projects_sandbox_waits_for"), "projects", "sandbox_waits_for IN ('user', 'server')"
    )
    op.create_index(
        "ix_projects_sandbox_waits_since",
        "projects",
        ["sandbox_waits_since"],
        postgresql_where=_WAITS,
    )
    op.create_index(
        "ix_projects_broken_sandbox_id",
        "projects",
        ["broken_sandbox_id"],
        postgresql_where=_IS_BROKEN,
    )


def downgrade() -> None:
    op.drop_index("ix_projects_broken_sandbox_id", table_name="projects")
    op.drop_index("ix_projects_sandbox_waits_since", table_name="projects")
    op.drop_constraint(op.f("ck_projects_sandbox_waits_for"), "projects", type_="check")
    for name in (
        "is_sandbox_news",
        "sandbox_broke_at",
        "broken_sandbox_id",
        "sandbox_waits_for",
        "sandbox_waits_until",
        "sandbox_waits_since",
    ):
        op.drop_column("projects", name)
