"""What a message asks for before any model reads it."""

import pytest

from stackwright.runs.incoming_message import kind_of


@pytest.mark.parametrize(
    "message",
    ["check again", "Check it again.", "please verify the app again!", "Test everything again", "prove my app once again, please"],
)  # fmt: skip
def test_a_message_that_only_asks_for_another_proof_needs_no_model(message: str) -> None:
    assert kind_of(message) == "proof"


@pytest.mark.parametrize(
    "message",
    ["check again whether the button is green", "add a check again button", "again", "check",
     "check the prices again", "check again" + " " * 200],
)  # fmt: skip
def test_any_other_message_is_for_the_model(message: str) -> None:
    assert kind_of(message) == "chat"
