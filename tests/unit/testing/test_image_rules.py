import base64
import io
from typing import Any

import pytest
from PIL import Image

from stackwright.testing.image_rules import tokens_of_request
from stackwright.testing.request_rules import BadRequest, check_messages_request


def image(kind: str = "PNG", size: tuple[int, int] = (8, 8), **source: Any) -> dict[str, Any]:
    out = io.BytesIO()
    Image.new("L", size).save(out, kind)
    data = base64.b64encode(out.getvalue()).decode()
    given = {"type": "base64", "media_type": f"image/{kind.lower()}", "data": data, **source}
    return {"type": "image", "source": given}


def body(*blocks: Any) -> dict[str, Any]:
    return {"model": "m", "max_tokens": 1, "messages": [{"role": "user", "content": list(blocks)}]}


def test_a_sound_picture_passes_and_costs_by_its_pixels() -> None:
    asked = body({"type": "text", "text": "like this"}, image(), image("JPEG", (750, 100)))
    check_messages_request(asked)
    assert tokens_of_request(asked, 10**5) < 10**5 // 4 + 110


@pytest.mark.parametrize(
    ("block", "sentence"),
    [
        (image(media_type="image/svg+xml"), "media_type: Input should be"),
        (image(media_type="image/jpeg"), "does not match the provided media type"),
        (image(data="%%%"), "valid base64"),
        (image(data=base64.b64encode(b"<svg/>").decode()), "Could not process image"),
        (image(data=base64.b64encode(b"x" * 6_000_000).decode()), "exceeds 5 MB maximum"),
        (image(size=(8001, 1)), "max allowed size: 8000"),
        (image(sha256="x"), "Extra inputs are not permitted"),
        ({"type": "image", "source": {"type": "kept", "sha256": "x"}}, "source: Input tag"),
        ({**image(), "instead": "x"}, "instead: Extra inputs"),
    ],
)
def test_what_the_api_refuses_is_refused(block: Any, sentence: str) -> None:
    with pytest.raises(BadRequest, match=sentence):
        check_messages_request(body(block))


def test_an_error_holds_text_only() -> None:
    failed = {"type": "tool_result", "tool_use_id": "a", "content": [image()], "is_error": True}
    use = {"type": "tool_use", "id": "a", "name": "t", "input": {}}
    asked = body({"type": "text", "text": "hi"})
    asked["messages"] += [
        {"role": "assistant", "content": [use]},
        {"role": "user", "content": [failed]},
    ]
    with pytest.raises(BadRequest, match='must be type "text" if "is_error"'):
        check_messages_request(asked)


def test_more_pictures_than_a_request_may_hold_are_refused() -> None:
    with pytest.raises(BadRequest, match="too many images"):
        check_messages_request(body(*[image()] * 101))
