"""The agent's browser windows on a small page in a real sandbox."""

import ast
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
import pytest_asyncio

from stackwright.core.events import Screenshot
from stackwright.sandbox import control
from stackwright.sandbox.base import Sandbox
from stackwright.sandbox.endpoint import Endpoint
from stackwright.sandbox.http import SandboxHttp
from stackwright.tools.base import Illustrated, ToolFailed
from stackwright.tools.browser_actions import BrowserAction
from stackwright.verify.browser import Browser, Browsers
from stackwright.verify.browsing.sessions import Sessions

pytestmark = [
    pytest.mark.integration,
    pytest.mark.timeout(180),
    pytest.mark.asyncio(loop_scope="module"),
]

APP = Path(__file__).parents[3] / "templates/next-fast-mongo-pre-v2/acceptance/witness/app.py"
TODO = """<!doctype html><title>Todos</title><script>document.documentElement.__reactFiber$x = 1</script>
<body><h1>Todos</h1>
<form onsubmit="event.preventDefault(); add(title.value, kind.value)">
  <label>Title <input id=title placeholder="What to do"></label>
  <label>Kind <select id=kind><option>Work<option>Home</select></label>
  <button>Add</button><button type=button>Add all</button></form>
<label>Files <input type=file id=picker
  onchange="picker.files[0].text().then(t => said.textContent = picker.files[0].name + ': ' + t)"></label>
<section aria-label="Average weight per day"><label>Day * <input id=day></label></section>
<div id=list></div><p id=said></p>
<div id=board><div id=card draggable=true>Card</div><div id=lane aria-label=Lane role=region>Drop here</div></div>
<button onclick="fetch('/api/broken', {method: 'POST'})">Save</button>
<button onclick="if (confirm('Sure?')) said.textContent = 'confirmed'; else said.textContent = 'kept'">Ask</button>
<button onclick="for (let i = 0; i < 50; i++) window.open('/index.html?' + i)">Windows</button>
<button onclick="setTimeout(() => { for (;;); })">Hang</button>
<a download="all.csv" href="data:text/csv,a">Export</a>
<button onclick="console.error('told ' + 1)">Complain</button>
<script>
document.body.__reactFiber$x = document.querySelector('h1').__reactFiber$x = 1;
function add(title, kind) {
  const row = document.createElement('div');
  row.innerHTML = '<span></span> <button>Delete</button>';
  row.firstChild.textContent = `${title} (${kind})`;
  row.lastChild.onclick = () => row.remove();
  list.append(row);
}
card.ondragstart = event => event.dataTransfer.setData('text', 'x');
lane.ondragover = event => event.preventDefault();
lane.ondrop = () => lane.textContent = 'dropped';
card.addEventListener('pointerdown', event => card.dataset.by = event.pointerType);
</script>"""
FILES: Mapping[str, bytes] = {"notes/a.txt": b"hello"}


class Bench:
    """Calls the sessions as the tool does, and gives the text of the answer."""

    def __init__(self, sessions: Sessions, sandbox: Sandbox) -> None:
        self.sessions = sessions
        self.sandbox = sandbox
        self.kept: list[bytes] = []

    async def do(
        self, *actions: Mapping[str, object], session: str = "main", accepts: bool = True
    ) -> Illustrated:
        made = [BrowserAction.model_validate(action) for action in actions]
        return await self.sessions.act(session, made, uploads=FILES, accepts_dialogs=accepts)

    async def said(self, *actions: Mapping[str, object], session: str = "main") -> str:
        return (await self.do(*actions, session=session)).text

    async def refused(self, *actions: Mapping[str, object], session: str = "main") -> str:
        with pytest.raises(ToolFailed) as failed:
            await self.do(*actions, session=session)
        return str(failed.value)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bench(endpoint: Endpoint) -> AsyncIterator[Bench]:
    async with SandboxHttp() as http:
        sandbox = await control.create("base", {"test": "browsing"}, endpoint, http, 300)
        await sandbox.write({"/home/user/web/index.html": TODO.encode()})
        await sandbox.start("python3 -m http.server 3000", cwd="/home/user/web")
        browsers = Browsers()
        browser = Browser(sandbox, browsers)

        async def keep(picture: bytes, route: str, width: int, height: int) -> Screenshot:
            made.kept.append(picture)
            return Screenshot(route=route, url="", sha256="0" * 64, width=width, height=height)

        made = Bench(Sessions(browser, keep), sandbox)
        yield made
        await made.sessions.aclose()
        await browser.aclose()
        await browsers.aclose()
        await control.kill(sandbox.id, endpoint)


