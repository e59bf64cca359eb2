from datetime import UTC, datetime

import pytest

from stackwright.api.schemas.cursors import read_cursor, write_cursor
from stackwright.core.errors import BadInput
from stackwright.core.ids import ProjectId


def test_a_cursor_leads_back_to_its_place() -> None:
    place = (datetime(2026, 5, 6, 7, 8, 9, 123456, tzinfo=UTC), ProjectId("my-todo"))
    assert read_cursor(write_cursor(place)) == place


def test_the_last_page_has_no_cursor() -> None:
    assert write_cursor(None) is None
    assert read_cursor(None) is None


@pytest.mark.parametrize("cursor", ["x", "bm9uc2Vuc2U=", "MjAyNi0wMS0wMXxw", "é", "AAAA"])
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(BadInput):
        read_cursor(cursor)
