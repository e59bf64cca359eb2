"""What `page.js` tells of forms, as the checks see it."""

from typing import Any

from stackwright.verify.use.elements import form_of

FIELD: dict[str, Any] = {
    **dict.fromkeys(("name", "mode", "help", "value", "min", "max", "step", "pattern"), ""),
    "id": "2",
    "kind": "text",
    "label": "Title *",
    "checked": False,
    "isRequired": False,
    "maxLength": None,
    "options": [],
}


def test_a_star_in_a_label_says_that_the_field_is_required() -> None:
    told = {"id": "1", "isForm": True, "isDialog": False, "submit": "3", "submitName": "Add"}
    form = form_of({**told, "fields": [FIELD]})
    assert form.fields[0].is_required
    assert form.title == "the form with Title (“Add”)"
    assert form.signature == ("text Title",)
