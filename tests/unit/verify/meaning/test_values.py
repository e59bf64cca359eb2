from typing import Any

import pytest

from stackwright.verify.meaning.values import is_alike, is_ordered


@pytest.mark.parametrize(
    ("name", "sent", "stored"),
    [
        ("title", "Sample title ab12", " sample  Title AB12 "),
        ("phone", "+1 202 555 0143", "+12025550143"),
        ("website", "https://example.com", "https://example.com/"),
        ("due", "2026-03-14", "2026-03-14T00:00:00Z"),
        ("at", "2026-03-14T09:30:00Z", "2026-03-14T10:30:00+01:00"),
        ("at", "2026-03-14T09:30:00Z", "2026-03-14T09:30:00"),
        ("opens", "09:30:00", "09:30"),
        ("price", 12.5, "12.50"),
        ("password", "Sample-pass-2026", None),
        ("slug", "sample", "sample-2"),
        ("notes", "", None),
        ("tags", [], []),
    ],
)
def test_another_form_of_the_same_value_is_alike(name: str, sent: Any, stored: Any) -> None:
    assert is_alike(name, sent, stored)


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("Sample title ab12", "Sample title"),
        ("Sample title ab12", None),
        ("high", "low"),
        ("2026-03-14", "2026-03-13"),
        ("2026-03-14", "2026-03-13T23:00:00Z"),
        ("2026-03-14T09:30:00Z", "2026-03-14T08:30:00Z"),
        ("09:30:00", "10:30"),
        (12.5, 12),
        (12.5, "13"),
        (True, False),
        (3, None),
        (["a"], []),
    ],
)
def test_another_value_is_not(sent: Any, stored: Any) -> None:
    assert not is_alike("field", sent, stored)


@pytest.mark.parametrize(
    ("values", "descending", "ordered"),
    [
        ([1, 2, None, 3], False, True),
        ([3, 2, 1], True, True),
        ([1, 3, 2], False, False),
        (["apple", "Birch"], False, True),
        (["Birch", "apple"], False, True),
        (["b", "a", "c"], False, False),
        ([1, 1], False, None),
        ([1, "a"], False, None),
    ],
)
def test_order_is_judged_only_where_it_shows(
    values: list[Any], *, descending: bool, ordered: bool | None
) -> None:
    assert is_ordered(values, descending=descending) is ordered
