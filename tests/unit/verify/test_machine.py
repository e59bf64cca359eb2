import pytest

from stackwright.verify.machine import has_timed_out, moment_in, patience, pressure_in

PRESSURE = "some avg10=62.50 avg60=10.00 avg300=1.00 total=5\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n"


@pytest.mark.parametrize(
    ("text", "pressure"),
    [
        (f"{PRESSURE}9.10 8.00 7.00 3/400 123\n2\n", 62.5),
        ("8.00 8.00 7.00 3/400 123\n2\n", 75.0),
        ("1.50 8.00 7.00 3/400 123\n2\n", 0.0),
        ("nonsense", 0.0),
        ("", 0.0),
    ],
)
def test_the_pressure_is_what_the_kernel_or_the_load_says(text: str, pressure: float) -> None:
    assert pressure_in(text) == pressure


@pytest.mark.parametrize(
    ("detail", "timed_out"),
    [
        ("It did not end within 120 s.", True),
        ("/: still loading after 10 s: http://127.0.0.1/x", True),
        ("The preview still delivers older styles than the files hold after 40 s: x", True),
        ("/: the page does not load: Page.goto: Timeout 30000ms exceeded.", True),
        ("POST /api/tasks answers HTTP 500", False),
    ],
)
def test_a_failure_by_time_is_told_from_others(detail: str, *, timed_out: bool) -> None:
    assert has_timed_out(detail) is timed_out


def test_the_busier_the_more_patient() -> None:
    assert [patience(pressure) for pressure in (0, 50, 95)] == [1.0, 2.0, 4.0]


def test_the_pressure_of_a_while_is_the_time_in_which_work_waited() -> None:
    later = PRESSURE.replace("total=5", "total=3000005")
    assert moment_in(later).pressure_since(moment_in(PRESSURE), 4.0) == 75.0
    assert moment_in(later).pressure_since(moment_in("8.00 8.00 7.00 3/400 123\n2\n"), 4.0) == 75.0
    assert moment_in(later).pressure_since(moment_in(PRESSURE), 0.0) == 62.5
