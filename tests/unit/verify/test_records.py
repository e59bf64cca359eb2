from typing import Any

import pytest

from stackwright.verify.records import id_of, records_in


@pytest.mark.parametrize(
    ("value", "records"),
    [
        ([{"id": 1}], [{"id": 1}]),
        ({"items": [{"id": 1}], "total": 1}, [{"id": 1}]),
        ({"books": [{"id": 1}], "page": 1}, [{"id": 1}]),
        ({"items": [{"id": 1}], "facets": []}, [{"id": 1}]),
        ({"total": 0}, None),
        (None, None),
        ("text", None),
    ],
)
def test_the_records_of_a_list_answer_are_found(value: Any, records: Any) -> None:
    assert records_in(value) == records


@pytest.mark.parametrize(
    ("record", "record_id"),
    [
        ({"id": 7}, "7"),
        ({"_id": "a"}, "a"),
        ({"id": None, "slug": "s"}, "s"),
        ({"number": 12, "title": "Bowl"}, "12"),
        ({"code": "B-7", "number": 3, "id": 9}, "9"),
        ({}, None),
        (None, None),
        ([], None),
    ],
)
def test_a_record_is_known_by_its_id(record: Any, record_id: str | None) -> None:
    assert id_of(record) == record_id
