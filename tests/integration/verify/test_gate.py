"""The gate over a real application: a sound one is verified, each seeded fault fails its check."""

import asyncio
import re
import struct
from contextlib import suppress

import pytest

from fixtures.gate_world import World, application, failures
from stackwright.core.events import PreviewReady, VerificationReport
from stackwright.sandbox.endpoint import Endpoint
from stackwright.tools.base import ToolFailed
from stackwright.verify.checks import (
    API,
    CHECKS,
    CLIENT,
    DEPENDENCIES,
    FRONTEND_LINT,
    IMPORTS,
    LINT,
    LOOK,
    PAGES,
    PARSES,
    SERVICES,
    TESTS,
    TYPES,
    USE,
)
from stackwright.verify.report import SKIPPED, failure_signature

pytestmark = [
    pytest.mark.integration,
    pytest.mark.timeout(600),
    pytest.mark.asyncio(loop_scope="module"),
]

ROUTER = "backend/routers/tasks.py"
PAGE = "frontend/pages/tasks/index.tsx"
COMPONENT = "export default function"


async def test_a_sound_app_is_verified_while_the_preview_goes_on(todo: World) -> None:
    await todo.wish_for_the_title("todo")
    await todo.services.ensure_all()
    assert any(isinstance(event, PreviewReady) for event in todo.events)
    ended = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        watching = group.create_task(_watched_preview(todo, ended))
        report = await todo.verify()
        ended.set()
    assert failures(report) == {}
    assert report.status == "verified"
    _saw_all(todo, report)
    _has_a_picture_of_every_route(todo, report)
    _showed_no_record_of_the_proof(watching.result())


def _saw_all(todo: World, report: VerificationReport) -> None:
    names = [check.name for check in CHECKS if check.name not in (USE, LOOK)]
    assert [check.name for check in report.checks] == names
    ended, started = todo.ended_and_started()
    assert sorted(ended) == sorted(started) == sorted(names)
    assert todo.events[-1] == report


def _has_a_picture_of_every_route(todo: World, report: VerificationReport) -> None:
    routes = ["/", "/tasks", "/tasks/[id]"]
    assert [shot.route for shot in report.screenshots] == routes
    for png in (todo.pictures[route] for route in routes):
        assert struct.unpack(">II", png[16:24]) == (1280, 800)
        assert len(png) > 10_000


def _showed_no_record_of_the_proof(seen: list[tuple[int, bytes]]) -> None:
    assert len(seen) > 5
    assert {(status, body) for status, body in seen if status != 200} == set()
    answered = [body for _, body in seen if body]
    assert answered
    assert all(b'"total":0' in body for body in answered)


async def _watched_preview(todo: World, ended: asyncio.Event) -> list[tuple[int, bytes]]:
    """What a person got meanwhile, a few times a second: status and, of the API, the answer."""
    seen: list[tuple[int, bytes]] = []
    while not ended.is_set():
        page = await todo.sandbox.request(3000, "GET", "/tasks", timeout_s=60)
        records = await todo.sandbox.request(8000, "GET", "/api/tasks", timeout_s=60)
        shown = b"" if page.status == 200 else page.body[:300]
        seen += [(page.status, shown), (records.status, records.body)]
        with suppress(TimeoutError):
            async with asyncio.timeout(0.3):
                await ended.wait()
    return seen


async def test_the_quick_checks_alone_never_verify(todo: World) -> None:
    report = await todo.verify(full=False)
    assert failures(report) == {}
    assert report.status == "unverified"
    assert {check.name for check in report.checks} == {
        *(PARSES, LINT, IMPORTS, CLIENT, DEPENDENCIES, TYPES, FRONTEND_LINT)
    }
    assert not any(isinstance(event, VerificationReport) for event in todo.events)


async def test_one_route_can_be_looked_at(todo: World) -> None:
    shot = await todo.gate.look("/tasks")
    assert (shot.route, shot.width, shot.height) == ("/tasks", 1280, 800)


async def test_a_page_that_cannot_be_loaded_cannot_be_looked_at(todo: World) -> None:
    await todo.services.stop("frontend")
    with pytest.raises(ToolFailed, match="does not load"):
        await todo.gate.look("/tasks")


