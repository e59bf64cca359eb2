"""What the person said and sent in one run."""

from collections.abc import Sequence

from stackwright.core.attachments import Attachment
from stackwright.core.postgres import patiently
from stackwright.db.engine import Database
from stackwright.db.messages import MessageRepository
from stackwright.runs.lease import ClaimedRun


class RunConversation:
    """While the database is away, it waits."""

    def __init__(self, database: Database, claimed: ClaimedRun) -> None:
        self._database = database
        self._claimed = claimed

    async def said(self) -> Sequence[str]:
        """The person's messages so far."""
        return await patiently(self._said)

    async def attached(self, text: str) -> Sequence[Attachment]:
        """What the person sent with a message."""
        if self._claimed.is_begun_at_once and text == self._claimed.run.input:
            return ()
        found = await patiently(self._attached)
        return [one for said, sent in found if said == text for one in sent]

    async def all_attached(self) -> Sequence[Attachment]:
        """What the person sent with all messages."""
        return [one for _, sent in await patiently(self._attached) for one in sent]

    async def _said(self) -> Sequence[str]:
        lease = self._claimed.lease
        async with self._database.transaction() as transaction:
            rows = MessageRepository(transaction)
            return await rows.list_said(lease.user_id, lease.project_id, lease.run_id)

    async def _attached(self) -> Sequence[tuple[str, tuple[Attachment, ...]]]:
        lease = self._claimed.lease
        async with self._database.transaction() as transaction:
            rows = MessageRepository(transaction)
            return await rows.list_attached(lease.user_id, lease.project_id, lease.run_id)
