import json
from typing import Any

import pytest

from stackwright.verify.openapi import ApiDescription, Resource
from stackwright.verify.use.elements import Form, Write
from stackwright.verify.use.form_limits import wider_limits
from stackwright.verify.use.values import Field

HOURS = Field("f1", "number", "Hours", min="1", max="4")
SEATS = Field("f2", "number", "Seats", min="2")


def told(limits: dict[str, Any], *, sent: dict[str, Any] | None = None) -> list[str]:
    """About a form whose hours are 1 to 4, for an API with these limits."""
    create = {"type": "object", "properties": {"hours": {"type": "integer", **limits}}}
    description = ApiDescription(
        (Resource("bookings", "/api/bookings", "/api/bookings/{id}", create=create),), ()
    )
    form = Form("form", (HOURS, SEATS), True, False, "b1", "Book")
    body = json.dumps(sent or {"hours": 3, "seats": 3})
    write = Write("POST", "http://app/api/bookings", body, 201, {"id": "1"})
    return list(wider_limits(form, {"f1": "3", "f2": "3"}, write, description))


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({"minimum": 0, "maximum": 4}, "Hours allows 1 at min"),
        ({"exclusiveMinimum": -1, "maximum": 4}, "Hours allows 1 at min"),
        ({"minimum": 1, "maximum": 5}, "Hours allows 4 at max"),
    ],
)
def test_an_api_that_takes_more_than_the_form_allows_is_told(
    limits: dict[str, Any], said: str
) -> None:
    (problem,) = told(limits)
    assert said in problem


@pytest.mark.parametrize(
    "limits",
    [
        {"minimum": 1, "maximum": 4},
        {"exclusiveMinimum": 0, "maximum": 4},
        {"minimum": 2, "maximum": 3},
        {},
    ],
)
def test_the_same_stricter_and_untold_limits_are_no_fault(limits: dict[str, Any]) -> None:
    assert told(limits) == []


def test_a_number_that_may_be_of_another_field_says_nothing() -> None:
    assert told({"minimum": 0}, sent={"length": 3, "width": 3}) == []
