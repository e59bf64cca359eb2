import pytest

from stackwright.offline.choices import choose_item, mark_choices


@pytest.mark.parametrize(
    ("clause", "marked"),
    [
        ("status: open, waiting or closed", "status <open|waiting|closed>"),
        ("size S/M/L", "size <S|M|L>"),
        ("weather (sunny, cloudy, rainy)", "weather <sunny|cloudy|rainy>"),
        ("neutered yes/no", "neutered <yes|no>"),
        ("length (20 or 40 minutes)", "length <20 minutes|40 minutes>"),
        ("and is either on display or in storage", "and status <on display|in storage>"),
        ("title, status: planned, handed in, graded", "title, status <planned|handed in|graded>"),
    ],
)
def test_each_way_to_list_choices_becomes_one_token(clause: str, marked: str) -> None:
    assert mark_choices(clause).strip() == marked


@pytest.mark.parametrize(
    "clause",
    ["books (title, pages, author)", "value in mmol/l", "speed in km/h", "weight (kg, max 12)"],
)
def test_fields_and_units_are_no_choices(clause: str) -> None:
    assert mark_choices(clause) == clause


@pytest.mark.parametrize(
    ("item", "chosen"),
    [
        ("urgent flag", "urgent <yes|no>"),
        ("lent or not", "lent <yes|no>"),
        ("watched or unwatched", "watched <yes|no>"),
        ("arm left or right", "arm <left|right>"),
        ("home or away", "home or away <home|away>"),
        ("before or after the meal", "before or after meal <before|after>"),
        ("name", "name"),
    ],
)
def test_an_item_may_be_a_choice_by_itself(item: str, chosen: str) -> None:
    assert choose_item(item) == chosen
