import json
from typing import Any

import pytest

from stackwright.runs.app_logs import (
    _told,  # pyright: ignore[reportPrivateUsage]
    level_of,
    read_places,
    written_places,
)

NAMES = ("backend", "frontend")


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ('INFO:     127.0.0.1 - "GET /api/todos HTTP/1.1" 200 OK', "info"),
        ('INFO:     127.0.0.1 - "GET /api/todos HTTP/1.1" 500 Internal Server Error', "error"),
        ("Traceback (most recent call last):", "error"),
        ("KeyError: 'x'", "error"),
        (" \u2a2f Module not found", "error"),
        ("WARNING: reload", "warning"),
        ("compiled / in 500ms", "info"),
        ("There were no errors", "info"),
    ],
)
def test_a_line_tells_how_bad_it_is(line: str, level: str) -> None:
    assert level_of(line) == level


@pytest.mark.parametrize(
    "output",
    ["", "no json", "[1]", '{"backend": [-1, "x"]}', '{"backend": "x", "other": [1, "x"]}'],
)
def test_whatever_a_sandbox_answers_is_no_line(output: str) -> None:
    piece = _told(output, NAMES, {"backend": 3})
    assert (piece.lines, piece.places) == ([], {"backend": 3})


def test_places_survive_the_way_over_the_client() -> None:
    places = {"backend": 12, "frontend": 0}
    assert read_places(written_places(places), NAMES) == places
    odd: dict[str, Any] = read_places("backend=x,evil=3,frontend=" + "9" * 40, NAMES)
    assert odd == {}
    assert json.dumps(read_places("", NAMES)) == "{}"
