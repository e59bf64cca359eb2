import pytest
from pydantic import ValidationError

from stackwright.tools.app_requests import HttpRequest
from stackwright.tools.files import WriteFile


@pytest.mark.parametrize("text", ["\ud800", "a\0b", "x\udfffy"])
def test_text_that_cannot_be_stored_is_refused_with_the_arguments(text: str) -> None:
    with pytest.raises(ValidationError, match="lone surrogate or NUL"):
        WriteFile.model_validate({"path": "a.txt", "content": text})
    with pytest.raises(ValidationError, match="lone surrogate or NUL"):
        HttpRequest.model_validate({"path": "/", "body": text})


def test_unknown_arguments_are_refused() -> None:
    with pytest.raises(ValidationError, match="Extra inputs"):
        WriteFile.model_validate({"path": "a", "content": "b", "mode": "w"})
