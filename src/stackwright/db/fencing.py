"""The lease as a condition inside statements: only the worker that holds it can write."""

from stackwright.core.postgres import Fence
from stackwright.db.run_records import Lease, LeaseLost

LEASE_HELD = """
SELECT 1 FROM runs
WHERE id = %(fenced_run)s AND user_id = %(fenced_user)s
    AND status = 'running' AND lease_token = %(fenced_token)s
FOR SHARE
"""
"""One row while the lease holds. FOR SHARE: nobody can take the lease over before the commit."""


def lease_fence(lease: Lease) -> Fence:
    """Entitles to write for the run until another worker has it; then LeaseLost is raised."""
    return Fence(LEASE_HELD, lease_values(lease), LeaseLost(lease.run_id))


def lease_values(lease: Lease) -> dict[str, object]:
    """The values of the placeholders in `LEASE_HELD`."""
    return {
        "fenced_run": lease.run_id,
        "fenced_user": lease.user_id,
        "fenced_token": lease.token,
    }
