"""The use check over real applications: sound ones pass, and what a person would notice is told."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio

from fixtures.gate_world import World, application, failures
from stackwright.sandbox.endpoint import Endpoint
from stackwright.verify.checks import ENVIRONMENT, PARSES, SERVICES, USE

pytestmark = [
    pytest.mark.integration,
    pytest.mark.timeout(600),
    pytest.mark.asyncio(loop_scope="module"),
]

ONLY = (PARSES, SERVICES, ENVIRONMENT, USE)
RECORDS = "frontend/components/records"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def app(endpoint: Endpoint) -> AsyncIterator[World]:
    async with application(endpoint, "todo", only=ONLY) as world:
        yield world


async def told(app: World, *faults: tuple[str, str, str]) -> str:
    """What the use check says of the app with these pieces of its source replaced."""
    async with AsyncExitStack() as stack:
        for path, old, new in faults:
            await stack.enter_async_context(app.edited(path, old, new))
        report = await app.verify()
    return next(check.detail for check in report.checks if check.name == USE)


async def test_sound_apps_pass_and_are_left_empty(app: World, endpoint: Endpoint) -> None:
    detail = await told(app)
    assert re.fullmatch(r"\d records added, \d records changed, \d records deleted", detail), detail
    async with application(endpoint, "library", only=ONLY) as library:
        assert failures(await library.verify()) == {}


async def test_lists_and_links_and_states_are_tried(app: World) -> None:
    detail = await told(
        app,
        (f"{RECORDS}/record-form.tsx", "await client.invalidateQueries();", ""),
        (f"{RECORDS}/record-rows.tsx", "onSort(isAscending ?", "void (isAscending ?"),
        (
            f"{RECORDS}/overview.tsx",
            'href={`/${resource.slug}`} className="inline',
            'href={`/${resource.slug}s`} className="inline',
        ),
        (
            f"{RECORDS}/record-list.tsx",
            "<ErrorState message={list.error.message} onRetry={() => void list.refetch()} />",
            "<p>Loading</p>",
        ),
    )
    assert "was added, but the page shows it only after a reload" in detail
    assert "a change is shown only after a reload" in detail
    assert "/tasks: “Title” does nothing when it is pressed" in detail
    assert "/: the link to /taskss leads to HTTP 404" in detail
    assert "/tasks: when the API answers HTTP 503 to /api/tasks, the page does not say so" in detail


async def test_forms_that_send_nothing_are_told(app: World) -> None:
    sends = "onSubmit={form.handleSubmit((values) => save.mutate(values))}"
    detail = await told(
        app,
        (f"{RECORDS}/record-form.tsx", sends, "onSubmit={(event) => event.preventDefault()}"),
    )
    assert "was filled and sent, and nothing happened" in detail


async def test_values_that_change_on_their_way_are_told(app: World) -> None:
    shifted = "return new Date(`${text}T00:00`).toISOString().slice(0, 10);\n  return text;\n}"
    date = f'if (field.type === "date") {shifted}'
    detail = await told(
        app,
        (f"{RECORDS}/form-values.ts", "return text;\n}", date),
        (f"{RECORDS}/record-form.tsx", "...fixed };", '...fixed, ...(record && {notes: ""}) };'),
        (f"{RECORDS}/use-record-actions.ts", "return refresh();", "return undefined;"),
        (f"{RECORDS}/record-form.tsx", 'form.setError("root", { message: error.message })', "{}"),
    )
    assert "answers HTTP 409, and the page does not say so: it looks as if all went well" in detail
    assert "Due date was filled with '2026-03-17', but the page sends" in detail
    assert "changing one field through the form loses another: notes was" in detail
    assert "the record is still shown, until the page is reloaded" in detail


async def test_a_page_that_needs_records_is_told(app: World) -> None:
    first = "const lastPage = String(list.data?.items[0].id ?? 1).length +"
    detail = await told(app, (f"{RECORDS}/record-list.tsx", "const lastPage =", first))
    assert re.search(r"/tasks \(with an empty database\): (uncaught|console) error", detail), detail
