"""The comparison of tests is in tests/unit/verify; here is what it may take."""

import pytest

from fixtures.loop_gaps import watched_loop
from stackwright.runs.report_facts import NOT_COMPARED, weakened_within_bounds
from stackwright.scaffold.spec import SPEC_PATH

PATH = "backend/tests/test_shop.py"
AFTER = b"def test_sells(shop):\n    assert shop.sells('tea') == 1\n"
BEFORE = AFTER + b"    assert shop.sells('cups') == 2\n"


@pytest.mark.parametrize("others", [0, 400])
async def test_few_and_many_tests_are_compared_alike(others: int) -> None:
    more = {f"backend/tests/test_{n}.py": BEFORE * 20 for n in range(others)}
    told = await weakened_within_bounds({PATH: BEFORE, **more}, {PATH: AFTER, **more}, [], "r1")
    assert told == (f"{PATH}::test_sells asserts less: 1 instead of 2",)


async def test_a_specification_made_to_exhaust_memory_holds_up_nobody_and_is_told() -> None:
    junk = f'{{"spec": {{"title": "x", "entities": [{"{}," * 1_500_000}0]}}}}'.encode()
    async with watched_loop() as gaps:
        told = await weakened_within_bounds(
            {PATH: BEFORE, SPEC_PATH: junk}, {PATH: AFTER, SPEC_PATH: junk}, [], "r1"
        )
    assert told == (NOT_COMPARED,)
    assert max(gaps) < 0.5
