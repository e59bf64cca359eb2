import pytest
from pydantic import TypeAdapter, ValidationError

from stackwright.api.schemas.base import PlainLine, PlainText


@pytest.mark.parametrize("text", ["a\0b", "half \ud83d"])
def test_text_that_cannot_be_stored_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(PlainText).validate_python(text)


def test_a_line_has_no_breaks_and_no_margins() -> None:
    assert TypeAdapter(PlainLine).validate_python("  a shop ") == "a shop"
    with pytest.raises(ValidationError):
        TypeAdapter(PlainLine).validate_python("a\nshop")
