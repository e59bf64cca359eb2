"""Wishes over a real application: proven when seen working, and never when the app does not work."""

from collections.abc import AsyncIterator, Sequence

import pytest
import pytest_asyncio

from fixtures.gate_world import ROOT, World, application
from stackwright.core.events import VerificationReport, WishProof
from stackwright.core.wishes import Wish, WishKind
from stackwright.sandbox.base import WORKSPACE_ROOT
from stackwright.sandbox.endpoint import Endpoint
from stackwright.scaffold.spec import AppSpec, WishLink
from stackwright.scaffold.views import app_view
from stackwright.scaffold.witnesses import witness_files
from stackwright.tools.base import ToolFailed
from stackwright.verify.checks import WISHES
from stackwright.verify.checks.look_wishes import AS_BEFORE
from stackwright.verify.environment import ProofEnvironment
from stackwright.verify.witnesses import runner

pytestmark = [
    pytest.mark.integration,
    pytest.mark.timeout(900),
    pytest.mark.asyncio(loop_scope="module"),
]

SPEC = AppSpec.model_validate_json((ROOT / "tests/data/scaffold/todo.json").read_text())
HEAD = "import pytest\nfrom witness import expect\n\n"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def app(endpoint: Endpoint) -> AsyncIterator[World]:
    """The to-do application; only what the wishes need is checked, in the same order."""
    async with application(
        endpoint, "todo", only=("python-parses", "services", "proof-environment", WISHES)
    ) as world:
        yield world


def wish(number: int, text: str, kind: WishKind = "behaviour") -> Wish:
    return Wish(id=f"w{number}", text=text, kind=kind, quotes=(text,))


async def proofs(
    app: World, wishes: Sequence[Wish], witnesses: dict[str, str]
) -> tuple[dict[str, WishProof], VerificationReport]:
    """What is said of each wish when `acceptance/` holds these files."""
    assert app.wishes is not None
    await app.sandbox.run(f"rm -f {WORKSPACE_ROOT}/acceptance/test_*.py", timeout_s=10)
    files = {
        f"{WORKSPACE_ROOT}/acceptance/{name}": text.encode() for name, text in witnesses.items()
    }
    await app.sandbox.write(files)
    await app.wishes.set(wishes, ())
    report = await app.verify()
    return {proof.id: proof for proof in report.wishes}, report


async def test_the_scaffold_s_own_witnesses_are_proven_with_pictures_and_a_replay(
    app: World,
) -> None:
    links = (
        WishLink(wish="w1", shows="records", entity=SPEC.entities[0].name),
        WishLink(wish="w2", shows="title"),
    )
    files = {
        path.removeprefix("acceptance/"): text
        for path, text in witness_files(app_view(SPEC), links).items()
    }
    found, report = await proofs(
        app, [wish(1, "tasks", "data"), wish(2, "It is called Todo", "words")], files
    )
    assert {one.id: (one.state, one.reason) for one in found.values()} == {
        "w1": ("proven", ""),
        "w2": ("proven", ""),
    }
    assert len(found["w1"].pictures) >= 4
    assert found["w1"].replay is not None
    assert all(picture[:2] == b"\xff\xd8" for name, picture in app.pictures.items() if " " in name)
    assert b'"total":0' in await app.api("/api/tasks")
    again, _ = await proofs(
        app, [wish(1, "tasks", "data"), wish(2, "It is called Todo", "words")], files
    )
    assert {one.state for one in again.values()} == {"proven"}
    assert again["w1"].seconds > 0
    assert report.seconds > 0


LYING = {
    "toast only": (
        (
            "app.visit('/tasks')\n    app.button('New task').click()\n    app.field('Title').fill('x')\n    "
            "app.button('Add task').click()\n    expect(app.page.get_by_text('Task added')).to_be_visible()"
        ),
        "nothing was stored",
    ),
    "heading": (
        "app.visit('/tasks')\n    app.button('New task').click()\n    assert app.page.url",
        "still passed",
    ),
    "wrong": (
        "app.api.post('/api/tasks', {'title': 'x'})\n    assert app.records('tasks').list() == []",
        "fails",
    ),
    "mistake": (
        "app.api.post('/api/tasks', {'title': 'x'})\n    assert app.records('tasks').list()[0]['nothing'] == 1",
        "fails",
    ),
    "forbids": (
        (
            "app.api.post('/api/tasks', {'title': 'x'})\n"
            "    assert [task['title'] for task in app.records('tasks').list()] == ['x']"
        ),
        "Nothing was refused",
    ),
    "sentence": (
        (
            "page = app.visit('/')\n    app.press('Tab')\n"
            "    expect(page.get_by_role('heading').first).to_be_visible()"
        ),
        "still passed",
    ),
    "import": ("import os\n    app.visit('/')\n    assert os.getcwd()", "cannot import os"),
    "elsewhere": (
        "app.visit('/')\n    app.page.goto('chrome://inducebrowsercrashforrealz')\n    assert app.page",
        "is no page of the app",
    ),
    "loop": ("app.visit('/')\n    while True:\n        assert app.page", "did not end within"),
    "prints": (
        "app.visit('/tasks')\n    while True:\n        print('x' * 10_000_000)\n    assert app",
        "fails",
    ),
}


