from typing import Any, cast

import orjson
import pytest

from stackwright.sandbox.base import HttpAnswer, Sandbox
from stackwright.verify.checks.speed import rows_in, short_exports
from stackwright.verify.openapi import ApiDescription
from stackwright.verify.records import Answer, AppApi


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("title,grams\r\nJug,900\r\n", 1),
        ('title,note\nJug,"two\nlines"\nCup,one\n', 2),
        ("", 0),
        ('[{"id": 1}, {"id": 2}]', 2),
        ('{"items": [{"id": 1}], "count": 9}', 1),
        ("title\n" + "x\n" * 600_000, 0),
    ],
)
def test_the_records_of_a_file_are_counted(text: str, rows: int) -> None:
    value: Any = orjson.loads(text) if text.startswith(("[", "{")) else None
    assert rows_in(Answer(200, value, text)) == rows


class Exports:
    """A backend with an export of all records, one of a page of them, and one for members."""

    async def request(self, _port: int, _method: str, path: str, **_: object) -> HttpAnswer:
        if "members" in path:
            return HttpAnswer(401, {}, b"{}")
        rows = 20 if "page" in path else 2000
        return HttpAnswer(200, {}, b"title\n" + b"Jug\n" * rows)


async def test_an_export_of_a_page_is_told() -> None:
    paths = ("/api/pieces", "/api/export", "/api/page/export", "/api/members/export")
    api = AppApi(cast(Sandbox, Exports()), 8000, ApiDescription((), paths))
    assert await short_exports(api) == [
        "GET /api/page/export holds 20 of 2000 records: an export holds all, not a page of them."
    ]
