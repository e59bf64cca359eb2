"""Runs that plan and runs that answer; the plan of a project."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "project_plans",
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["projects.id"],
            name=op.f("fk_project_plans_project_id_projects"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_project_plans")),
    )
    op.drop_constraint(op.f("ck_runs_kind"), "runs")
    op.create_check_constraint(
        op.f("ck_runs_kind"), "runs", "kind IN ('chat', 'proof', 'plan', 'ask')"
    )


def downgrade() -> None:
    op.execute("UPDATE runs SET kind = 'chat' WHERE kind IN ('plan', 'ask')")
    op.drop_constraint(op.f("ck_runs_kind"), "runs")
    op.create_check_constraint(op.f("ck_runs_kind"), "runs", "kind IN ('chat', 'proof')")
    op.drop_table("project_plans")
