import time

import pytest

from stackwright.offline.bound_forms import FORMS
from stackwright.offline.reader import read_app

CARS = "cars with plate, mileage in km, fuel level and colour (red, blue). "


@pytest.mark.parametrize(
    ("sentence", "bounds"),
    [
        ("The fuel level must be between 5 and 100.", (5, 100)),
        ("The fuel level must be 5-100.", (5, 100)),
        ("The fuel level cannot be below 5.", (5, None)),
        ("The fuel level must not be over 100.", (None, 100)),
        ("The fuel level can't be negative.", (0, None)),
        ("The fuel level must be at least 5.", (5, None)),
    ],
)
def test_a_number_keeps_the_limits_that_are_told(
    sentence: str, bounds: tuple[float | None, float | None]
) -> None:
    reading = read_app(CARS + sentence)
    level = reading.spec.entity("car").field("fuel_level")
    assert (level.minimum, level.maximum) == bounds
    assert [one.shows for one in reading.fulfilled] == ["limits"]
    assert (reading.unbuilt, reading.unread) == ((), ())


def test_a_limit_of_what_is_not_there_is_not_built() -> None:
    reading = read_app(CARS + "The weight must be at least 5.")
    assert reading.fulfilled == ()
    assert [one.words for one in reading.unbuilt] == ["The weight must be at least 5"]


@pytest.mark.parametrize("words", ["a ", "filter ", "must be at least 1", "can not be below 1 "])
def test_long_messages_are_matched_in_no_time(words: str) -> None:
    text = (words * 3000)[:3000]
    start = time.perf_counter()
    for form, _ in FORMS:
        form.search(text)
    assert time.perf_counter() - start < 1
