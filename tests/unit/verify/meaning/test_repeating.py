import json
from typing import Any, cast

import pytest

from stackwright.sandbox.base import HttpAnswer, Sandbox
from stackwright.verify.meaning.repeating import befalls_a_newer_one
from stackwright.verify.openapi import described
from stackwright.verify.records import AppApi

BODY: dict[str, Any] = {"requestBody": {"content": {"application/json": {"schema": {}}}}}
SCHEMA: dict[str, Any] = {
    "paths": {
        "/api/tools": {"get": {}, "post": BODY},
        "/api/tools/{key}": {"get": {}},
        "/api/tools/{key}/loans": {"post": BODY},
        "/api/loans/{key}/return": {"post": {}},
    }
}


class Shed:
    """Tools that are lent and returned, and how the app takes it when a loan is returned again."""

    def __init__(self, again: str) -> None:
        self.again = again
        self.tools: list[dict[str, Any]] = []
        self.loans: list[dict[str, Any]] = []

    async def request(self, _port: int, method: str, path: str, **_: Any) -> HttpAnswer:
        parts = path.split("/")[2:]
        if parts[0] == "loans":
            return self._returned(self.loans[int(parts[1])])
        if len(parts) == 1:
            self.tools.append({"key": str(len(self.tools)), "is_lent": False, "returns": 0})
            return self._told(201, self.tools[-1])
        tool = self.tools[int(parts[1])]
        if len(parts) == 2:
            return self._told(200, tool)
        if tool["is_lent"]:
            return self._told(409, {})
        tool["is_lent"] = True
        self.loans.append({"key": str(len(self.loans)), "tool": tool, "is_back": False})
        return self._told(201, {"key": self.loans[-1]["key"]})

    def _returned(self, loan: dict[str, Any]) -> HttpAnswer:
        if loan["is_back"] and self.again in ("refused", "ignored"):
            return self._told(409 if self.again == "refused" else 200, {})
        loan["is_back"] = True
        loan["tool"]["is_lent"] = False
        loan["tool"]["returns"] += self.again == "counted"
        return self._told(200, {})

    @staticmethod
    def _told(status: int, value: Any) -> HttpAnswer:
        return HttpAnswer(status, {}, json.dumps(value).encode())


async def found(again: str) -> list[str]:
    api = AppApi(cast(Sandbox, Shed(again)), 2, described(SCHEMA))
    return await befalls_a_newer_one(api, api.description.resources[0])


@pytest.mark.parametrize("sound", ["refused", "ignored", "counted"])
async def test_what_is_refused_or_ignored_or_may_be_repeated_is_sound(sound: str) -> None:
    assert await found(sound) == []


async def test_an_old_one_must_not_befall_a_newer_one() -> None:
    (problem,) = await found("done")
    assert problem.startswith("POST /api/loans/{key}/return, done again")
    assert "is_lent of the record was True and is False" in problem
