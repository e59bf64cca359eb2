import json
from pathlib import Path
from typing import Any

import pytest

from fixtures.loop_gaps import watched_loop
from fixtures.tool_bench import Bench
from stackwright.scaffold.generate import Manifest
from stackwright.scaffold.spec import SPEC_PATH
from stackwright.tools.base import ToolFailed

pytestmark = pytest.mark.integration

DATA = Path(__file__).parents[2] / "data" / "scaffold"
NOTE = {
    "name": "note",
    "plural": "notes",
    "label": "Note",
    "label_plural": "Notes",
    "title_field": "text",
    "fields": [{"name": "text", "label": "Text", "required": True}],
}


def todo() -> dict[str, Any]:
    return json.loads((DATA / "todo.json").read_text())


def manifest(bench: Bench) -> Manifest:
    return Manifest.model_validate_json(bench.files.contents[SPEC_PATH])


async def test_an_application_is_written_in_one_batch_with_its_manifest(bench: Bench) -> None:
    told = await bench.call("scaffold_app", spec=todo())

    assert len(bench.files.applied) == 1
    assert SPEC_PATH in bench.files.applied[0]
    assert "backend/routers/tasks.py" in told
    assert await bench.call("scaffold_app", spec=todo()) == (
        "Nothing to change: the files already fit this specification."
    )


async def test_a_wish_that_got_no_witness_is_told_with_the_names_of_the_rules(
    bench: Bench,
) -> None:
    note = NOTE | {"rules": [{"rule": "unique", "fields": ["text"]}]}
    spec = {"title": "Notes", "entities": [note]}
    links = [
        {"wish": "w1", "shows": "records", "entity": "note"},
        {"wish": "w2", "shows": "rule", "entity": "note", "field": "unique"},
        {"wish": "w3", "shows": "search", "entity": "note"},
    ]

    told = await bench.call("scaffold_app", spec=spec, wishes=links)

    assert "No witness was written for w2 (rule note unique): nothing here is called so" in told
    assert "Rules are named note: unique_text." in told
    again = await bench.call("scaffold_app", spec=spec, wishes=[links[0], links[2]])
    assert "No witness" not in again


async def test_a_file_changed_by_hand_is_reported_and_never_overwritten(bench: Bench) -> None:
    await bench.call("scaffold_app", spec=todo())
    mine = bench.files.contents["backend/models.py"] + b"\n# mine\n"
    bench.files.contents["backend/models.py"] = mine
    changed = todo()
    changed["entities"][0]["fields"].append({"name": "owner", "label": "Owner"})

    told = await bench.call("scaffold_app", spec=changed)

    assert "Changed by hand and therefore left alone, look at them: backend/models.py." in told
    assert bench.files.contents["backend/models.py"] == mine


async def test_a_hand_changed_file_that_is_no_utf8_is_left_alone_too(bench: Bench) -> None:
    await bench.call("scaffold_app", spec=todo())
    bench.files.contents["backend/models.py"] = b"# caf\xe9\n"
    changed = todo()
    changed["entities"][0]["fields"].append({"name": "owner", "label": "Owner"})

    assert "backend/models.py" in await bench.call("scaffold_app", spec=changed)
    assert bench.files.contents["backend/models.py"] == b"# caf\xe9\n"


async def test_a_renamed_field_and_choice_become_migrations_of_stored_records(bench: Bench) -> None:
    await bench.call("scaffold_app", spec=todo())
    changed = todo()
    fields = changed["entities"][0]["fields"]
    next(field for field in fields if field["name"] == "notes")["name"] = "remarks"
    priority = next(field for field in fields if field["name"] == "priority")
    priority["choices"] = ["Low", "Medium", "Urgent"]
    same = {"entity_old": "task", "entity_new": "task"}

    await bench.call(
        "scaffold_app",
        spec=changed,
        renames=[
            {**same, "field_old": "notes", "field_new": "remarks"},
            {
                **same,
                "field_old": "priority",
                "field_new": "priority",
                "choice_old": "High",
                "choice_new": "Urgent",
            },
        ],
    )

    actions = [step.action for step in manifest(bench).migrations]
    assert sorted(actions) == ["map_value", "rename_field"]


async def test_a_resource_is_added_and_a_known_one_replaced_in_its_place(bench: Bench) -> None:
    await bench.call("scaffold_app", spec=todo())
    await bench.call("scaffold_resource", entity=NOTE)
    task = todo()["entities"][0] | {"label": "Job"}

    await bench.call("scaffold_resource", entity=task, app_title="Jobs")

    spec = manifest(bench).spec
    assert spec.title == "Jobs"
    assert [(entity.name, entity.label) for entity in spec.entities] == [
        ("task", "Job"),
        ("note", "Note"),
    ]


async def test_the_first_resource_makes_an_application_of_its_own(bench: Bench) -> None:
    await bench.call("scaffold_resource", entity=NOTE)

    assert manifest(bench).spec.title == "Notes"


async def test_a_resource_that_fits_nowhere_is_refused_and_nothing_is_written(
    bench: Bench,
) -> None:
    await bench.call("scaffold_app", spec=todo())
    reference = {"name": "x_id", "label": "X", "type": "reference", "target": "nowhere"}
    entity = NOTE | {"fields": [*NOTE["fields"], reference]}

    with pytest.raises(ToolFailed, match="does not fit the application"):
        await bench.call("scaffold_resource", entity=entity)

    assert len(bench.files.applied) == 1


async def test_a_damaged_manifest_is_named(bench: Bench) -> None:
    bench.files.contents[SPEC_PATH] = b"{}"

    with pytest.raises(ToolFailed, match="damaged"):
        await bench.call("scaffold_app", spec=todo())


@pytest.mark.parametrize("piece", ["{},", "1,"])
async def test_the_loop_goes_on_while_a_huge_damaged_specification_is_read(
    bench: Bench, piece: str
) -> None:
    junk = f'{{"spec": {{"title": "x", "entities": [{piece * (4_500_000 // len(piece))}0]}}}}'
    bench.files.contents[SPEC_PATH] = junk.encode()

    async with watched_loop() as gaps:
        with pytest.raises(ToolFailed, match="is damaged"):
            await bench.call("scaffold_app", spec=todo())

    assert max(gaps) < 0.5
