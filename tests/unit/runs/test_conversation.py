from dataclasses import dataclass, field
from typing import Any, cast

from stackwright.db.engine import Database
from stackwright.runs.conversation import RunConversation


@dataclass
class _Run:
    input: str = "Build a list"


@dataclass
class _Claimed:
    is_begun_at_once: bool = True
    run: _Run = field(default_factory=_Run)


async def test_a_run_that_was_begun_at_once_came_without_attachments_and_asks_no_database() -> None:
    claimed: Any = _Claimed()
    conversation = RunConversation(cast("Database", None), claimed)
    assert await conversation.attached("Build a list") == ()
