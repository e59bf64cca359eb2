"""What runs and users spend is known at once, so that limits can be kept."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_AMOUNTS = {
    "spent_usd": sa.Float(),
    "spent_tokens": sa.BigInteger(),
    "repair_usd": sa.Float(),
    "repair_tokens": sa.BigInteger(),
}
_IS_USAGE = sa.text("type = 'usage'")
_FROM_THE_LOG = """
WITH used AS (
    SELECT run_id, sum((data->>'cost_usd')::float8) AS usd,
        sum((data->>'input_tokens')::bigint + (data->>'output_tokens')::bigint
            + coalesce((data->>'cache_read_tokens')::bigint, 0)
            + coalesce((data->>'cache_write_tokens')::bigint, 0)) AS tokens
    FROM run_events WHERE type = 'usage' GROUP BY run_id
)
UPDATE runs SET spent_usd = coalesce(used.usd, 0), spent_tokens = coalesce(used.tokens, 0)
FROM used WHERE used.run_id = runs.id
"""
_PURSES = """
INSERT INTO purses (user_id, spent_usd, spent_tokens)
SELECT user_id, sum(spent_usd), sum(spent_tokens) FROM runs WHERE ended_at IS NOT NULL
GROUP BY user_id
"""


def upgrade() -> None:
    for name, kind in _AMOUNTS.items():
        op.add_column("runs", sa.Column(name, kind, server_default="0", nullable=False))
    op.create_table(
        "purses",
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("spent_usd", sa.Float(), server_default="0", nullable=False),
        sa.Column("spent_tokens", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("day_usd", sa.Float(), server_default="0", nullable=False),
        sa.Column("day_tokens", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("live", JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("raised", JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_purses_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name="pk_purses"),
    )
    op.create_index("ix_run_events_usage", "run_events", ["run_id"], postgresql_where=_IS_USAGE)
    op.execute(_FROM_THE_LOG)
    op.execute(_PURSES)


def downgrade() -> None:
    op.drop_index("ix_run_events_usage", table_name="run_events")
    op.drop_table("purses")
    for name in _AMOUNTS:
        op.drop_column("runs", name)