async def test_witnesses_that_show_nothing_prove_nothing(
    app: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "LIMIT_S", 6.0)  # three of them never end
    wishes = [
        wish(number, name, "rule" if "forbids" in name else "behaviour")
        for number, name in enumerate(LYING, 1)
    ]
    files = {
        f"test_{number}.py": f'{HEAD}@pytest.mark.wish("w{number}")\ndef test_it(app):\n    {body}\n'
        for number, (body, _) in enumerate(LYING.values(), 1)
    }
    found, report = await proofs(app, wishes, files)
    for number, (name, (_, said)) in enumerate(LYING.items(), 1):
        proof = found[f"w{number}"]
        assert proof.state in ("open", "failing"), name
        assert said in f"{proof.reason}\n{proof.details}", (name, proof.reason, proof.details)
        if proof.state == "failing":  # a person reads one sentence
            assert len(proof.reason.splitlines()) == 1, name
    assert report.status != "verified"


BOARD = """
import type { GetServerSideProps } from "next";

const BACKEND = process.env.BACKEND_URL ?? "http://127.0.0.1:8000";

export const getServerSideProps: GetServerSideProps = async () => {
  const answer = await fetch(`${BACKEND}/api/tasks`);
  if (!answer.ok) throw new Error("The tasks cannot be read.");
  return { props: { titles: (await answer.json()).items.map((task: { title: string }) => task.title) } };
};

export default function Board({ titles }: { titles: string[] }) {
  return <ul>{titles.map((title) => <li key={title}>{title}</li>)}</ul>;
}
"""
BOARD_WITNESS = f"""{HEAD}@pytest.mark.wish("w1")
def test_the_board_shows_every_task(app):
    app.records("tasks").create(title="Board the ship")
    page = app.visit("/board")
    expect(page.get_by_text("Board the ship")).to_be_visible()
"""


async def test_what_a_page_reads_on_the_server_is_proven_as_well(app: World) -> None:
    path = f"{WORKSPACE_ROOT}/frontend/pages/board.tsx"
    await app.sandbox.write({path: BOARD.encode()})
    found, _ = await proofs(app, [wish(1, "the board shows tasks")], {"test_b.py": BOARD_WITNESS})
    await app.sandbox.run(f"rm {path}", timeout_s=10)
    assert (found["w1"].state, found["w1"].reason) == ("proven", "")


async def test_a_wish_without_a_witness_is_open(app: World) -> None:
    found, report = await proofs(app, [wish(1, "reminders")], {})
    assert (found["w1"].state, found["w1"].reason) == ("open", "No witness tries it.")
    assert [check.ok for check in report.checks if check.name == WISHES] == [False]


async def test_an_app_that_does_not_store_is_seen(app: World) -> None:
    links = (WishLink(wish="w1", shows="records", entity=SPEC.entities[0].name),)
    files = {
        path.removeprefix("acceptance/"): text
        for path, text in witness_files(app_view(SPEC), links).items()
    }
    async with app.edited("backend/store.py", "await self.records.insert_one(", "dict("):
        found, _ = await proofs(app, [wish(1, "tasks", "data")], files)
    assert found["w1"].state == "failing"


async def test_the_agent_can_try_one_witness_and_reads_its_steps(app: World) -> None:
    assert app.wishes is not None
    body = "app.visit('/tasks')\n    expect(app.page.get_by_text('Nonsense')).to_be_visible()"
    witness = f'{HEAD}@pytest.mark.wish("w1")\ndef test_it(app):\n    {body}\n'
    await app.sandbox.write({f"{WORKSPACE_ROOT}/acceptance/test_one.py": witness.encode()})
    await app.wishes.set([wish(1, "nonsense", "words")], ())
    with pytest.raises(ToolFailed, match=r"(?s)w1 failing.*open /tasks"):
        await app.gate.try_witness("acceptance/test_one.py")
    with pytest.raises(ToolFailed, match="no witness of w7"):
        await app.gate.try_witness("w7")


async def test_a_look_without_a_witness_is_for_the_person_to_judge_if_it_changed(
    app: World,
) -> None:
    assert app.wishes is not None
    links = (WishLink(wish="w1", shows="title"),)
    files = {
        path.removeprefix("acceptance/"): text
        for path, text in witness_files(app_view(SPEC), links).items()
    }
    title, look = wish(1, "It is called Todo", "words"), wish(2, "make it darker", "look")
    earlier = ProofEnvironment(app.sandbox, marks={"STACKWRIGHT_RUN": "earlier"})
    await earlier.start()
    await earlier.keep_version()
    await earlier.aclose()
    found, _ = await proofs(app, [title, look], files)
    assert (found["w2"].state, found["w2"].reason) == ("open", AS_BEFORE)
    style = "body { background: #222 !important; }\n:root {"
    async with app.edited("frontend/styles/globals.css", ":root {", style):
        found, report = await proofs(app, [title, look], files)
    assert found["w2"].state == "yours_to_judge"
    assert [picture.route for picture in found["w2"].pictures] == ["before", "now"]
    assert "yours to judge" in report.sentence
