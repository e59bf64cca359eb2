import json
from typing import Any, cast

import pytest

from stackwright.sandbox.base import HttpAnswer, Sandbox
from stackwright.verify.meaning.filing import lost_from_sight
from stackwright.verify.openapi import described
from stackwright.verify.records import AppApi

BODY: dict[str, Any] = {"requestBody": {"content": {"application/json": {"schema": {}}}}}


def filters(*names: str) -> dict[str, Any]:
    return {
        "parameters": [
            {"name": name, "in": "query", "schema": {"type": "boolean"}} for name in names
        ]
    }


SCHEMA: dict[str, Any] = {
    "paths": {
        "/api/tools": {"get": filters("showRetired", "onlyIn"), "post": BODY},
        "/api/tools/{key}": {"get": {}},
        "/api/tools/{key}/retire": {"post": {}},
        "/api/tools/{key}/loans": {"post": BODY},
        "/api/loans": {"get": filters("isReturned")},
        "/api/loans/{key}/return": {"post": {}},
    }
}


class Shed:
    """Tools that are retired and loans that are returned; `fault` is what is wrong with it."""

    def __init__(self, fault: str) -> None:
        self.fault = fault
        self.kept: dict[str, list[bool]] = {"tools": [], "loans": []}

    async def request(self, _port: int, method: str, path: str, **_more: Any) -> HttpAnswer:
        plain, _, query = path.partition("?")
        parts = plain.split("/")[2:]
        kind, rest = parts[0], parts[1:]
        if method == "GET":
            return HttpAnswer(200, {}, json.dumps(self._listed(kind, query)).encode())
        if len(rest) == 2 and rest[1] != "loans":
            self.kept[kind][int(rest[0])] = True
            return HttpAnswer(200, {}, b"{}")
        made = self.kept["loans" if rest else "tools"]
        made.append(False)
        return HttpAnswer(201, {}, json.dumps({"key": str(len(made) - 1)}).encode())

    def _listed(self, kind: str, query: str) -> list[dict[str, str]]:
        name, _, value = query.partition("=")
        is_wanted = value == "true"
        shown = [
            {"key": str(number)}
            for number, is_over in enumerate(self.kept[kind])
            if (is_wanted if name == "isReturned" else is_wanted or is_over) == is_over
            or (name == "showRetired" and is_wanted)
        ]
        if self.fault == f"{kind} lost" and is_wanted:
            return []
        return [{"key": str(n)} for n in range(9)] if self.fault == f"{kind} all" else shown


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("", ""),
        (
            "loans lost",
            "GET /api/loans?isReturned=true does not hold what POST /api/loans/{key}/return",
        ),
        ("loans all", "GET /api/loans?isReturned=false still holds"),
        ("tools lost", "GET /api/tools?showRetired=true does not hold"),
        ("tools all", ""),
    ],
)
async def test_what_something_was_done_to_is_found_by_the_filter_of_that_name(
    fault: str, told: str
) -> None:
    api = AppApi(cast(Sandbox, Shed(fault)), 2, described(SCHEMA))
    found = await lost_from_sight(api, api.description.resources[0])
    assert "\n".join(found).startswith(told) if told else found == []
