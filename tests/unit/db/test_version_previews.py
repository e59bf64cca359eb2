from typing import Any

import pytest

from stackwright.core.ids import ProjectId, UserId
from stackwright.db.version_previews import VersionPreviewRepository


class OneAnswer:
    """A transaction whose every query finds this."""

    def __init__(self, found: str | None) -> None:
        self.found = found

    async def scalar(self, _query: object) -> str | None:
        return self.found


@pytest.mark.parametrize("found", [None, "p1"])
async def test_a_preview_is_found_or_not(found: str | None) -> None:
    transaction: Any = OneAnswer(found)
    previews, shop = VersionPreviewRepository(transaction), (UserId("ann"), ProjectId("shop"), 1)
    assert await previews.find(*shop) == found
    assert await previews.reopen(*shop) == found
