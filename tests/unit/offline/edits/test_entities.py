import pytest

from fixtures.follow_ups import changes_of, library


@pytest.mark.parametrize(
    ("message", "changed"),
    [
        (
            "add suppliers with name and phone",
            "+ supplier: Suppliers; + supplier.name: string required; + supplier.phone: phone; + supplier title_field: name",
        ),
        (
            "add shelves with a code and a number of places",
            "+ shelf: Shelves; + shelf.code: string required; + shelf.number_of_places: integer 0..; + shelf title_field: code",
        ),
        ("rename members to books", "nothing"),
    ],
)
def test_a_follow_up_adds_renames_and_removes_kinds(message: str, changed: str) -> None:
    assert changes_of(message, library()) == changed
