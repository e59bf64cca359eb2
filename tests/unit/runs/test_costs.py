from datetime import date

from stackwright.db.costs import CostRow
from stackwright.runs.costs import expected_use, summed

MONDAY, TUESDAY = date(2026, 11, 30), date(2026, 12, 1)


def row(day: date, tool: str, usd: float, purpose: str = "build", calls: float = 1.0) -> CostRow:
    return CostRow(day, tool, purpose, "m", calls, usd, 100, 10, 890, 0, 0)  # pyright: ignore[reportArgumentType]


def test_one_sum_is_told_by_day_and_by_tool_and_its_repairs_apart() -> None:
    costs = summed(
        [
            row(TUESDAY, "edit_file", 0.3),
            row(TUESDAY, "read_file", 0.1, "repair"),
            row(MONDAY, "edit_file", 0.2, calls=0.5),
        ]
    )
    assert (costs.total.usd, costs.total.tokens) == (0.6000000000000001, 3000)
    assert [(day.name, round(day.usd, 2)) for day in costs.by_day] == [
        ("2026-12-01", 0.4),
        ("2026-11-30", 0.2),
    ]
    assert [tool.name for tool in costs.by_tool] == ["edit_file", "read_file"]
    assert (costs.repair.usd, costs.repair.calls) == (0.1, 1)


def test_nothing_costs_nothing() -> None:
    assert summed([]).total.usd == 0


def test_a_new_app_uses_what_was_measured_and_a_large_one_more_than_a_small_one() -> None:
    new = expected_use(0)
    assert new.input_tokens + new.cache_read_tokens == 300_000
    small, large = expected_use(50_000), expected_use(2_000_000)
    assert small.input_tokens < large.input_tokens
    assert expected_use(10**12) == expected_use(10**9)
