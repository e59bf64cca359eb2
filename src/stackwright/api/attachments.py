"""Attachments of a chat request: base64 in its JSON, or an address to fetch."""

import asyncio
import base64
import binascii
from collections.abc import Sequence

from stackwright.api.schemas.messages import AttachmentIn
from stackwright.core.attachments import MAX_TOTAL_BYTES
from stackwright.core.errors import BadInput
from stackwright.runs.attachments import CheckedAttachment, GivenAttachment, checked

MAX_ENCODED_BYTES = MAX_TOTAL_BYTES * 3 // 2
"""Size limit of all attachments of a request, with line breaks and names."""


async def attachments_of(sent: Sequence[AttachmentIn]) -> tuple[CheckedAttachment, ...]:
    """Decoded, fetched and checked. Raises BadInput with a sentence about the first that is none."""
    if not sent:
        return ()
    return await checked([await asyncio.to_thread(_decoded, one) for one in sent])


def _decoded(sent: AttachmentIn) -> GivenAttachment:
    if sent.data is None:
        return GivenAttachment(sent.name or "", url=sent.url)
    data = sent.data
    if data.startswith("data:"):
        data = data.partition(",")[2]
    try:
        content = base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadInput(f"{sent.name or 'An attachment'} is not base64.") from error
    return GivenAttachment(sent.name or "attachment", content)
