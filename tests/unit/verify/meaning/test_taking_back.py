import json
from collections.abc import Mapping
from typing import Any, cast

import pytest

from stackwright.sandbox.base import HttpAnswer, Sandbox
from stackwright.verify.environment import Person
from stackwright.verify.meaning.taking_back import taken_from_others
from stackwright.verify.openapi import described
from stackwright.verify.records import AppApi

SCHEMA: dict[str, Any] = {
    "paths": {
        "/api/tools": {
            "get": {},
            "post": {"requestBody": {"content": {"application/json": {"schema": {}}}}},
        },
        "/api/tools/{key}": {"get": {}},
        "/api/tools/{key}/loans": {
            "post": {"requestBody": {"content": {"application/json": {"schema": {}}}}}
        },
        "/api/tools/{key}/waiting": {"post": {}, "delete": {}},
    }
}
PEOPLE = tuple(Person(name, f"who={name}", {}) for name in ("ann", "bob", "cleo"))


class Shed:
    """Tools for which people wait while somebody has them, and one mistake by its name."""

    def __init__(self, mistake: str) -> None:
        self.mistake = mistake
        self.tools: list[dict[str, Any]] = []
        self.readings = 0

    async def request(
        self, _port: int, method: str, path: str, *, headers: Mapping[str, str], **_: Any
    ) -> HttpAnswer:
        who = headers["cookie"]
        parts = path.split("/")[3:]
        if not parts:
            self.tools.append({"key": str(len(self.tools)), "lent": None, "queue": []})
            return self._told(201, self.tools[-1], who)
        tool = self.tools[int(parts[0])] if parts[0].isdigit() else None
        if tool is None:
            return HttpAnswer(404, {}, b"{}")
        if parts[1:] == ["loans"]:
            tool["lent"] = who
        elif parts[1:] == ["waiting"] and method == "POST":
            if self.mistake != "free" and tool["lent"] in (None, who):
                return HttpAnswer(409, {}, b"{}")
            tool["queue"].append(who)
        elif method == "DELETE":
            tool["queue"] = [one for one in tool["queue"] if one != who]
            if self.mistake == "all":
                tool["queue"] = []
        return self._told(200, tool, who)

    def _told(self, status: int, tool: Mapping[str, Any], who: str) -> HttpAnswer:
        self.readings += 1
        shown = {"key": tool["key"], "waiting": len(tool["queue"]), "isIn": who in tool["queue"]}
        return HttpAnswer(status, {}, json.dumps({**shown, "readings": self.readings}).encode())


async def found(mistake: str, people: tuple[Person, ...] = PEOPLE) -> list[str]:
    api = AppApi(cast(Sandbox, Shed(mistake)), 2, described(SCHEMA), "who=ann")
    return await taken_from_others(api, api.description.resources[0], people)


@pytest.mark.parametrize("sound", ["none", "free"])
async def test_who_takes_back_what_they_did_is_sound(sound: str) -> None:
    assert await found(sound) == []


async def test_nothing_may_be_taken_from_others() -> None:
    (problem,) = await found("all")
    assert problem.startswith(
        "POST /api/tools/{key}/waiting by one person, then DELETE by the same"
    )
    assert "waiting was 1 and is 0" in problem


async def test_where_nobody_logs_in_a_record_is_as_before() -> None:
    assert await found("free", ()) == []
