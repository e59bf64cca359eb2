import pytest

from stackwright.offline.reader import read_app

REPAIRS = "repairs with customer, price in euros and status (waiting, ready). "


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("I want to filter by status.", "Repairs can be filtered by status."),
        ("Repairs can be filtered by their status.", "Repairs can be filtered by status."),
        ("The price can't be negative.", "Price of repairs is at least 0."),
        ("Price must be at least 5.", "Price of repairs is at least 5."),
        ("The price of a repair must not be more than 900.", "Price of repairs is at most 900."),
    ],
)
def test_what_sounds_like_a_rule_and_is_built(sentence: str, text: str) -> None:
    reading = read_app(REPAIRS + sentence)
    assert [one.text for one in reading.fulfilled] == [text]
    assert reading.unbuilt == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "The status can't be negative.",
        "The weight can't be negative.",
        "Repairs of one customer must not overlap.",
    ],
)
def test_other_rules_stay_not_built(sentence: str) -> None:
    reading = read_app(REPAIRS + sentence)
    assert reading.fulfilled == ()
    assert len(reading.unbuilt) + len(reading.unread) == 1


def test_a_bound_is_one_of_the_field() -> None:
    spec = read_app(REPAIRS + "The price can't be negative.").spec
    (price,) = [field for field in spec.entities[0].fields if field.name == "price"]
    assert price.minimum == 0


def test_who_the_person_is_is_no_wish() -> None:
    reading = read_app(f"I run a bike repair shop. Keep track of {REPAIRS}")
    assert reading.unread == ()
    assert reading.spec.title == "Bike Repair Shop"


def test_a_range_is_one_of_the_field() -> None:
    reading = read_app(
        "Tanks have a capacity and a current level. A reading has a date and a level and belongs "
        "to a tank. The level must be between 0 and 100."
    )
    level = reading.spec.entity("reading").field("level")
    assert (level.minimum, level.maximum) == (0, 100)
    assert reading.spec.entity("tank").field("current_level").maximum is None
    assert reading.unread == ()


def test_an_order_in_a_clause_of_its_own_belongs_to_the_list_before() -> None:
    tickets = "Tickets with number, dropped off date, collected yes/no. List: not collected, "
    built = read_app(tickets + "oldest first").fulfilled[-1]
    assert built.text.endswith("those whose collected is no, by dropped off date.")
    undated = "Tickets with number, collected yes/no. List: not collected, oldest first"
    assert "oldest first" not in " ".join(one.words for one in read_app(undated).fulfilled)
