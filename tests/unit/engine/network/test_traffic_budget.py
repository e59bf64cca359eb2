import pytest

from stackwright.engine.network.traffic_budget import BLOCK_PRICE, PER_SECOND, SAVED, TrafficBudget


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_what_was_saved_passes_at_once_and_then_as_much_as_time_earns() -> None:
    clock = Clock()
    allowance = TrafficBudget(clock=clock)
    assert allowance.owed_s(SAVED) == 0
    assert allowance.owed_s(PER_SECOND) == 1
    clock.now += 1
    assert allowance.owed_s(PER_SECOND // 2) == 0.5
    clock.now += 10_000
    assert allowance.owed_s(SAVED) == 0
    assert allowance.owed_s(PER_SECOND) == 1


async def test_small_blocks_have_a_price_and_large_bodies_none_by_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr("asyncio.sleep", sleep)
    allowance = TrafficBudget(clock=Clock())
    allowance.owed_s(SAVED)
    await allowance.pay_for_event(1)
    await allowance.pay_for_block(1 << 20)
    await allowance.pay_for_event(PER_SECOND)
    price = BLOCK_PRICE / PER_SECOND
    assert waited == pytest.approx([price, 2 * price, 2 * price + 1])  # type: ignore[reportUnknownMemberType]
