from typing import Any

import pytest

from stackwright.verify.use.kept import wrong_changes

BEFORE = {
    "title": "Sample q12",
    "slug": "sample-q12",
    "cents": 1237,
    "tags": ["a", "b"],
    "due": "2026-03-15",
    "updated_at": 1,
}
GIVEN = {"title", "cents", "tags", "due"}
AFTER = {**BEFORE, "title": "Sample q12b", "slug": "sample-q12b", "updated_at": 2}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, ""),
        ({"cents": 12370}, "changes another: cents was 1237 and is 12370"),
        ({"tags": ["a b"]}, "changes another: tags was"),
        ({"tags": []}, "loses another: tags was"),
        ({"due": "2026-03-14"}, "moves due from"),
        ({"title": "Sample q12"}, "the record does not hold it afterwards"),
    ],
)
def test_only_what_was_changed_may_be_another(changes: dict[str, Any], why: str) -> None:
    found = [*wrong_changes(BEFORE, {**AFTER, **changes}, "Sample q12", "Sample q12b", GIVEN)]
    assert len(found) == bool(why)
    assert why in "".join(found)
