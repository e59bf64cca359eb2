import os
import re
import time

import pytest

from stackwright.core.bounded import TookTooLong, bounded

ENDLESS = (re.fullmatch, "(a+)+b", "a" * 60)


async def test_what_never_ends_is_ended_and_the_next_work_is_done() -> None:
    with pytest.raises(TookTooLong):
        await bounded(*ENDLESS, seconds=0.2)
    assert await bounded(re.sub, "a", "b", "banana") == "bbnbnb"


async def test_an_answer_of_a_warm_process_comes_at_once() -> None:
    await bounded(len, "warm")
    began = time.perf_counter()
    for _ in range(20):
        assert await bounded(str.upper, "x" * 10_000) == "X" * 10_000
    assert time.perf_counter() - began < 1


async def test_errors_fly_and_say_where_they_came_from() -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        await bounded(divmod, 1, 0)
    assert "_result" in caught.value.__notes__[0]


async def test_memory_is_bounded() -> None:
    with pytest.raises(MemoryError):
        await bounded(bytes, 3 * 1024**3)


async def test_a_library_that_aborts_for_want_of_memory_is_ended_by_the_limit_too() -> None:
    with pytest.raises(TookTooLong):
        await bounded(os.abort)
    assert await bounded(len, "next") == 4
