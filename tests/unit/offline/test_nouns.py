import pytest

from stackwright.offline.nouns import clean_noun


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("the wine bottles", "wine_bottle"),
        ("a list of spare parts", "spare_part"),
        ("foster family", "foster_family"),
        ("sales order", "sales_order"),
    ],
)
def test_a_name_with_an_article_is_a_noun(phrase: str, name: str) -> None:
    found = clean_noun(phrase)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(
    "phrase",
    [
        "it a mess",
        "Car cannot",
        "Martha keeps it",
        "employees request vacation",
        "plays music",
        "below the requirements",
        "picked on",
    ],
)
def test_what_tells_something_is_no_noun(phrase: str) -> None:
    assert clean_noun(phrase) is None
