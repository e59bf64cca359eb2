from stackwright.engine.sandboxes.deadline import Deadline


def test_it_is_over_until_set_and_runs_out_by_its_own_clock() -> None:
    now = 1000.0
    life = Deadline(clock=lambda: now)
    assert life.left_s == 0.0
    life.set(60)
    now = 1045.0
    assert life.left_s == 15.0
    now = 1100.0
    assert life.left_s == 0.0
