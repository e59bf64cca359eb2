"""A hidden project runs an old version of another one."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("projects", sa.Column("preview_of", sa.Text()))
    op.add_column("projects", sa.Column("preview_version", sa.BigInteger()))
    op.create_foreign_key(
        op.f("fk_projects_preview_of_projects"),
        "projects",
        "projects",
        ["preview_of"],
        ["id"],
        ondelete="CASCADE",
    )
    op.create_check_constraint(
        op.f("ck_projects_preview_of_version"),
        "projects",
        "(preview_of IS NULL) = (preview_version IS NULL)",
    )
    op.create_index(
        "ix_projects_preview_of",
        "projects",
        ["preview_of", "preview_version"],
        unique=True,
        postgresql_where=sa.text("preview_of IS NOT NULL"),
    )


def downgrade() -> None:
    op.execute("DELETE FROM projects WHERE preview_of IS NOT NULL")
    op.drop_column("projects", "preview_version")
    op.drop_column("projects", "preview_of")
