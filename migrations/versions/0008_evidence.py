"""Recordings are kept beside pictures."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.rename_table("screenshots", "evidence")
    op.alter_column("evidence", "png", new_column_name="content")
    for name in ("pk_{}", "fk_{}_run_id_runs"):
        old, new = name.format("screenshots"), name.format("evidence")
        op.execute(f"ALTER TABLE evidence RENAME CONSTRAINT {old} TO {new}")


def downgrade() -> None:
    for name in ("pk_{}", "fk_{}_run_id_runs"):
        old, new = name.format("evidence"), name.format("screenshots")
        op.execute(f"ALTER TABLE evidence RENAME CONSTRAINT {old} TO {new}")
    op.alter_column("evidence", "content", new_column_name="png")
    op.rename_table("evidence", "screenshots")
