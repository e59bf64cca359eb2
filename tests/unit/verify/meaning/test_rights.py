from collections.abc import Mapping
from typing import Any, cast

import orjson
import pytest

from stackwright.sandbox.base import HttpAnswer, Sandbox
from stackwright.verify.environment import Person
from stackwright.verify.meaning.rights import others_records
from stackwright.verify.openapi import described
from stackwright.verify.records import AppApi

TEXT = {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}
SEND = {"requestBody": {"content": {"application/json": {"schema": TEXT}}}}
SCHEMA = {
    "paths": {
        "/notes": {"get": {}, "post": SEND},
        "/notes/{id}": {"get": {}, "patch": SEND, "delete": {}},
    }
}
PEOPLE = (Person("ann", "who=ann", {}), Person("bob", "who=bob", {}))


class Notes:
    """An app over HTTP with notes of people, and one mistake by its name."""

    def __init__(self, mistake: str) -> None:
        self.mistake = mistake
        self.notes: dict[str, str] = {}

    async def request(
        self, _port: int, method: str, path: str, *, headers: Mapping[str, str], **_: Any
    ) -> HttpAnswer:
        who = headers.get("cookie", "").removeprefix("who=")
        if not who and self.mistake != "strangers":
            return HttpAnswer(401, {}, b"{}")
        if path == "/notes" and method == "POST":
            note_id = f"n{len(self.notes)}"
            self.notes[note_id] = who
            return HttpAnswer(201, {}, orjson.dumps({"id": note_id, "text": "Sample"}))
        is_shared = self.mistake == "list"
        if path == "/notes":
            seen = [{"id": one} for one, owner in self.notes.items() if is_shared or owner == who]
            return HttpAnswer(200, {}, orjson.dumps(seen))
        is_own = self.notes.get(path.rpartition("/")[2]) == who
        is_allowed = is_own or self.mistake == method or not who
        return HttpAnswer(200 if is_allowed else 404, {}, b"{}")


async def found(mistake: str) -> str | None:
    description = described(SCHEMA)
    api = AppApi(cast(Sandbox, Notes(mistake)), 1, description)
    return await others_records(api, description.resources[0], PEOPLE)


@pytest.mark.parametrize("mistake", ["none", "list"])
async def test_a_record_that_is_kept_from_nobody_or_everywhere_is_sound(mistake: str) -> None:
    assert await found(mistake) is None


@pytest.mark.parametrize("mistake", ["GET", "PATCH", "DELETE"])
async def test_a_record_that_can_be_had_by_its_id_is_told(mistake: str) -> None:
    told = await found(mistake)
    assert told is not None
    assert told.startswith(f"bob may {mistake} /notes/n0: a record of ann")


async def test_strangers_are_people_too() -> None:
    assert (await found("strangers") or "").startswith("a stranger may GET /notes/n0")
