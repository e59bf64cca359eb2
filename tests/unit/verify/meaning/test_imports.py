import csv
import io
import json
from typing import Any, cast

import pytest

from stackwright.sandbox.base import HttpAnswer, Sandbox
from stackwright.verify.environment import AppAddress, Upload
from stackwright.verify.meaning.imports import ImportTrial, table_in
from stackwright.verify.openapi import described
from stackwright.verify.records import AppApi

BODY: dict[str, Any] = {"requestBody": {"content": {"application/json": {"schema": {}}}}}
SCHEMA: dict[str, Any] = {
    "paths": {"/api/tools": {"get": {}, "post": BODY}, "/api/tools/{key}": {"get": {}}}
}
APP = AppAddress(1, 2, "http://127.0.0.1:1", "proof")
TABLE = "name,deposit,tags\r\nLadder,30,garden\r\nAxe,12.5,\r\n"


def upload(text: str, name: str = "tools.csv") -> Upload:
    body = (
        f'--xy\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        f"Content-Type: text/csv\r\n\r\n{text}\r\n--xy--\r\n"
    )
    return Upload("/api/import", "multipart/form-data; boundary=xy", body.encode())


class Tools:
    """An app that reads tools from a table, and one mistake by its name."""

    def __init__(self, mistake: str) -> None:
        self.mistake = mistake
        self.tools: list[dict[str, Any]] = []

    async def reset(self) -> None:
        self.tools.clear()

    async def request(
        self, _port: int, method: str, path: str, *, body: bytes | None = None, **_: Any
    ) -> HttpAnswer:
        if path == "/api/import":
            return self._read(body or b"")
        if method == "POST":
            return self._told(201, self._added("Sample", 3))
        known = {one["key"]: one for one in self.tools}
        if path == "/api/tools":
            return self._told(200, self.tools)
        found = known.get(path.rpartition("/")[2])
        return self._told(200 if found else 404, found)

    def _read(self, body: bytes) -> HttpAnswer:
        data = body.partition(b"\r\n\r\n")[2].partition(b"\r\n--xy")[0]
        text = data.decode(*(("ascii", "ignore") if self.mistake == "umlauts" else ()))
        found: list[tuple[str, float]] = []
        for row in csv.DictReader(io.StringIO(text, newline="")):
            try:
                found.append((row["name"], float(row["deposit"])))
            except ValueError:
                if self.mistake not in ("silent", "skips"):
                    return self._told(422, {"detail": "A line is wrong."})
                found += [(row["name"], 0.0)] if self.mistake == "silent" else []
        if self.mistake == "replaces":
            self.tools.clear()
        for name, deposit in found:
            self._added(name, deposit)
        return self._told(201, {"added": len(found)})

    def _added(self, name: str, deposit: float) -> dict[str, Any]:
        self.tools.append(
            {"key": f"k{len(self.tools)}{name}", "name": name, "cents": deposit * 100}
        )
        return self.tools[-1]

    @staticmethod
    def _told(status: int, value: Any) -> HttpAnswer:
        return HttpAnswer(status, {}, json.dumps(value).encode())


async def found(mistake: str, *, may_replace: bool = False) -> list[str]:
    tools = Tools(mistake)
    api = AppApi(cast(Sandbox, tools), 2, described(SCHEMA))
    trial = ImportTrial(api, APP, upload(TABLE), tools.reset)
    return await trial.problems(may_replace=may_replace)


@pytest.mark.parametrize("sound", ["none", "skips"])
async def test_a_table_that_is_read_whole_is_sound(sound: str) -> None:
    assert await found(sound) == []


@pytest.mark.parametrize(
    ("mistake", "why"),
    [
        ("replaces", "deletes tools that were there before"),
        ("umlauts", "no record holds that text"),
        ("silent", "Say which line is wrong"),
    ],
)
async def test_what_an_import_loses_is_told(mistake: str, why: str) -> None:
    (problem,) = await found(mistake)
    assert why in problem


async def test_where_the_person_asked_for_it_an_import_may_replace_what_is_there() -> None:
    assert await found("replaces", may_replace=True) == []


@pytest.mark.parametrize("text", ["", "no table", "a,b\r\n", "a,b\r\n1\r\n", "%PDF-1.4\r\nx,y,z"])
def test_what_is_no_table_is_left_alone(text: str) -> None:
    assert table_in(upload(text)) is None


def test_the_form_around_a_table_stays_as_it_is() -> None:
    given = upload(TABLE)
    table = table_in(given)
    assert table is not None
    assert table.form() == given.body
    assert b"Ladder,about ten,garden" in table.with_cell(1, 1, "about ten").form()
