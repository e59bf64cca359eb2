"""A version can be starred; a deleted project stays for some minutes, so that it can be brought back."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "restore_points",
        sa.Column("is_starred", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("projects", sa.Column("deleted_at", sa.DateTime(timezone=True)))
    op.create_index(
        "ix_projects_deleted_at",
        "projects",
        ["deleted_at"],
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_projects_deleted_at", "projects")
    op.drop_column("projects", "deleted_at")
    op.drop_column("restore_points", "is_starred")
