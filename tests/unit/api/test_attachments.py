import base64

import pytest
from pydantic import ValidationError

from stackwright.api.attachments import attachments_of
from stackwright.api.schemas.messages import AttachmentIn
from stackwright.core.errors import BadInput

HELLO = base64.b64encode(b"hello").decode()


@pytest.mark.parametrize(
    "data", [HELLO, f"data:text/plain;base64,{HELLO}", f"{HELLO[:4]}\n{HELLO[4:]}\n"]
)
async def test_base64_may_be_wrapped_or_a_data_address(data: str) -> None:
    (made,) = await attachments_of([AttachmentIn(name="a.txt", data=data)])
    assert (made.name, made.content) == ("a.txt", b"hello")


@pytest.mark.parametrize("data", ["%%%", "a", "data:text/plain;base64,!"])
async def test_what_is_no_base64_is_refused_with_a_sentence(data: str) -> None:
    with pytest.raises(BadInput, match=r"a\.txt is not base64|a\.txt is empty"):
        await attachments_of([AttachmentIn(name="a.txt", data=data)])


@pytest.mark.parametrize("given", [{}, {"data": HELLO, "url": "https://example.org/a.png"}])
def test_an_attachment_has_one_source(given: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="either data or url"):
        AttachmentIn.model_validate(given)