OPEN = {"do": "open", "route": "/"}
ADD = {"do": "click", "role": "button", "name": "Add"}


def typed(title: str) -> dict[str, object]:
    return {"do": "type", "label": "Title", "value": title}


async def test_a_flow_in_one_call_tells_the_page_and_then_only_what_changed(bench: Bench) -> None:
    first = await bench.said(OPEN)
    assert "The page:" in first
    assert 'textbox "Title"' in first
    second = await bench.said(
        typed("Milk"), {"do": "select", "label": "Kind", "value": "Home"}, ADD
    )
    assert "Changed:" in second
    assert "Milk (Home)" in second
    assert "heading" not in second
    assert 'focus on button "Add"' in second


async def test_one_of_several_is_named_by_what_it_is_within(bench: Bench) -> None:
    await bench.do(OPEN, typed("Bread"), ADD, typed("Butter"), ADD)
    delete = {"do": "click", "role": "button", "name": "Delete"}
    refused = await bench.refused(delete)
    assert "2 elements are button 'Delete'" in refused
    assert "nth 1: 'Delete' in 'Butter (Work) Delete'" in refused
    refused = await bench.refused({**delete, "within": "Jam"})
    assert "There are 2 of button 'Delete', none of them within 'Jam'" in refused
    done = await bench.said({**delete, "within": "Butter"})
    assert "- text: Butter (Work)" in done
    assert "Bread" in await bench.said({"do": "read"})


async def test_a_label_that_also_names_a_region_in_part_means_the_field(bench: Bench) -> None:
    await bench.do({"do": "open", "route": "/index.html"})
    answer = await bench.do(
        {"do": "type", "label": "Day", "value": "2026-11-20"},
        {"do": "evaluate", "value": "day.value"},
    )
    assert '2. evaluate: "2026-11-20"' in answer.text


async def test_what_is_not_there_is_told_with_what_is_most_alike(bench: Bench) -> None:
    refused = await bench.refused(
        OPEN, {"do": "click", "role": "button", "name": "Add everything"}, typed("x")
    )
    assert "2. click button 'Add everything': FAILED (1 more not done)" in refused
    assert 'Most alike: button "Add all"' in refused


async def test_errors_of_the_page_and_of_its_requests_are_told(bench: Bench) -> None:
    said = await bench.said(
        OPEN,
        {"do": "click", "role": "button", "name": "Save"},
        {"do": "click", "role": "button", "name": "Complain"},
    )
    assert "! request failed: POST /api/broken (HTTP 501)" in said
    assert "! console error: told 1" in said


async def test_dialogs_are_answered_and_told(bench: Bench) -> None:
    ask = {"do": "click", "role": "button", "name": "Ask"}
    accepted = await bench.do(OPEN, ask)
    assert "dialog confirm 'Sure?' accepted" in accepted.text
    dismissed = await bench.do(ask, accepts=False)
    assert "dismissed" in dismissed.text
    assert "+ paragraph: kept" in dismissed.text


async def test_files_are_uploaded_and_downloads_are_refused(bench: Bench) -> None:
    said = await bench.said(
        OPEN,
        {"do": "upload", "label": "Files", "value": "notes/a.txt"},
        {"do": "wait_for", "value": "a.txt: hello"},
        {"do": "click", "role": "link", "name": "Export"},
    )
    assert 'paragraph: "a.txt: hello"' in said
    assert "download of 'all.csv' refused" in said


async def test_witnesses_read_colours_as_rgb(bench: Bench) -> None:
    named = [n for n in ast.parse(APP.read_text()).body if isinstance(n, ast.Assign)]
    (script,) = [ast.literal_eval(n.value) for n in named if ast.unparse(n.targets[0]) == "STYLE"]
    card = "card.style.color = '{}'; ({})(card, 'color')"
    red = {"do": "evaluate", "value": card.format("lab(45.6514 66.6325 43.1177)", script)}
    faint = {"do": "evaluate", "value": card.format("oklch(0.6 0.2 30 / 0.5)", script)}
    said = await bench.said(OPEN, red, faint)
    assert '"rgb(208, 28, 41)"' in said
    assert '"rgba(221, 62, 46, 0.5)"' in said


