import pytest
from pydantic import ValidationError

from stackwright.api.schemas.messages import AnswerRequest


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_an_answer_that_no_json_can_hold_is_refused(number: float) -> None:
    with pytest.raises(ValidationError):
        AnswerRequest.model_validate({"answers": {"amount": number}})


@pytest.mark.parametrize("answer", ["text", ["a", "b"], True, 2.5, 3])
def test_answers_of_each_kind_are_taken(answer: object) -> None:
    assert AnswerRequest.model_validate({"answers": {"amount": answer}}).answers["amount"] == answer
