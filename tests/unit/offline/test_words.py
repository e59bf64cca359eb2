import pytest

from stackwright.offline.words import label, plural, singular, snake

PAIRS = [
    ("line_item", "line_items"), ("category", "categories"), ("person", "people"), ("box", "boxes"),
    ("class", "classes"), ("equipment", "equipment"), ("quiz", "quizzes"), ("analysis", "analyses"),
    ("bus", "buses"), ("hive", "hives"), ("movie", "movies"), ("shelf", "shelves"), ("child", "children"),
    ("status", "statuses"), ("day", "days"), ("hero", "heroes"), ("series", "series"), ("woman", "women"),
    ("house", "houses"), ("address", "addresses"), ("expense", "expenses"), ("course", "courses"),
    ("crew_member", "crew_members"), ("dish", "dishes"), ("database", "databases"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "many"), PAIRS)
def test_a_noun_goes_to_its_plural_and_back(one: str, many: str) -> None:
    assert plural(one) == many
    assert singular(many) == one
    assert singular(one) == one


def test_names_and_labels_are_plain() -> None:
    assert snake("  Träger's Größe (cm) ") == "trager_grosse_cm"
    assert label("due_date") == "Due date"
    assert label("isbn") == "ISBN"
