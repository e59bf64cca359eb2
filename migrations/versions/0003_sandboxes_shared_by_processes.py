"""What several processes must agree on: whose sandboxes are whose, and when they were last used."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_HAS_SANDBOX = sa.text("sandbox_state IN ('running', 'paused')")
_IS_STARTING = sa.text("sandbox_starting_until IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "installation",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("is_this_one", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.CheckConstraint("is_this_one", name=op.f("ck_installation_is_this_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
        sa.UniqueConstraint("is_this_one", name=op.f("uq_installation_is_this_one")),
    )
    moment = sa.DateTime(timezone=True)
    op.add_column("projects", sa.Column("sandbox_used_at", moment, nullable=True))
    op.add_column("projects", sa.Column("sandbox_starting_until", moment, nullable=True))
    op.create_index("ix_projects_sandbox_state", "projects", ["id"], postgresql_where=_HAS_SANDBOX)
    op.create_index(
        "ix_projects_sandbox_starting_until", "projects", ["id"], postgresql_where=_IS_STARTING
    )


def downgrade() -> None:
    op.drop_index("ix_projects_sandbox_starting_until", table_name="projects")
    op.drop_index("ix_projects_sandbox_state", table_name="projects")
    op.drop_column("projects", "sandbox_starting_until")
    op.drop_column("projects", "sandbox_used_at")
    op.drop_table("installation")
