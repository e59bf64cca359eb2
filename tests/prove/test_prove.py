"""The quick form of `make prove`: one application, a handful of faults and lies."""

from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import pytest_asyncio
from prove.applications import application
from prove.run import Key, Trial
from prove.stage import engine, stage

pytestmark = [
    pytest.mark.integration,
    pytest.mark.timeout(900),
    pytest.mark.asyncio(loop_scope="module"),
]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def trial() -> AsyncIterator[Trial]:
    """The sound application was verified: its witnesses are believed from then on."""
    with TemporaryDirectory(prefix="stackwright-prove-") as folder:
        async with engine(Path(folder)) as endpoint, stage(application("rooms"), endpoint) as made:
            yield Trial(made)


async def test_a_sound_application_is_verified(trial: Trial) -> None:
    row = await trial.row(("sound", "rooms, run 1"))
    assert row.is_good, row.result


@pytest.mark.parametrize(
    "key",
    [
        ("fault", "rooms, overlap accepted"),
        ("fault", "rooms, list not refreshed"),
        ("lie", "leaves out a wish"),
        ("lie", "looks at the emptied form only"),
        ("lie", "weakens a pinned witness"),
    ],
    ids=lambda key: key[1],
)
async def test_nothing_else_is_verified(trial: Trial, key: Key) -> None:
    row = await trial.row(key)
    assert row.is_good, row.result
