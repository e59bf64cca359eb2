import json
from collections import Counter
from collections.abc import Mapping
from typing import Any, cast

import pytest

from stackwright.sandbox.base import HttpAnswer, Sandbox
from stackwright.verify.meaning.nested import (
    nested_in_database,
    try_leaving_nothing,
    try_nested,
)
from stackwright.verify.meaning.trial import Trial
from stackwright.verify.openapi import described
from stackwright.verify.records import AppApi, TemporaryRecords, id_of

TEXT = {
    "requestBody": {
        "content": {
            "application/json": {
                "schema": {"type": "object", "properties": {"text": {"type": "string"}}}
            }
        }
    }
}
SCHEMA: dict[str, Any] = {
    "paths": {
        "/api/tickets": {"get": {}, "post": TEXT},
        "/api/tickets/{ticketId}": {"get": {}, "delete": {}},
        "/api/tickets/{ticketId}/comments": {"get": {}, "post": TEXT},
    }
}


class Desk:
    """An app with tickets and their comments, and one mistake by its name."""

    def __init__(self, mistake: str) -> None:
        self.mistake = mistake
        self.tickets: set[str] = set()
        self.comments: list[dict[str, str]] = []

    async def request(
        self, _port: int, method: str, path: str, *, body: bytes | None = None, **_: Any
    ) -> HttpAnswer:
        ticket, is_nested = path.split("/")[3] if path.count("/") > 2 else "", path.count("/") > 3
        if method == "POST" and not is_nested:
            self.tickets.add(made := f"t{len(self.tickets)}")
            return HttpAnswer(201, {}, json.dumps({"id": made}).encode())
        if ticket not in self.tickets:
            return HttpAnswer(404, {}, b"{}")
        mine = [one for one in self.comments if one["ticket"] == ticket or self.mistake == "mixed"]
        if method == "DELETE":
            self.tickets.remove(ticket)
            if self.mistake != "stay":
                self.comments = [one for one in self.comments if one not in mine]
            return HttpAnswer(204, {}, b"")
        if method == "POST":
            comment = {**json.loads(body or b"{}"), "id": f"c{len(self.comments)}"}
            self.comments += [] if self.mistake == "lost" else [{**comment, "ticket": ticket}]
            return HttpAnswer(201, {}, json.dumps(comment).encode())
        return HttpAnswer(200, {}, json.dumps(mine).encode())

    async def holdings(self) -> Mapping[str, int]:
        return Counter({"tickets": len(self.tickets), "comments": len(self.comments)})


async def found(mistake: str) -> list[str]:
    desk = Desk(mistake)
    description = described(SCHEMA)
    temporary = TemporaryRecords(AppApi(cast(Sandbox, desk), 2, description))
    trial = Trial(temporary, description.resources[0], holdings=desk.holdings)
    trial.record_id = id_of((await trial.create({})).value) or ""
    await try_nested(trial)
    nested = await nested_in_database(trial)
    before = await desk.holdings()
    await trial.api.ask("DELETE", trial.path)
    await try_leaving_nothing(trial, nested, before)
    return trial.problems


async def test_what_is_kept_and_goes_with_its_record_is_sound() -> None:
    assert await found("none") == []


@pytest.mark.parametrize(
    ("mistake", "problem"),
    [
        ("lost", "GET /api/tickets/t0/comments does not hold what POST"),
        ("mixed", "GET /api/tickets/t1/comments holds what was added to another record"),
        ("stay", "DELETE /api/tickets/t0 leaves in the collection 'comments' what POST"),
    ],
)
async def test_what_is_lost_or_mixed_or_stays_for_ever_is_told(mistake: str, problem: str) -> None:
    (told,) = await found(mistake)
    assert told.startswith(problem)
