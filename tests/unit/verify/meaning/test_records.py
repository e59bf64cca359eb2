from collections.abc import Sequence
from types import SimpleNamespace
from typing import cast

import pytest

from stackwright.verify.meaning.records import try_storing
from stackwright.verify.meaning.trial import Holding, Trial
from stackwright.verify.records import ApiFault


def trial_of(holding: Holding | None) -> Trial:
    resource = SimpleNamespace(collection="/api/oats")
    return cast(Trial, SimpleNamespace(resource=resource, holding=holding))


@pytest.mark.parametrize("collections", [[], ["_migrations"]])
async def test_records_that_only_the_memory_holds_are_told(collections: Sequence[str]) -> None:
    async def holding(_: str) -> Sequence[str]:
        return collections

    with pytest.raises(ApiFault, match="gone when the app starts anew"):
        await try_storing(trial_of(holding))


async def test_records_in_the_database_are_no_fault_nor_what_cannot_be_looked_at() -> None:
    async def holding(field: str) -> Sequence[str]:
        assert field == "_id"
        return ["_migrations", "oats"]

    await try_storing(trial_of(holding))
    await try_storing(trial_of(None))
