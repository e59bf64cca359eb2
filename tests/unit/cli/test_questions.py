import pytest
import typer

from stackwright.cli.questions import answers_of, chosen

ONE = [{"name": "answer", "kind": "text"}]
FORM = [{"name": "colour", "kind": "choice"}, {"name": "days", "kind": "multi_choice"}]


def test_one_text_answers_a_single_question_whatever_it_holds() -> None:
    assert answers_of(ONE, ["a = b"]) == {"answer": "a = b"}
    assert answers_of(ONE, ["answer=red"]) == {"answer": "red"}


def test_a_form_is_answered_field_by_field() -> None:
    given = ["colour=red", "days=Mo", "days=Tu=1"]
    assert answers_of(FORM, given) == {"colour": "red", "days": ["Mo", "Tu=1"]}


@pytest.mark.parametrize("given", [["red"], ["colour=red"], ["colour=red", "size=1"]])
def test_what_does_not_fit_the_form_is_refused_with_its_names(given: list[str]) -> None:
    with pytest.raises(typer.BadParameter, match="days"):
        answers_of(FORM, given)


def test_choices_are_named_in_any_case_with_commas_between() -> None:
    assert chosen("tu, MO,tu", ["Mo", "Tu"]) == ["Tu", "Mo"]
    assert chosen("Salt, no pepper", ["Salt, no pepper", "Both"]) == ["Salt, no pepper"]


@pytest.mark.parametrize("said", ["", " , ", "Mo, We"])
def test_what_is_no_choice_is_asked_again(said: str) -> None:
    with pytest.raises(typer.BadParameter, match="Choose from: Mo, Tu"):
        chosen(said, ["Mo", "Tu"])
