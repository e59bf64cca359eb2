from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from stackwright.scaffold.spec import AppSpec
from stackwright.scaffold.views import app_view

DATA = Path(__file__).parents[2] / "data/scaffold"


def app(**booking: Any) -> dict[str, Any]:
    spec = AppSpec.model_validate_json((DATA / "bookings.json").read_text()).model_dump()
    spec["entities"][1].update(booking)
    return spec


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ({"rules": [{"rule": "unique", "fields": ["nothing"]}]}, "no field 'nothing'"),
        ({"rules": [{"rule": "not_past", "field": "contact"}]}, "contact is not one of"),
        ({"rules": [{"rule": "no_overlap", "start": "start", "end": "guests"}]}, "guests is not"),
        ({"rules": [{"rule": "no_overlap", "start": "start", "minutes": "contact"}]}, "contact is not one of: integer"),
        ({"rules": [{"rule": "no_overlap", "start": "start", "end": "end", "minutes": "guests"}]}, "end or minutes"),
        ({"rules": [{"rule": "no_overlap", "start": "start"}]}, "end or minutes"),
        ({"rules": [{"rule": "capacity", "of": "room_id"}]}, "a maximum or a maximum_field"),
        ({"rules": [{"rule": "capacity", "of": "status", "maximum": 3}]}, "status is not one of: reference"),
        ({"rules": [{"rule": "capacity", "of": "status", "value": "Lost", "maximum": 3}]}, "no choice 'Lost'"),
        ({"rules": [{"rule": "compare", "field": "guests", "must_be": "less", "than": "start"}]}, "cannot be compared"),
        ({"rules": [{"rule": "steps", "field": "status", "allowed": {"Lost": []}}]}, "no choice 'Lost'"),
        ({"rules": [{"rule": "unique", "fields": ["open"]}]}, "computed 'open'"),
        ({"rules": [{"rule": "deadline", "field": "room_id.name", "hours": 1}]}, "name is not one of"),
        ({"views": [{"view": "board", "by": "start"}]}, "start is not one of"),
        ({"views": [{"view": "chart", "by": "start", "measure": "sum"}]}, "of a number"),
        ({"columns": ["nothing"]}, "no field 'nothing'"),
        ({"sort": "-nothing"}, "no field 'nothing'"),
    ],
)  # fmt: skip
def test_words_about_what_is_not_there_are_refused(words: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        AppSpec.model_validate(app(**words))


def test_a_figure_cannot_need_itself() -> None:
    spec = app()
    fields = spec["entities"][1]["fields"]
    fields[7]["computed"] = {"formula": "difference", "fields": ["price", "open"]}
    with pytest.raises(ValueError, match="needs itself"):
        app_view(AppSpec.model_validate(spec))


@pytest.mark.parametrize(
    ("only", "complaint"),
    [
        ({"field": "status", "values": ["Lost"]}, "no such value"),
        ({"field": "status", "values": [True]}, "no such value"),
        ({"field": "guests", "values": ["3"]}, "guests is not one of"),
        ({"field": "nothing", "values": [True]}, "no field 'nothing'"),
    ],
)
def test_a_figure_counts_only_by_values_that_are_there(
    only: dict[str, Any], complaint: str
) -> None:
    spec = app()
    spec["entities"][0]["fields"][2]["computed"] = {
        "figure": "count",
        "child": "booking",
        "only": only,
    }
    with pytest.raises(ValidationError, match=complaint):
        AppSpec.model_validate(spec)
