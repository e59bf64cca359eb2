"""What goes along when records are deleted; a kit that keeps something beside them replaces this."""

from collections.abc import Iterable


async def forget(entity: str, record_ids: Iterable[str], owner: str) -> None:
    """Called after the records with these ids were deleted."""
