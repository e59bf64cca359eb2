"""What a worker leaves behind that fell silent: locks of an open transaction, runs without a job."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_IS_LIVE = sa.text("status IN ('queued', 'running')")

# Not at connecting: PgBouncer refuses settings that it does not know.
_OURS_HERE = """
DO $$ BEGIN EXECUTE format(
    'ALTER ROLE %I IN DATABASE %I {change}', current_user, current_database()
); END $$
"""


def upgrade() -> None:
    op.create_index("ix_runs_live", "runs", ["number"], postgresql_where=_IS_LIVE)
    op.execute(_OURS_HERE.format(change="SET idle_in_transaction_session_timeout = ''10s''"))


def downgrade() -> None:
    op.execute(_OURS_HERE.format(change="RESET idle_in_transaction_session_timeout"))
    op.drop_index("ix_runs_live", table_name="runs")
