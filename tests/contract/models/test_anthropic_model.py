"""What only the Anthropic adapter does."""

import pytest

from stackwright.agent.models.base import Message, ModelFailed, ModelTurn, TextDelta
from stackwright.testing.faults import FAULTS, error_body
from stackwright.testing.script import faulty, say, think, together
from stackwright.testing.scripted_model import ScriptedModel

pytestmark = [
    pytest.mark.integration,
    pytest.mark.parametrize("model", ["anthropic"], indirect=True),
]


def user(text: str) -> Message:
    return Message("user", ({"type": "text", "text": text},))


async def test_thinking_is_streamed_apart_and_kept_with_its_signature(
    server: ScriptedModel, model
) -> None:
    server.script(together(think("Let me see."), say("Here.")), say("More."))
    events = [e async for e in model.stream([user("hi")], system="s", tools=())]
    turn = events[-1]
    assert isinstance(turn, ModelTurn)
    assert turn.content[0]["type"] == "thinking"
    assert turn.content[0]["signature"]
    assert {e.kind for e in events if isinstance(e, TextDelta)} == {"thinking", "text"}
    again = [user("hi"), Message("assistant", turn.content), user("more")]
    assert [e async for e in model.stream(again, system="s", tools=())]
    assert server.refusals == []


async def test_a_model_that_takes_no_temperature_is_asked_without(
    server: ScriptedModel, model, monkeypatch: pytest.MonkeyPatch
) -> None:
    sentence = "`temperature` is deprecated for this model."
    refused = type(FAULTS["500"])(
        400,
        (error_body("invalid_request_error", sentence),),
        "close",
        "application/json",
    )
    monkeypatch.setitem(FAULTS, "no_temperature", refused)
    server.script(faulty(say("Fine."), "no_temperature"))
    events = [e async for e in model.stream([user("hi")], system="s", tools=())]
    assert events[-1].content[0]["text"] == "Fine."
    assert ["temperature" in r.body for r in server.requests] == [True, False]


async def test_calls_that_follow_each_other_share_one_connection(
    server: ScriptedModel, model
) -> None:
    server.script(say("Fine."))
    for _ in range(3):
        assert [e async for e in model.stream([user("hi")], system="s", tools=())]
    assert server.connections == 1


async def test_pings_are_no_sign_of_life(server: ScriptedModel, model) -> None:
    server.script(faulty(say("never"), "ping_forever"))
    with pytest.raises(ModelFailed, match="in time"):
        assert [e async for e in model.stream([user("hi")], system="s", tools=())]


async def test_a_wait_that_the_server_asks_for_is_known(server: ScriptedModel, model) -> None:
    server.script(faulty(say("never"), "429"))
    with pytest.raises(ModelFailed) as caught:
        assert [e async for e in model.stream([user("hi")], system="s", tools=())]
    assert caught.value.wait_s == 1.0
