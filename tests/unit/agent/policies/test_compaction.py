from stackwright.agent.models.base import Message
from stackwright.agent.policies.compaction import (
    CLEARED,
    KEEP_RESULTS,
    cut_index,
    with_old_results_cleared,
)
from stackwright.agent.policies.summary import Compaction


def said(text: str) -> Message:
    return Message("user", ({"type": "text", "text": text},))


def step(number: int, output: str) -> list[Message]:
    call = {"type": "tool_use", "id": f"t{number}", "name": "t", "input": {}}
    answer = {"type": "tool_result", "tool_use_id": f"t{number}", "content": output}
    return [Message("assistant", (call,)), Message("user", (answer,))]


def test_only_old_long_results_are_cleared_and_the_history_is_not_touched() -> None:
    steps = [step(n, "x" * 1000) for n in range(10)]
    history = [said("hi"), *(m for pair in steps for m in pair)]
    cleared = with_old_results_cleared(history)
    contents = [m.content[0]["content"] for m in cleared if m.content[0]["type"] == "tool_result"]
    assert contents.count(CLEARED) == 10 - KEEP_RESULTS
    assert CLEARED not in contents[-KEEP_RESULTS:]
    assert history[2].content[0]["content"] == "x" * 1000


def test_a_conversation_is_cut_where_the_person_speaks() -> None:
    history = [said("first"), *step(1, "x" * 4000), said("second"), *step(2, "y" * 4000)]
    assert cut_index(history, keep_tokens=100) == 3
    assert cut_index([said("only"), *step(1, "x")], keep_tokens=1) == 0


def test_a_summary_stands_before_the_kept_end() -> None:
    history = [said("first"), said("second"), said("third")]
    sent = Compaction("They greeted.", 2).apply(history)
    assert "They greeted." in sent[0].text
    assert sent[1:] == history[2:]
