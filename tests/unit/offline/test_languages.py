import pytest

from stackwright.offline.languages import ANSWERS, foreign_language, is_plain_list


@pytest.mark.parametrize(
    "text",
    [
        "a library with books and authors",
        "Invoices: number, date, total",
        "Café menu: name, price",
        "We rent die cutters and die presses to print shops",
    ],
)
def test_english_is_not_taken_for_another_language(text: str) -> None:
    assert foreign_language(text) == ""


def test_each_language_has_an_answer_of_its_own() -> None:
    assert len(set(ANSWERS.values())) == len(ANSWERS) >= 10


def test_a_list_is_plain_when_each_line_is_a_name_and_its_fields() -> None:
    assert is_plain_list("Bücher: Titel, Autor\nMitglieder (Name, Telefon)")
    assert not is_plain_list("Ich möchte eine App für meine Bücher")
