from stackwright.agent.attachments import answer_text, shown
from stackwright.core.attachments import ATTACHED, Attachment

PICTURE = Attachment(
    name="m.png",
    kind="picture",
    media_type="image/png",
    sha256="p",
    size_bytes=9,
    width=8,
    height=8,
)
TEXT = Attachment(name="n.txt", kind="text", media_type="text/plain", sha256="t", size_bytes=4)


async def read(sha256: str) -> bytes | None:
    return {"t": b"blue"}.get(sha256)


async def test_each_attachment_is_named_before_it_is_shown() -> None:
    label, picture, text = await shown([PICTURE, TEXT], read)
    assert label["text"] == f"{ATTACHED} m.png:]"
    assert picture["source"]["sha256"] == "p"
    assert "m.png" in picture["instead"]
    assert text["text"] == f"{ATTACHED} n.txt:]\nblue"


async def test_a_text_that_is_gone_or_blank_is_no_empty_block() -> None:
    gone = TEXT.model_copy(update={"sha256": "x"})
    (block,) = await shown([gone], read)
    assert block["text"].endswith("(not kept any more)")


def test_the_message_that_is_an_answer_is_its_text() -> None:
    assert answer_text({"text": "Blue"}) == "Blue"
    assert answer_text({"colour": "blue"}) == ""
    assert answer_text("Blue") == "Blue"
