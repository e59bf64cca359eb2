import pytest

from stackwright.verify.use.control_words import DELETE, EDIT


@pytest.mark.parametrize("name", ["Delete Oat", "Löschen", "Supprimer", "\u00d7", "🗑"])
def test_what_deletes_is_known_by_its_name(name: str) -> None:
    assert DELETE.search(name)
    assert not EDIT.search(name)


@pytest.mark.parametrize("name", ["Edit", "Save changes", "Bearbeiten", "✏"])
def test_what_changes_is_known_by_its_name(name: str) -> None:
    assert EDIT.search(name)
    assert not DELETE.search(name)
