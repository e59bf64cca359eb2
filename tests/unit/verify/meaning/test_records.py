import json
from typing import Any, cast

import pytest

from stackwright.sandbox.base import HttpAnswer, Sandbox
from stackwright.verify.meaning.records import try_actions
from stackwright.verify.meaning.trial import Trial
from stackwright.verify.openapi import described
from stackwright.verify.records import AppApi, TemporaryRecords, id_of

BODY = {"content": {"application/json": {"schema": {"type": "object", "properties": {}}}}}
SCHEMA: dict[str, Any] = {
    "paths": {
        "/api/tickets": {"get": {}, "post": {"requestBody": BODY}},
        "/api/tickets/{ticketId}": {"get": {}, "delete": {}},
        "/api/tickets/{ticketId}/close": {"post": {}},
    }
}


class Desk:
    """Tickets that can be closed; `closes` says which of them, of those that are there, is closed."""

    def __init__(self, closes: str) -> None:
        self.closes = closes
        self.tickets: dict[str, dict[str, str]] = {}

    async def request(self, _port: int, method: str, path: str, **_: Any) -> HttpAnswer:
        parts = path.split("/")[3:]
        if not parts:
            name = f"t{len(self.tickets)}"
            self.tickets[name] = {"id": name, "state": "open"}
            return HttpAnswer(201, {}, json.dumps(self.tickets[name]).encode())
        if parts[0] not in self.tickets:
            return HttpAnswer(404, {}, b"{}")
        if parts[1:] == ["close"]:
            oldest = next(iter(self.tickets))
            closed = {"it": parts[:1], "oldest": [oldest], "both": [oldest, parts[0]]}
            for name in closed[self.closes]:
                self.tickets[name]["state"] = "closed"
        if method == "DELETE":
            del self.tickets[parts[0]]
            return HttpAnswer(204, {}, b"")
        return HttpAnswer(200, {}, json.dumps(self.tickets[parts[0]]).encode())


@pytest.mark.parametrize(
    ("closes", "problems"),
    [
        ("it", []),
        ("both", []),
        ("oldest", ["POST /api/tickets/t1/close changes another record instead of this one."]),
    ],
)
async def test_an_action_befalls_the_record_that_it_names(closes: str, problems: list[str]) -> None:
    description = described(SCHEMA)
    temporary = TemporaryRecords(AppApi(cast(Sandbox, Desk(closes)), 2, description))
    trial = Trial(temporary, description.resources[0])
    trial.record_id = id_of((await trial.create({})).value) or ""
    await try_actions(trial)
    assert trial.problems == problems
