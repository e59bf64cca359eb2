from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from stackwright.agent.models.base import Message
from stackwright.agent.policies.repair import repaired
from stackwright.testing.request_rules import check_messages_request

TOOLS = [{"name": "t", "description": "d", "input_schema": {"type": "object"}}]


def text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": words}


def use(tool_id: str, name: str = "t") -> dict[str, Any]:
    return {"type": "tool_use", "id": tool_id, "name": name, "input": {}}


def result(tool_id: str) -> dict[str, Any]:
    return {"type": "tool_result", "tool_use_id": tool_id, "content": "ok"}


def accept(messages: tuple[Message, ...]) -> None:
    sent = [{"role": m.role, "content": list(m.content)} for m in messages]
    check_messages_request({"model": "m", "max_tokens": 10, "messages": sent, "tools": TOOLS})


def test_a_sound_conversation_stays_as_it_is() -> None:
    sound = (
        Message("user", (text("hi"),)),
        Message("assistant", (text("ok"), use("a"), use("b"))),
        Message("user", (result("a"), result("b"))),
        Message("assistant", (text("done"),)),
        Message("user", (text("more"),)),
    )
    assert repaired(sound) == sound


def test_a_dangling_call_is_answered_before_the_next_words() -> None:
    made = repaired(
        [
            Message("user", (text("hi"),)),
            Message("assistant", (use("a"), use("b"))),
            Message("user", (result("b"), text("next"))),
        ]
    )
    kinds = [(b["type"], b.get("tool_use_id")) for b in made[-1].content]
    assert kinds == [("tool_result", "a"), ("tool_result", "b"), ("text", None)]
    accept(made)


def test_calls_that_share_an_id_or_have_an_ill_one_keep_their_own_results() -> None:
    def told(tool_id: str, words: str) -> dict[str, Any]:
        return {**result(tool_id), "content": words}

    made = repaired(
        [
            Message("user", (text("hi"),)),
            Message("assistant", (use("a"), use("call:1/ü"), use("a"))),
            Message("user", (told("a", "1"), told("call:1/ü", "2"), told("a", "3"))),
            Message("assistant", (use("a"), use("", "bad name!"), use("call_1"))),
            Message("user", (told("a", "4"), told("", "5"), told("call_1", "6"))),
        ]
    )
    accept(made)
    calls = [c["id"] for m in made for c in m.tool_calls]
    answers = {b["tool_use_id"]: b["content"] for m in made for b in m.content if "content" in b}
    assert calls[0] == "a"
    assert [answers[tool_id] for tool_id in calls] == list("123456")
    assert repaired(made) == made


BLOCKS = st.one_of(
    st.sampled_from(["", "  ", "words"]).map(text),
    st.sampled_from("abc").map(result),
)
THOUGHT = {"type": "redacted_thinking", "data": "x"}
SPOKEN = st.sampled_from(["", "words"]).map(text)


@st.composite
def conversations(draw: st.DrawFn) -> list[Message]:
    out = [Message("user", (text("hi"),))] if draw(st.booleans()) else []
    for number in range(draw(st.integers(0, 6))):
        if draw(st.booleans()):
            out.append(Message("user", tuple(draw(st.lists(BLOCKS, min_size=1, max_size=3)))))
            continue
        ids = st.sampled_from([f"{number}a", f"{number}b", "a", "", "ü"])
        names = st.sampled_from(["t", "t t", "x" * 200])
        calls = [use(draw(ids), draw(names)) for _ in range(draw(st.integers(0, 2)))]
        said = draw(st.lists(SPOKEN, max_size=1))
        thought = draw(st.lists(st.just(THOUGHT), max_size=1))
        if thought or said or calls:
            out.append(Message("assistant", (*thought, *said, *calls)))
    return [*out, Message("user", (text("now"),))]


@settings(max_examples=200, deadline=None)
@given(conversations())
def test_whatever_was_stored_the_request_is_accepted(conversation: list[Message]) -> None:
    made = repaired(conversation)
    accept(made)
    assert made[-1].role == "user"
    assert all(one.role != other.role for one, other in pairwise(made))
