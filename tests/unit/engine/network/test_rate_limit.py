from stackwright.engine.network.rate_limit import RateLimit


def test_so_many_in_each_period_and_then_a_wait_for_its_end() -> None:
    now = 100.0
    pace = RateLimit(2, 10.0, clock=lambda: now)
    assert [pace.take() for _ in range(3)] == [0.0, 0.0, 10.0]
    now = 104.0
    assert pace.take() == 6.0
    now = 110.0
    assert [pace.take() for _ in range(3)] == [0.0, 0.0, 10.0]
