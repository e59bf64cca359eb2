from typing import Any

import pytest
from pydantic import ValidationError

from stackwright.tools.browser_actions import BrowserAction, Target


def action(**given: Any) -> BrowserAction:
    return BrowserAction.model_validate(given)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"do": "open"}, "open needs `route`"),
        ({"do": "open", "route": "http://evil.example/"}, "begins with /"),
        ({"do": "click"}, "click needs to say which element"),
        ({"do": "type", "label": "Title"}, "type needs `value`"),
        ({"do": "press"}, "press needs `value`"),
        ({"do": "wait_for"}, "a text in `value`, or an element"),
        ({"do": "drag", "text": "Card"}, "drag needs `to`"),
        ({"do": "drag", "text": "Card", "by": "keyboard"}, "the arrow keys"),
        ({"do": "evaluate", "value": "x" * 20_001}, "20000 characters at most"),
        ({"do": "fly"}, "'open', 'click'"),
        ({"do": "click", "selector": "#a"}, "Extra inputs are not permitted"),
        ({"do": "click", "role": "button", "nth": -1}, "greater than or equal to 0"),
        ({"do": "open", "route": "/", "width": 99_999}, "less than or equal to 1920"),
    ],
)
def test_an_incomplete_action_is_refused_with_what_is_missing(
    given: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        action(**given)
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"do": "open", "route": "/todos"}, "open /todos"),
        ({"do": "click", "role": "button", "name": "Add"}, "click button 'Add'"),
        (
            {"do": "click", "role": "button", "name": "Delete", "within": "Milk", "nth": 1},
            "click button 'Delete', within 'Milk', nth 1",
        ),
        ({"do": "type", "label": "Title", "value": "Milk"}, "type label 'Title' 'Milk'"),
        ({"do": "press", "value": ["Tab", "Enter"]}, "press 'Tab Enter'"),
        ({"do": "evaluate", "value": "1 + 1"}, "evaluate"),
        ({"do": "drag", "text": "A", "to": {"text": "B"}}, "drag text 'A' to text 'B'"),
        ({"do": "read"}, "read"),
    ],
)
def test_an_action_is_told_in_one_line(given: dict[str, Any], told: str) -> None:
    assert action(**given).summary() == told


def test_a_number_to_type_is_its_digits() -> None:
    assert action(do="type", label="Age", value=42).values == ("42",)


def test_a_place_alone_names_no_element() -> None:
    assert not Target(within="Milk", nth=2).is_named
    assert Target(role="button").is_named
