from stackwright.agent.contract import Told
from stackwright.agent.models.base import Message
from stackwright.agent.replay import retell
from stackwright.agent.state import user_text
from stackwright.core.events import Event


def said(text: str, *calls: str) -> Message:
    uses = [{"type": "tool_use", "id": c, "name": "write_file", "input": {}} for c in calls]
    return Message("assistant", ({"type": "text", "text": text}, *uses))


def results(*calls: str) -> Message:
    return Message(
        "user",
        tuple({"type": "tool_result", "tool_use_id": c, "content": f"did {c}"} for c in calls),
    )


def told_again(
    messages: list[Message], started: set[str], refused: set[str] | None = None
) -> list[tuple[str, str]]:
    events: list[Event] = []
    retell(messages, "now", Told(started, refused or set()), events.append)
    fields = {"agent_thinking": "token", "tool_start": "tool_id", "tool_complete": "tool_id"}
    return [(e.type, getattr(e, fields[e.type]) if e.type in fields else "") for e in events]


RESET = ("message_reset", "")


def test_half_a_message_is_void_and_nothing_is_told_when_nothing_was_lost() -> None:
    conversation = [user_text("now"), said("I begin.", "a"), results("a")]
    assert told_again(conversation, {"a"}) == [
        RESET,
        ("tool_start", "a"),
        ("tool_complete", "a"),
    ]


def test_steps_after_the_last_known_call_are_told_in_order() -> None:
    conversation = [
        user_text("now"),
        said("One.", "a"),
        results("a"),
        said("Two.", "b"),
        results("b"),
        said("The end."),
    ]
    assert told_again(conversation, {"a"})[3:] == [
        ("agent_thinking", "Two."),
        ("tool_start", "b"),
        ("tool_complete", "b"),
        ("agent_thinking", "The end."),
    ]


def test_a_call_without_a_result_is_left_to_whoever_runs_it() -> None:
    assert told_again([user_text("now"), said("One.", "a")], set()) == [
        RESET,
        ("agent_thinking", "One."),
    ]


def test_earlier_runs_are_not_told_again() -> None:
    conversation = [user_text("before"), said("Old."), user_text("now")]
    assert told_again(conversation, set()) == [RESET]


def test_of_calls_made_together_also_those_are_told_whose_start_was_lost() -> None:
    conversation = [user_text("now"), said("Three.", "a", "b", "c"), results("a", "b", "c")]
    assert told_again(conversation, {"a"}, {"c"}) == [
        RESET,
        ("tool_start", "a"),
        ("tool_complete", "a"),
        ("tool_start", "b"),
        ("tool_complete", "b"),
    ]
