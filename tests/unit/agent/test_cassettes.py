"""What a cassette keeps of a run: no secrets, no clocks, nothing that was void."""

import gzip
from typing import Any

import pytest

from stackwright.agent.cassettes import (
    MAX_BYTES,
    SCRUBBED,
    Cassette,
    normalised,
    of_agent,
    read_cassette,
    recorded,
    scrubbed,
)
from stackwright.agent.models.base import Message
from stackwright.core.errors import BadInput

SECRETS = [
    "sk-ant-api03-abcdefghijkl",
    "ghp_abcdefghijklmnop1234",
    "AKIAABCDEFGHIJKLMNOP",
    "eyJhbGciOiJI.eyJzdWIiOiIx.SflKxwRJSMeK",
]


@pytest.mark.parametrize("secret", SECRETS)
def test_keys_and_tokens_are_scrubbed_wherever_they_stand(secret: str) -> None:
    for text in (secret, f"export KEY={secret}\nnext", f'{{"key": "{secret}"}}'):
        assert secret not in scrubbed(text)
        assert secret not in str(scrubbed({"command": [text]}))


@pytest.mark.parametrize(
    "text",
    [
        "password: hunter22",
        "Set-Cookie: session=abcdef123; Path=/",
        "Authorization: Bearer abcdef.ghi",
        '"api_key": "value123"',
        "mongodb://ann:hunter22@db/app",
    ],
)
def test_named_secrets_are_scrubbed(text: str) -> None:
    assert SCRUBBED in scrubbed(text)
    for secret in ("hunter22", "abcdef", "value123"):
        assert secret not in scrubbed(text)


def test_values_of_secret_keys_are_scrubbed_and_others_stay() -> None:
    given = {"password": "open", "headers": {"cookie": "a=b"}, "tokens": 5, "path": "token.py"}
    assert scrubbed(given) == {
        "password": SCRUBBED, "headers": {"cookie": SCRUBBED}, "tokens": 5, "path": "token.py",
    }  # fmt: skip
    assert scrubbed("def tokenise(text): return text") == "def tokenise(text): return text"
    assert scrubbed(scrubbed(SECRETS[0])) == scrubbed(SECRETS[0])


def thinking(token: str) -> dict[str, Any]:
    return {"type": "agent_thinking", "token": token, "node": "model", "kind": "text", "seq": 1}


def test_pieces_are_put_together_so_that_no_secret_hides_between_them() -> None:
    cassette = recorded(
        kind="chat", status="answered", message="hi", messages=[],
        events=[thinking("The key is sk-ant-ap"), thinking("i03-abcdefghijkl."), {"type": "agent_complete"}],
    )  # fmt: skip
    assert cassette.events[0]["token"] == f"The key is {SCRUBBED}."


def test_what_was_void_is_left_out() -> None:
    usage = {"type": "usage", "purpose": "build", "model": "m"}
    told = [thinking("Hal"), {"type": "message_reset", "reason": "x"}, {"type": "state", "state": "retrying"}, thinking("Hello"), usage]  # fmt: skip
    assert [event["type"] for event in normalised(told)] == ["agent_thinking", "usage"]
    assert of_agent(told)[0]["token"] == "Hello"


def test_what_a_call_cost_that_broke_off_before_a_word_is_left_out() -> None:
    usage = {"type": "usage", "purpose": "build", "model": "m"}
    told = [
        usage,
        {"type": "state", "state": "retrying"},
        thinking("Hello"),
        {**usage, "model": "n"},
    ]
    assert [event.get("model") for event in of_agent(told)] == [None, "n"]


def test_a_call_is_told_as_its_scrubbed_arguments_say() -> None:
    call = {
        "type": "tool_use",
        "id": "t1",
        "name": "run_command",
        "input": {"command": f"echo {SECRETS[0]}"},
    }
    result = {"type": "tool_result", "tool_use_id": "t1", "content": f"{SECRETS[0]}\n"}
    cassette = recorded(
        kind="chat", status="answered", message="hi",
        messages=[Message("assistant", (call,)), Message("user", (result,))],
        events=[
            {"type": "tool_args_delta", "tool_id": "t1", "tool_name": "run_command", "delta": f'{{"command": "echo {SECRETS[0]}"}}'},
            {"type": "tool_start", "tool_id": "t1", "tool_name": "run_command", "tool_args": call["input"]},
            {"type": "tool_complete", "tool_id": "t1", "tool_name": "run_command", "output_preview": f"{SECRETS[0]}\n", "outcome": "ok"},
        ],
    )  # fmt: skip
    assert SECRETS[0] not in gzip.decompress(cassette.to_bytes()).decode()
    assert cassette.events[0]["delta"] == f'{{"command":"echo {SCRUBBED}"}}'
    assert cassette.events[1]["tool_args"] == {"command": f"echo {SCRUBBED}"}


def test_a_cassette_is_read_as_it_was_written() -> None:
    cassette = Cassette(kind="ask", status="answered", message="hi", messages=(), events=())
    assert read_cassette(cassette.to_bytes()) == cassette
    assert cassette.to_bytes() == cassette.to_bytes()


@pytest.mark.parametrize(
    "wrong", [b"", b"text", gzip.compress(b"[]"), gzip.compress(b'{"format": 2}'), gzip.compress(b" " * (MAX_BYTES + 1))]
)  # fmt: skip
def test_what_is_no_cassette_is_refused(wrong: bytes) -> None:
    with pytest.raises(BadInput, match="no cassette"):
        read_cassette(wrong)
