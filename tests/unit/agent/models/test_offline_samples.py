from contextlib import aclosing
from typing import Any

import orjson
import pytest

from stackwright.agent.models.base import Message, ModelTurn
from stackwright.agent.models.offline import OfflineModel
from stackwright.agent.models.offline_samples import is_removal, take_samples
from stackwright.offline.reader import read_app

TOOLS = ({"name": "http_request"},)
REQUEST = "books with title and author, and loans of a book with a due date, with 2 sample records"
SPEC = read_app("books with title and author, and loans of a book with a due date").spec


def user(text: str) -> Message:
    return Message("user", ({"type": "text", "text": text},))


def made(number: int) -> str:
    return f'HTTP 201 in 3 ms\n{{"id": "{number:024x}"}}'


async def turn_of(talk: list[Message]) -> ModelTurn:
    async with aclosing(OfflineModel().stream(talk, system="", tools=TOOLS)) as stream:
        *_, turn = [event async for event in stream]
    assert isinstance(turn, ModelTurn)
    return turn


def after(talk: list[Message], turn: ModelTurn, results: list[str]) -> list[Message]:
    inputs = {call.tool_id: orjson.loads(call.arguments_json) for call in turn.calls}
    blocks = [
        {**block, "input": inputs[block["id"]]} if block["type"] == "tool_use" else block
        for block in turn.content
    ]
    told = [
        {"type": "tool_result", "tool_use_id": call.tool_id, "content": result}
        for call, result in zip(turn.calls, results, strict=True)
    ]
    return [*talk, Message("assistant", tuple(blocks)), Message("user", tuple(told))]


def requests(turn: ModelTurn) -> list[dict[str, Any]]:
    return [orjson.loads(c.arguments_json) for c in turn.calls if c.tool_name == "http_request"]


async def with_samples() -> tuple[list[Message], str]:
    """A new app whose sample data was asked for with it: the talk, and what was said last."""
    talk = [user(REQUEST)]
    number = 0
    while (turn := await turn_of(talk)).calls:
        results: list[str] = []
        for call in turn.calls:
            number += call.tool_name == "http_request"
            results.append(
                {
                    "set_wishes": "The wishes:\nw1 (data) Books\nw2 (data) Loans\n",
                    "http_request": made(number),
                    "check_app": "Verified.",
                }.get(call.tool_name, "ok")
            )
        talk = after(talk, turn, results)
    text = "".join(block["text"] for block in turn.content if block["type"] == "text")
    return [*talk, Message("assistant", turn.content)], text


async def test_records_are_sent_to_the_running_app_what_they_point_at_first() -> None:
    talk, said = await with_samples()
    sent = [c["input"] for m in talk for c in m.tool_calls if c["name"] == "http_request"]
    assert [one["path"] for one in sent] == ["/api/books"] * 2 + ["/api/loans"] * 2
    assert sent[2]["body"]["book_id"] == f"{1:024x}"
    assert "Sample data: 2 books, 2 loans." in said
    wishes = [c["input"]["wishes"] for m in talk for c in m.tool_calls if c["name"] == "set_wishes"]
    assert "with 2 sample records" in wishes[0][0]["quotes"] + wishes[0][1]["quotes"]


async def test_sample_data_goes_again_and_nothing_else() -> None:
    talk, _ = await with_samples()
    talk.append(user("remove the sample data"))
    turn = await turn_of(talk)
    gone = requests(turn)
    assert {one["method"] for one in gone} == {"DELETE"}
    assert gone[0]["path"] == f"/api/loans/{4:024x}"
    talk = after(talk, turn, ["HTTP 204 in 1 ms"] * 4)
    turn = await turn_of(talk)
    assert turn.content[0]["text"] == "4 sample records were deleted."
    talk += [Message("assistant", turn.content), user("remove the sample data")]
    assert not (await turn_of(talk)).calls


async def test_an_app_that_is_there_is_filled_on_request() -> None:
    talk, _ = await with_samples()
    talk.append(user("add 3 sample books"))
    shown = orjson.dumps({"spec": SPEC.model_dump(mode="json")}).decode()
    talk = after(talk, await turn_of(talk), [shown])
    turn = await turn_of(talk)
    assert [one["path"] for one in requests(turn)] == ["/api/books"] * 3
    talk = after(talk, turn, [made(9), "HTTP 422 in 2 ms\n{}", made(10)])
    (block,) = (await turn_of(talk)).content
    assert block["text"].startswith("Sample data: 2 books. The app refused 1 more.")


@pytest.mark.parametrize(
    ("request_", "rest", "count", "kind"),
    [
        ("books with title, with some example data", "books with title", 5, ""),
        ("books with title. Fill it with 20 sample books.", "books with title.", 20, "books"),
        ("add demo data", "", 5, ""),
        ("books with title. Example data please.", "books with title. .", 5, ""),
        ("please generate 500 test records", "", 20, ""),
    ],
)
def test_a_wish_for_sample_data_is_found(request_: str, rest: str, count: int, kind: str) -> None:
    left, wanted = take_samples(request_)
    assert wanted is not None
    assert (left.rstrip("."), wanted.count, wanted.kind) == (rest.rstrip("."), count, kind)


def test_samples_of_a_laboratory_are_no_sample_data() -> None:
    for text in (
        "samples with sample code and tests",
        "a lab with test results and sample numbers",
    ):
        assert take_samples(text) == (text, None)
    assert is_removal("Remove the sample data")
    assert not is_removal("remove the sample code")
