from stackwright.api.schemas.files import search_out
from stackwright.projects.search import Found, Hit


def test_what_was_found_is_told_in_its_order() -> None:
    told = search_out(Found([Hit("a.py", 1, 0, "x"), Hit("b.py", 2, 4, "y")], is_complete=False))
    assert [(hit.path, hit.line, hit.column) for hit in told.hits] == [
        ("a.py", 1, 0),
        ("b.py", 2, 4),
    ]
    assert not told.is_complete
