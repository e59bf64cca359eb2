from dataclasses import replace

import pytest

from fixtures.project_records import PROJECT
from stackwright.core.errors import BadInput
from stackwright.core.setting_groups import BudgetSettings
from stackwright.db.projects import ProjectRecord
from stackwright.runs.project_limits import check_within, with_limits_of


def project(max_usd: float | None, max_tokens: int | None) -> ProjectRecord:
    return replace(PROJECT, max_usd=max_usd, max_tokens=max_tokens)


@pytest.mark.parametrize(
    ("platform", "own", "counts"),
    [
        ({}, (None, None), {}),
        ({}, (2.0, 900), {"project_usd": 2.0, "project_tokens": 900}),
        ({"project_usd": 5.0, "day_usd": 1.0}, (2.0, None), {"project_usd": 2.0, "day_usd": 1.0}),
        ({"project_usd": 1.0}, (2.0, None), {"project_usd": 1.0}),
    ],
)
def test_the_lower_limit_counts(
    platform: dict[str, float], own: tuple[float | None, int | None], counts: dict[str, float]
) -> None:
    assert with_limits_of(project(*own), BudgetSettings(limits=platform)).limits == counts


def test_a_project_gets_no_more_than_the_platform_allows() -> None:
    limits = {"project_usd": 5.0, "project_tokens": 1e6}
    check_within(limits, "project_usd", 5.0)
    check_within(limits, "project_usd", None)
    check_within({}, "project_usd", 500.0)
    with pytest.raises(BadInput, match="5 US dollars at most"):
        check_within(limits, "project_usd", 5.01)
    with pytest.raises(BadInput, match="MAX_PROJECT_TOKENS"):
        check_within(limits, "project_tokens", 1_000_001)
