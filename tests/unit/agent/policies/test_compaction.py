from itertools import pairwise

from stackwright.agent.models.base import CONTEXT_OVERFLOW, Message, ModelFailed
from stackwright.agent.policies.base import TurnRequest
from stackwright.agent.policies.compaction import (
    CLEAR_AT_ONCE,
    CLEARED,
    KEEP_RESULTS,
    ClearOldResults,
    cut_index,
    with_old_results_cleared,
)
from stackwright.agent.policies.summary import Compactor, Conversation


def said(text: str) -> Message:
    return Message("user", ({"type": "text", "text": text},))


def step(number: int, output: str) -> list[Message]:
    call = {"type": "tool_use", "id": f"t{number}", "name": "t", "input": {}}
    answer = {"type": "tool_result", "tool_use_id": f"t{number}", "content": output}
    return [Message("assistant", (call,)), Message("user", (answer,))]


def steps(count: int, output: str) -> list[Message]:
    return [message for number in range(count) for message in step(number, output)]


class Secretary:
    """Summarises everything as "So far.", and remembers what it was given."""

    def __init__(self, most_chars: int = 1_000_000) -> None:
        self.read: list[str] = []
        self.most_chars = most_chars

    async def summary_of(self, text: str) -> str:
        self.read.append(text)
        if len(text) > self.most_chars:
            raise ModelFailed("Too long.", code=CONTEXT_OVERFLOW, is_retryable=False)
        return "So far."


def test_only_old_long_results_are_cleared_and_the_history_is_not_touched() -> None:
    count = KEEP_RESULTS + CLEAR_AT_ONCE
    history = [said("hi"), *steps(count, "x" * 1000)]
    cleared = with_old_results_cleared(history)
    contents = [m.content[0]["content"] for m in cleared if m.content[0]["type"] == "tool_result"]
    assert contents.count(CLEARED) == CLEAR_AT_ONCE
    assert CLEARED not in contents[-KEEP_RESULTS:]
    assert history[2].content[0]["content"] == "x" * 1000


def test_results_are_cleared_in_groups_so_that_most_requests_begin_like_the_one_before() -> None:
    policy = ClearOldResults(threshold_tokens=0)
    sent = [
        policy.apply(TurnRequest((said("hi"), *steps(count, "x" * 1000)), "s", (), origin="o"))
        for count in range(40)
    ]
    same = sum(
        later.messages[: len(earlier.messages)] == earlier.messages
        for earlier, later in pairwise(sent)
    )
    assert same == 39 - (40 - KEEP_RESULTS) // CLEAR_AT_ONCE
    assert len({request.origin for request in sent}) == 40 - 1 - same + 1


def test_a_conversation_is_cut_where_the_person_speaks() -> None:
    history = [said("first"), *step(1, "x" * 4000), said("second"), *step(2, "y" * 4000)]
    assert cut_index(history, keep_tokens=100, most_tokens=10_000) == 3
    assert cut_index([said("only")], keep_tokens=1, most_tokens=10) == 0


def test_one_long_run_is_cut_between_two_steps() -> None:
    history = [said("build"), *steps(30, "x" * 4000)]
    index = cut_index(history, keep_tokens=3500, most_tokens=14_000)
    assert history[index].role == "assistant"
    assert len(history) - index == 6


async def test_a_summary_stands_before_the_kept_end() -> None:
    history = (said("first " * 1000), *steps(4, "x"), said("second"), said("third"))
    secretary = Secretary()
    made = await Compactor(threshold_tokens=500).compacted(Conversation(history), secretary)
    assert made.sent()[0].text.endswith("So far.")
    assert made.messages == history[made.start :]
    assert "first first" in secretary.read[0]


async def test_a_cut_in_the_middle_of_a_run_repeats_the_persons_words() -> None:
    history = (said("Build a shop, in blue."), *steps(40, "x" * 390))
    secretary = Secretary()
    once = await Compactor(threshold_tokens=2000).compacted(Conversation(history), secretary)
    assert once.sent()[0].text.endswith("Build a shop, in blue.")
    longer = Conversation((*once.messages, *steps(40, "y" * 390)), once.summary, once.start)
    twice = await Compactor(threshold_tokens=2000).compacted(longer, secretary)
    assert twice.start > once.start
    assert twice.sent()[0].text.endswith("Build a shop, in blue.")
    assert "So far." in secretary.read[1]


async def test_a_request_that_was_too_long_is_cut_whatever_the_threshold_is() -> None:
    history = (said("first"), *steps(20, "x" * 4000), said("second"))
    whole = Conversation(history)
    assert await Compactor(1_000_000).compacted(whole, Secretary()) is whole
    shorter = await Compactor(1_000_000).shortened(whole, Secretary())
    assert shorter.start > 0


async def test_what_is_summarised_at_once_is_bounded() -> None:
    secretary = Secretary()
    history = (*(said("long " * 50_000) for _ in range(10)), said("now"))
    await Compactor(threshold_tokens=1000).compacted(Conversation(history), secretary)
    assert len(secretary.read[0]) < 210_000


async def test_what_is_summarised_is_less_than_half_of_what_the_model_refused() -> None:
    history = (*(said("word " * 2000) for _ in range(8)), said("now"))
    secretary = Secretary()
    await Compactor(None).shortened(Conversation(history), secretary)
    assert len(secretary.read[0]) < 42_000


async def test_a_summary_that_is_too_long_too_is_made_of_less_and_at_last_left_out() -> None:
    history = (*(said("word " * 2000) for _ in range(8)), said("now"))
    patient, helpless = Secretary(most_chars=12_000), Secretary(most_chars=0)
    made = await Compactor(None).shortened(Conversation(history), patient)
    assert made.summary.startswith("So far.")
    assert len(patient.read) == 3
    cut = await Compactor(None).shortened(Conversation(history), helpless)
    assert cut.start == made.start
    assert "too long to be summarised" in cut.summary
