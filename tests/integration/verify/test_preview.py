"""The check of the preview: sound as it is, and each way in which it can lag behind the files."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from fixtures.gate_world import World
from stackwright.core.events import Screenshot
from stackwright.verify.browser import Browser, Browsers
from stackwright.verify.check import Subject
from stackwright.verify.checks.preview import preview_is_current
from stackwright.verify.environment import ProofEnvironment

pytestmark = [
    pytest.mark.integration,
    pytest.mark.timeout(300),
    pytest.mark.asyncio(loop_scope="module"),
]

ROUTER = "backend/routers/tasks.py"
CSS = "frontend/styles/globals.css"


async def _unused(_png: bytes, _route: str, _width: int, _height: int) -> Screenshot:
    raise AssertionError("no picture is taken")


@pytest_asyncio.fixture(loop_scope="module")
async def subject(todo: World) -> AsyncIterator[Subject]:
    await todo.services.ensure_all()
    browsers = Browsers()
    browser, proof = Browser(todo.sandbox, browsers), ProofEnvironment(todo.sandbox)
    await proof.start()
    assert todo.wishes is not None
    yield Subject(
        sandbox=todo.sandbox,
        services=todo.services,
        browser=browser,
        keep=_unused,
        environment=proof,
        app=proof.app,
        wishes=todo.wishes,
        keep_replay=_unused,
    )
    await proof.aclose()
    await browser.aclose()
    await browsers.aclose()


async def test_a_preview_of_the_present_files_passes(subject: Subject) -> None:
    verdict = await preview_is_current(subject)
    assert verdict.ok, verdict.detail


async def test_a_backend_that_runs_older_code_is_told(todo: World, subject: Subject) -> None:
    async with todo.edited(ROUTER, "router = APIRouter(", "EDITED = 1\nrouter = APIRouter("):
        verdict = await preview_is_current(subject)
    assert "backend runs older code" in verdict.detail


async def test_another_api_than_that_of_the_files_is_told(todo: World, subject: Subject) -> None:
    extra = '@router.get("/extra")\nasync def extra() -> int:\n    return 1\n'
    path = f"/home/user/code/{ROUTER}"
    text = (await todo.sandbox.read(path)).decode()
    await todo.sandbox.write({path: f"{text}\n\n{extra}".encode()})
    await subject.environment.start()
    await todo.sandbox.write({path: text.encode()})
    await todo.services.ensure_all()
    verdict = await preview_is_current(subject)
    assert "runs other code than the files: /api/tasks/extra" in verdict.detail


async def test_a_page_that_does_not_compile_is_told(todo: World, subject: Subject) -> None:
    page = "frontend/pages/tasks/[id].tsx"
    async with todo.edited(page, "export default", 'import "./nothing-here";\nexport default'):
        verdict = await preview_is_current(subject)
    assert "nothing-here" in verdict.detail


async def test_older_styles_than_the_files_hold_are_told(todo: World, subject: Subject) -> None:
    async with todo.edited(
        CSS, ":root {", ":root {\n  --primary: rgb(1 2 3);\n  --fresh: #abcdef;"
    ):
        await subject.environment.start()
    verdict = await preview_is_current(subject)
    assert "older styles than the files hold" in verdict.detail
    assert "--fresh" in verdict.detail