async def test_a_syntax_error_fails_parsing_and_what_needs_it_is_not_run(todo: World) -> None:
    async with todo.edited(ROUTER, "router = APIRouter(", "router == = APIRouter("):
        report = await todo.verify()
    failed = failures(report)
    assert f"{ROUTER}:" in failed[PARSES].detail
    assert "invalid syntax" in failed[PARSES].detail
    assert failed[SERVICES].detail == f"{SKIPPED} {PARSES} failed."
    assert report.status == "unverified"


async def test_a_broken_import_is_shown_with_its_message(todo: World) -> None:
    fault = "import no_such_module\nfrom fastapi import"
    async with todo.edited("backend/main.py", "from fastapi import", fault):
        report = await todo.verify()
    failed = failures(report)
    assert "No module named 'no_such_module'" in failed[IMPORTS].detail
    assert "No module named 'no_such_module'" in failed[SERVICES].detail
    assert PARSES not in failed
    assert report.status == "unverified"


async def test_a_route_that_answers_500_fails_the_api_and_the_tests(todo: World) -> None:
    fault = "    raise RuntimeError('seeded')\n    return await records.create(body)"
    async with todo.edited(ROUTER, "    return await records.create(body)", fault):
        report = await todo.verify()
    failed = failures(report)
    assert "POST /api/tasks" in failed[API].detail
    assert "HTTP 500" in failed[API].detail
    assert "RuntimeError: seeded" in failed[API].detail
    assert "test_a_record_can_be_created" in failed[TESTS].detail
    assert report.status == "partly"


async def test_a_change_that_spoils_another_field_fails_the_api(todo: World) -> None:
    fault = "body.done = not body.done\n    return await records.update(record_id, body)"
    async with todo.edited(ROUTER, "return await records.update(record_id, body)", fault):
        failed = failures(await todo.verify())
    assert re.search(r"done is (True, but False|False, but True) was sent", failed[API].detail)


async def test_faults_of_the_sources_fail_their_own_checks_alone(todo: World) -> None:
    client = "frontend/lib/api/client.ts"
    async with (
        todo.edited(PAGE, COMPONENT, f"export const wrong: number = 'text';\n{COMPONENT}"),
        todo.edited(client, "export type Task = {", "export type Task = { extra?: string;"),
        todo.edited(ROUTER, "router = APIRouter(", "import os\n\nrouter = APIRouter("),
    ):
        report = await todo.verify()
    failed = failures(report)
    assert set(failed) == {TYPES, CLIENT, LINT}
    assert "pages/tasks/index.tsx" in failed[TYPES].detail
    assert "TS2322" in failed[TYPES].detail
    assert "out of step" in failed[CLIENT].detail
    assert "F401" in failed[LINT].detail
    assert report.status == "partly"


async def test_what_a_page_complains_about_fails_its_page_alone(todo: World) -> None:
    told = "console.error('seeded fault'); void fetch('/api/no-such-thing');"
    fault = f"if (typeof window !== 'undefined') {{ {told} }}\n{COMPONENT}"
    async with todo.edited(PAGE, COMPONENT, fault):
        report = await todo.verify()
    failed = failures(report)
    assert set(failed) == {PAGES}
    assert "/tasks: console error: seeded fault" in failed[PAGES].detail
    assert "GET http://127.0.0.1:13000/api/no-such-thing (HTTP 404)" in failed[PAGES].detail
    assert "/tasks" in [shot.route for shot in report.screenshots]


async def test_a_page_that_throws_fails_with_its_message(todo: World) -> None:
    fault = "if (typeof window !== 'undefined') throw new Error('seeded crash');\n"
    async with todo.edited(PAGE, COMPONENT, fault + COMPONENT):
        failed = failures(await todo.verify())
    assert "seeded crash" in failed[PAGES].detail


async def test_the_same_fault_has_the_same_signature_twice(todo: World) -> None:
    async with todo.edited(ROUTER, "router = APIRouter(", "import os\n\nrouter = APIRouter("):
        first = failure_signature(await todo.verify(full=False))
        second = failure_signature(await todo.verify(full=False))
    assert first == second != ""


async def test_an_app_of_related_records_is_verified_and_left_empty(endpoint: Endpoint) -> None:
    async with application(endpoint, "library") as world:
        report = await world.verify()
        assert failures(report) == {}
        routes = {shot.route for shot in report.screenshots}
        assert {"/", "/books", "/books/[id]", "/loans/[id]"} <= routes
        for path in ("/api/authors", "/api/books", "/api/loans"):
            assert b'"total":0' in await world.api(path)
