from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest

from stackwright.verify.meaning.limits import UNKNOWN, try_unknown_fields
from stackwright.verify.meaning.trial import Trial
from stackwright.verify.records import ApiFault


def trial_of(*, shown: dict[str, Any], held: Sequence[str] | None) -> Trial:
    """Of an API that answers 201 to everything, shows so much of a record and keeps it there."""

    async def create(_: dict[str, Any]) -> Any:
        return SimpleNamespace(ok=True, value={"id": "1"})

    async def stored(_: str) -> dict[str, Any]:
        return shown

    async def holding(field: str) -> Sequence[str]:
        assert field == UNKNOWN
        return held or ()

    resource = SimpleNamespace(create={"properties": {"name": {}}}, collection="/api/oats")
    used = SimpleNamespace(
        resource=resource,
        sent={"name": "Oat"},
        create=create,
        stored=stored,
        holding=holding if held is not None else None,
    )
    return cast(Trial, used)


@pytest.mark.parametrize(
    ("shown", "held", "told"),
    [
        ({"id": "1", UNKNOWN: "planted"}, None, "stores zz_unknown, which is not in its schema"),
        ({"id": "1"}, ["oats"], "stores the unknown field zz_unknown in oats"),
    ],
)
async def test_unknown_fields_that_are_kept_are_told_whether_they_are_shown_or_not(
    shown: dict[str, Any], held: Sequence[str] | None, told: str
) -> None:
    with pytest.raises(ApiFault, match=told):
        await try_unknown_fields(trial_of(shown=shown, held=held))


@pytest.mark.parametrize("held", [None, []])
async def test_unknown_fields_that_are_dropped_are_no_fault(held: Sequence[str] | None) -> None:
    await try_unknown_fields(trial_of(shown={"id": "1", "name": "Oat"}, held=held))
