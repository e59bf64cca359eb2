import inspect
import re
from importlib.metadata import version
from pathlib import Path

import pytest
from langgraph.channels.delta import DeltaChannel
from langgraph.checkpoint.base import id as checkpoint_ids
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver

from stackwright.checkpoint.langgraph_internals import (
    SELECT_CHECKPOINT,
    DeltaSnapshot,
    make_next_id_follow,
)

REQUIREMENTS = Path(__file__).parents[3] / "requirements.txt"


@pytest.mark.parametrize(
    "package", ["langgraph", "langgraph-checkpoint", "langgraph-checkpoint-postgres"]
)
def test_the_version_is_the_pinned_one(package: str) -> None:
    pinned = re.search(rf"^{package}==(\S+)", REQUIREMENTS.read_text(), flags=re.MULTILINE)
    assert pinned is not None
    assert version(package) == pinned[1]


def test_new_ids_follow_one_of_a_clock_that_is_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    hour = 3600 * 10_000_000
    ahead = checkpoint_ids.uuid6().time + hour
    monkeypatch.setattr(checkpoint_ids, "_last_v6_timestamp", ahead)
    seen = str(checkpoint_ids.uuid6())
    monkeypatch.setattr(checkpoint_ids, "_last_v6_timestamp", None)
    assert str(checkpoint_ids.uuid6()) < seen
    make_next_id_follow(seen)
    assert str(checkpoint_ids.uuid6()) > seen


def test_a_delta_channel_stores_its_snapshots_as_delta_snapshots() -> None:
    assert "DeltaSnapshot" in inspect.getsource(DeltaChannel)
    assert DeltaSnapshot.__module__ == "langgraph.checkpoint.serde.types"


def test_the_stock_saver_selects_and_decodes_what_the_run_saver_reads() -> None:
    for column in ("checkpoint_id", "parent_checkpoint_id", "channel_values", "pending_writes"):
        assert column in SELECT_CHECKPOINT
    for decode in (AsyncPostgresSaver._load_blobs, AsyncPostgresSaver._load_writes):
        assert len(inspect.signature(decode).parameters) == 2
