"""Files go with the records that they belong to."""

from collections.abc import Iterable

from attachments.shelf import delete_of


async def forget(entity: str, record_ids: Iterable[str], owner: str) -> None:
    """Called after the records with these ids were deleted."""
    await delete_of(entity, record_ids, owner)