@pytest.mark.parametrize("by", ["mouse", "touch"])
async def test_a_card_is_dragged(bench: Bench, by: str) -> None:
    drag = {"do": "drag", "text": "Card", "by": by, "to": {"role": "region", "name": "Lane"}}
    said = await bench.said(OPEN, drag, {"do": "evaluate", "value": "card.dataset.by"})
    assert f'"{by}"' in said
    assert by == "touch" or "dropped" in said


async def test_two_sessions_are_two_people(bench: Bench) -> None:
    keep = {"do": "evaluate", "value": "document.cookie = 'who=ann'"}
    await bench.do(OPEN, keep, session="ann")
    asked = await bench.said(OPEN, {"do": "evaluate", "value": "document.cookie"}, session="bob")
    assert "ann" not in asked
    refused = await bench.refused(ADD, session="carl")
    assert "no session 'carl'" in refused
    assert "Begin with `open`" in refused


async def test_a_picture_is_kept_in_the_size_of_the_window(bench: Bench) -> None:
    answer = await bench.do({**OPEN, "width": 390}, {"do": "picture"})
    assert bench.kept[-1][:2] == b"\xff\xd8"
    assert [(one.width, one.height) for one in answer.pictures] == [(390, 800)]
    await bench.do({**OPEN, "width": 1280})


async def test_a_picture_of_the_whole_page_begins_at_its_top(bench: Bench) -> None:
    seen = "tops = []; addEventListener('scroll', () => tops.push(scrollY))"
    answer = await bench.do(
        {"do": "open", "route": "/index.html"},
        {"do": "evaluate", "value": "document.body.style.height = '3000px'; scrollTo(0, 500)"},
        {"do": "evaluate", "value": f"await new Promise(requestAnimationFrame); {seen}"},
        {"do": "picture", "full": True},
        {"do": "evaluate", "value": "return [tops.includes(0), scrollY]"},
    )
    assert "[true, 500]" in answer.text


async def test_one_call_is_bounded_in_what_it_answers(bench: Bench) -> None:
    long = {"do": "evaluate", "value": "'x'.repeat(100000)"}
    assert len(await bench.said(OPEN, *[long] * 10)) < 25_000
    refused = await bench.refused(OPEN, *[{"do": "picture"}] * 6)
    assert "7. picture: FAILED: One call may take 5 pictures." in refused


async def test_a_page_that_hangs_ends_its_session_and_no_other(bench: Bench) -> None:
    await bench.do(OPEN, session="other")
    said = await bench.refused(OPEN, {"do": "click", "role": "button", "name": "Hang"})
    assert "does not answer any more" in said
    assert "Session 'main' was closed" in said
    assert "Todos" in await bench.said({"do": "read"}, session="other")
    assert "The page:" in await bench.said(OPEN)


async def test_a_page_that_opens_windows_without_end_gets_one_for_a_click(bench: Bench) -> None:
    said = await bench.said(OPEN, {"do": "click", "role": "button", "name": "Windows"})
    assert said.count("a window opened") == 1
    assert "Now at /" in await bench.said(OPEN)


async def test_scripts_of_the_sandbox_start_chromium_by_its_name(bench: Bench) -> None:
    page = "data:text/html,<h1>Hello</h1>"
    command = f"timeout 40 chromium --headless --dump-dom '{page}'"
    ended = await bench.sandbox.run(command, cwd="/home/user", timeout_s=60)
    assert "<h1>Hello</h1>" in ended.stdout, ended.stderr


async def test_a_port_that_nobody_answers_on_is_told_with_what_to_do(bench: Bench) -> None:
    sessions = bench.sessions
    nowhere = Sessions(sessions._browser, sessions._keep_screenshot, "http://localhost:3999")
    made = [BrowserAction.model_validate(OPEN)]
    with pytest.raises(ToolFailed, match="run_service frontend"):
        await nowhere.act("main", made, uploads={}, accepts_dialogs=True)
    await nowhere.aclose()
