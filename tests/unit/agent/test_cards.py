import pytest

from stackwright.agent.cards import budget_card, choice_of
from stackwright.agent.contract import BudgetReached

CHOICES = ("Raise the limit by $2.00", "Go on with claude-haiku, which costs less", "Stop here")


@pytest.mark.parametrize(
    ("answer", "choice"),
    [
        ({"choice": "Raise the limit by $2.00"}, 0),
        ({"choice": "raise the limit by $2.00"}, 0),
        ({"text": "raise"}, 0),
        ({"text": "Raise it, please"}, 0),
        ("Stop", 2),
        ({"choice": "Go on with claude-haiku, which costs less"}, 1),
    ],
)
def test_a_choice_is_known_by_its_text_or_its_first_word(answer: object, choice: int) -> None:
    assert choice_of(answer, CHOICES) == CHOICES[choice]


@pytest.mark.parametrize(
    "answer", ["", {"text": "  "}, {"text": "why does it cost that?"}, {"n": 1}]
)
def test_an_unclear_answer_chooses_nothing(answer: object) -> None:
    assert choice_of(answer, CHOICES) == ""


def test_a_card_offers_what_is_possible() -> None:
    only_stop = budget_card(BudgetReached("Why?", key="run:1", times=1))
    assert only_stop["fields"][0]["choices"] == ["Stop here"]
    reached = BudgetReached("Why?", key="run:1", times=2, more="$2.00", smaller="claude-haiku")
    card = budget_card(reached)
    assert tuple(card["fields"][0]["choices"]) == CHOICES[:1] + CHOICES[1:]
    assert card["card"] == {"kind": "budget", "key": "run:1", "times": 2}
