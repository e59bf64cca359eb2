"""The API check over a hand-written FastAPI backend: it passes when sound, and each fault is told."""

import sys
from pathlib import Path

import pytest

from fixtures.check_subjects import subject_of
from fixtures.engine import ROOT
from fixtures.waiting import until
from stackwright.sandbox.base import WORKSPACE_ROOT
from stackwright.testing.memory_sandbox import MemorySandbox
from stackwright.testing.platform_process import free_port
from stackwright.verify.check import Verdict
from stackwright.verify.checks.api import api_works
from stackwright.verify.environment import AppAddress

pytestmark = pytest.mark.integration

SOURCE = (ROOT / "tests/data/club/backend/main.py").read_text()
MEMBERS_SLICE = "return rows[skip : skip + limit]"
NOTHING = "pass"
SPOILED = """"id": uuid.uuid4().hex, **body.model_dump(), "remarks": body.remarks[:100],
        "fee": round(body.fee), "joinedOn": body.joinedOn and body.joinedOn - timedelta(days=1)}
    members"""


async def checked(folder: Path, *faults: tuple[str, str]) -> Verdict:
    """The verdict over the club with pieces of its source replaced."""
    source = SOURCE
    for old, new in faults:
        assert old in source, old
        source = source.replace(old, new, 1)
    sandbox = MemorySandbox(folder)
    await sandbox.write({f"{WORKSPACE_ROOT}/main.py": source.encode()})
    port = free_port()
    await sandbox.start(f"{sys.executable} -m uvicorn main:app --port {port} --log-level warning")

    async def answers() -> bool:
        return (await sandbox.request(port, "GET", "/api/openapi.json")).status == 200

    await until(answers, within_s=60)
    app = AppAddress(port, port, f"http://127.0.0.1:{port}", "proof_test")
    try:
        return await api_works(subject_of(sandbox, app))
    finally:
        await sandbox.end()


async def test_a_sound_backend_of_another_style_passes(tmp_path: Path) -> None:
    verdict = await checked(tmp_path)
    assert verdict.ok, verdict.detail
    assert verdict.detail.split("; ") == [
        "members: created, read, listed, changed, deleted",
        "visits: created, read, listed, deleted",
    ]


MADE = 'row = {"id": uuid.uuid4().hex, **body.model_dump()}\n    members['
CHANGED = "row = find(members, member_id)\n    row.update("
IS_TAKEN = 'if any(one["fullName"] == body.fullName and one is not row for one in members.values()): raise HTTPException(409, "taken")'


async def test_a_backend_whose_names_are_unique_passes(tmp_path: Path) -> None:
    faults = [
        (piece, f"{first}\n    {IS_TAKEN}\n    {rest}")
        for piece in (MADE, CHANGED)
        for first, rest in [piece.split("\n    ")]
    ]
    verdict = await checked(tmp_path, *faults)
    assert verdict.ok, verdict.detail


FAULTS: dict[str, tuple[list[tuple[str, str]], list[str]]] = {
    "lists": (
        [
            (MEMBERS_SLICE, "return rows[:limit]"),
            ('rows = [r for r in rows if r["level"] == level]', NOTHING),
            ('(r["age"] or 0) >= min_age', '(r["age"] or 0) <= min_age'),
            ("[(page - 1) * 10 : page * 10]", "[:10]"),
        ],
        [
            "leave out",
            "the filter does not filter",
            "also answers records whose age",
            "The pages of GET /api/visits (page) leave out",
        ],
    ),
    "order": (
        [
            ('reverse=order == "desc"', "reverse=False"),
            ("if q.lower() in", "if True or q.lower() in"),
            ('visits[row["id"]] = row\n', NOTHING + "\n"),
        ],
        ["is not sorted", "the search excludes nothing", "visits", "does not hold the record"],
    ),
    "records": (
        [
            (
                "row.update(body.model_dump())",
                'row.update(body.model_dump(exclude={"joinedOn", "remarks", "level"}))',
            ),
            ("fee: float", "fee: float = 10.0\n    unused: float"),
            ("del members[member_id]", "find(members, member_id)"),
            ('row["active"] = True', 'row["activ"]'),
            ("if body.memberId not in members", "if False"),
        ],
        [
            "remarks is",
            "joinedOn is",
            "level is",
            "still finds the record after DELETE",
            "/renew answers HTTP 500",
            "POST /api/visits accepts memberId",
        ],
    ),
    "values": (
        [
            (
                '"id": uuid.uuid4().hex, **body.model_dump()}\n    members',
                SPOILED,
            ),
            ("from datetime import date", "from datetime import timedelta, date"),
            ("if ages else None", "if members else None"),
            ("        del visits[visit_id]", "        pass"),
            ("Field(min_length=1, max_length=80)", 'Field("", json_schema_extra={"minLength": 1})'),
        ],
        [
            "comes back as",
            "fee is 12.0, but 12.5",
            "joinedOn is '2026-03-13', but '2026-03-14'",
            "GET /api/stats answers HTTP 500",
            "leaves a record of visits whose memberId is the deleted record",
            "accepts fullName = ''",
        ],
    ),
}


@pytest.mark.parametrize("group", FAULTS)
async def test_faults_are_told(tmp_path: Path, group: str) -> None:
    faults, told = FAULTS[group]
    verdict = await checked(tmp_path, *faults)
    assert not verdict.ok
    assert [words for words in told if words not in verdict.detail] == [], verdict.detail
