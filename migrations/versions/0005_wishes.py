"""What a person asked for, wish by wish; whether a witness can fail; and runs that only prove."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def _of_project(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_project_id_projects")
    return sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "project_wishes",
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("wishes", sa.JSON(), nullable=False),
        _of_project("project_wishes"),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_project_wishes")),
    )
    op.create_table(
        "witness_beliefs",
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("is_believed", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _of_project("witness_beliefs"),
        sa.PrimaryKeyConstraint("project_id", "sha256", name=op.f("pk_witness_beliefs")),
    )
    op.add_column("restore_points", sa.Column("wishes", sa.JSON(), nullable=True))
    op.add_column("runs", sa.Column("kind", sa.Text(), server_default="chat", nullable=False))
    op.create_check_constraint(op.f("ck_runs_kind"), "runs", "kind IN ('chat', 'proof')")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_runs_kind"), "runs")
    op.drop_column("runs", "kind")
    op.drop_column("restore_points", "wishes")
    op.drop_table("witness_beliefs")
    op.drop_table("project_wishes")
