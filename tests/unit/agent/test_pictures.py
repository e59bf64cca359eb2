import io
from typing import Any

from PIL import Image

from stackwright.agent.contract import FEEDBACK_PREFIX
from stackwright.agent.models.base import Message, result_text
from stackwright.agent.pictures import CLEARED, GONE, Album, ClearOldPictures, picture_block
from stackwright.agent.policies.base import TurnRequest
from stackwright.tools.base import Picture


def png(width: int = 4, height: int = 4) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(out, "PNG")
    return out.getvalue()


def kept(sha256: str, width: int = 1280, height: int = 800) -> Any:
    return picture_block(Picture(sha256, "image/png", width, height, instead="- main: Hello"))


def result(number: int, *pictures: Any) -> Message:
    content = [{"type": "text", "text": "ok"}, *pictures]
    return Message(
        "user", ({"type": "tool_result", "tool_use_id": str(number), "content": content},)
    )


def request_of(*messages: Message) -> TurnRequest:
    return TurnRequest(messages, "system", (), "model")


def inner(message: Message) -> list[Any]:
    return list(message.content[0]["content"])


async def album_of(pictures: dict[str, bytes], *messages: Message) -> Album:
    async def read(sha256: str) -> bytes | None:
        return pictures.get(sha256)

    album = Album(read)
    await album.load(messages)
    return album


async def test_a_picture_is_sent_to_models_that_take_them_and_told_to_others() -> None:
    message = result(1, kept("a"))
    album = await album_of({"a": png()}, message)
    shown = inner(album.shown(request_of(message), takes_images=True).messages[0])[1]
    assert shown["source"]["media_type"] == "image/png"
    assert set(shown) == {"type", "source"}
    told = inner(album.shown(request_of(message), takes_images=False).messages[0])[1]
    assert told == {"type": "text", "text": "- main: Hello"}


async def test_a_picture_that_is_gone_or_broken_leaves_a_sentence() -> None:
    message = result(1, kept("a"), kept("b", width=5000))
    album = await album_of({"b": b"no picture"}, message)
    shown = inner(album.shown(request_of(message), takes_images=True).messages[0])
    assert [one["text"] for one in shown[1:]] == [GONE, GONE]


async def test_a_large_picture_is_made_smaller() -> None:
    message = result(1, kept("a", width=1280, height=4000))
    album = await album_of({"a": png(1280, 4000)}, message)
    shown = inner(album.shown(request_of(message), takes_images=True).messages[0])[1]
    assert len(shown["source"]["data"]) < 100_000


def test_old_pictures_are_cleared_in_groups_and_the_persons_stay() -> None:
    mine = Message("user", ({"type": "text", "text": "like this"}, kept("mine")))
    for count, cleared in ((4, 0), (7, 0), (8, 4), (11, 4), (12, 8)):
        messages = [mine, *(result(n, kept(str(n))) for n in range(count))]
        request = ClearOldPictures().apply(request_of(*messages))
        gone = [m for m in request.messages if CLEARED in str(m.content)]
        assert len(gone) == cleared
        assert (request.origin == "model") == (cleared == 0)
        assert request.messages[0] is mine


def test_pictures_of_the_harness_count_as_those_of_tools() -> None:
    told = {"type": "text", "text": f"{FEEDBACK_PREFIX}It fails."}
    messages = [Message("user", (told, kept(str(n)))) for n in range(8)]
    request = ClearOldPictures().apply(request_of(*messages))
    assert [CLEARED in str(m.content) for m in request.messages] == [True] * 4 + [False] * 4


def test_pictures_count_by_their_pixels_and_not_by_their_names() -> None:
    plain, seen = result(1), result(1, kept("a"))
    assert 4 * 1300 < seen.size - plain.size < 4 * 1500


def test_the_words_of_a_result_are_those_around_its_pictures() -> None:
    assert result_text(result(1, kept("a")).content[0]) == "ok"
    assert result_text({"type": "tool_result", "content": "plain"}) == "plain"
