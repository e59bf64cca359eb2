import re
from pathlib import Path
from typing import get_args

import httpx
import pytest

from stackwright.core.events import Event

pytestmark = pytest.mark.integration

DOCS = Path(__file__).resolve().parents[3] / "docs"


async def test_the_document_lists_exactly_the_routes_that_are_served(
    client: httpx.AsyncClient,
) -> None:
    schema = (await client.get("/openapi.json")).json()
    served = {
        f"{method.upper()} {path}"
        for path, methods in schema["paths"].items()
        for method in methods
    }
    text = (DOCS / "api.md").read_text()
    documented = set(
        re.findall(r"^\| `((?:GET|POST|PUT|PATCH|DELETE) [^`]+)` \|", text, re.MULTILINE)
    )
    assert documented == served


def test_the_document_lists_every_event_with_its_fields() -> None:
    text = (DOCS / "events.md").read_text()
    rows = dict(re.findall(r"^\| `(\w+)` \| ([^|]*) \|", text, re.MULTILINE))
    documented = {name: set(re.findall(r"`(\w+)`", fields)) for name, fields in rows.items()}
    known = {
        event.model_fields["type"].default: set(event.model_fields) - {"type"}
        for event in get_args(get_args(Event)[0])
    }
    assert documented == known
