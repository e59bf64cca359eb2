import pytest

from stackwright.verify.use.values import Field, value_for


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (Field("1", "text", label="Title"), "Sample title q1"),
        (Field("1", "text", label="Title", max_length=6), "Sample"),
        (Field("1", "text", label="Price", mode="decimal"), "12.37"),
        (Field("1", "text", label="Code", pattern="[A-Z]{3}"), None),
        (Field("1", "text", name="contactEmail"), "sample@example.com"),
        (Field("1", "number", label="Guests", max="2"), "2"),
        (Field("1", "number", label="Price", step="0.01"), "12.37"),
        (Field("1", "date", label="Start"), "2026-03-15"),
        (Field("1", "date", label="Due date"), "2026-03-17"),
        (Field("1", "date", label="Start", min="2030-01-01"), "2030-01-01"),
        (Field("1", "datetime-local", label="Ends"), "2026-03-17T17:45"),
        (Field("1", "time", label="From"), "09:30"),
        (Field("1", "select", value="a", options=("", "a", "b")), "b"),
        (Field("1", "select", options=("",)), None),
        (Field("1", "checkbox", label="Done"), None),
        (Field("1", "file", label="Photo"), None),
    ],
)
def test_fields_are_filled_as_a_person_would(field: Field, value: str | None) -> None:
    assert value_for(field, "q1") == value
