from dataclasses import dataclass
from typing import Any, cast

from stackwright.agent.models.base import Message
from stackwright.runs.cassettes import of_run


@dataclass
class Run:
    input: str


def said(role: Any, text: str) -> Message:
    return Message(role, ({"type": "text", "text": text},))


TALK = [
    said("user", "one"),
    said("assistant", "first"),
    said("user", "two"),
    said("assistant", "second"),
    said("user", "one"),
    said("assistant", "third"),
]


def part(run: str, *later: str) -> list[str]:
    found = of_run(cast("Any", Run(run)), [cast("Any", Run(text)) for text in later], TALK)
    return [message.text for message in found]


def test_a_run_has_what_follows_its_message_up_to_that_of_the_next() -> None:
    assert part("two", "one") == ["two", "second"]
    assert part("one") == ["one", "third"]


def test_of_two_runs_with_the_same_message_the_right_one_is_taken() -> None:
    assert part("one", "two", "one") == ["one", "first"]


def test_a_run_without_conversation_has_none() -> None:
    assert part("Check again") == []
