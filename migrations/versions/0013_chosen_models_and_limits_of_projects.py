"""A message and a project name the model that builds; a project has limits of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("runs", sa.Column("model", sa.Text()))
    op.add_column("projects", sa.Column("model", sa.Text()))
    op.add_column("projects", sa.Column("max_usd", sa.Float()))
    op.add_column("projects", sa.Column("max_tokens", sa.BigInteger()))


def downgrade() -> None:
    op.drop_column("projects", "max_tokens")
    op.drop_column("projects", "max_usd")
    op.drop_column("projects", "model")
    op.drop_column("runs", "model")
