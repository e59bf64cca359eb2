from pathlib import Path

from stackwright.scaffold.generate import Manifest, generate
from stackwright.scaffold.migrations import Renames, diff_specs
from stackwright.scaffold.plan import plan_changes
from stackwright.scaffold.spec import SPEC_PATH, AppSpec, EntitySpec, FieldSpec

ROOT = Path(__file__).parents[3]
TEMPLATE = ROOT / "templates/next-fast-mongo-pre-v2"
TODO = AppSpec.model_validate_json((ROOT / "tests/data/scaffold/todo.json").read_text())


def with_fields(*fields: FieldSpec) -> AppSpec:
    task = TODO.entities[0].model_copy(update={"fields": (*TODO.entities[0].fields, *fields)})
    return TODO.model_copy(update={"entities": (task,)})


def renamed(old: str, new: str) -> AppSpec:
    task = TODO.entities[0]
    fields = tuple(
        field.model_copy(update={"name": new}) if field.name == old else field
        for field in task.fields
    )
    filters = tuple(name for name in task.filters if name != old)
    changed = task.model_copy(update={"fields": fields, "filters": filters})
    return TODO.model_copy(update={"entities": (changed,)})


def test_nothing_is_written_when_nothing_changed() -> None:
    files = generate(TODO)
    plan = plan_changes(files[SPEC_PATH], TODO, files)
    assert (plan.writes, plan.deletes, plan.kept, plan.conflicts) == ({}, (), (), ())


def test_the_first_plan_replaces_the_placeholders_of_the_template() -> None:
    current = {
        str(path.relative_to(TEMPLATE)): path.read_text()
        for path in TEMPLATE.rglob("*")
        if path.is_file() and path.suffix in (".py", ".ts", ".tsx")
    }
    plan = plan_changes(None, TODO, current)
    assert plan.conflicts == ()
    assert {**current, **plan.writes}.items() >= generate(TODO).items()


def test_a_new_field_is_written_and_existing_records_get_its_default() -> None:
    files = generate(TODO)
    urgent = FieldSpec(name="urgent", label="Urgent", type="boolean")
    plan = plan_changes(files[SPEC_PATH], with_fields(urgent), files)
    assert "backend/models.py" in plan.writes
    assert "backend/main.py" not in plan.writes
    steps = Manifest.model_validate_json(plan.writes[SPEC_PATH]).migrations
    assert [(step.action, step.field, step.value) for step in steps] == [
        ("set_default", "urgent", False)
    ]
    assert "0001_set_default_tasks_urgent" in plan.writes["backend/migrations.py"]


def test_a_file_changed_by_hand_is_a_conflict_only_when_it_has_to_change() -> None:
    files = generate(TODO)
    current = {
        **files,
        "backend/models.py": files["backend/models.py"] + "\n# mine\n",
        "backend/main.py": files["backend/main.py"] + "\n# mine\n",
    }
    urgent = FieldSpec(name="urgent", label="Urgent", type="boolean")
    plan = plan_changes(files[SPEC_PATH], with_fields(urgent), current)
    assert plan.conflicts == ("backend/models.py",)
    (missed,) = plan.missed
    assert missed.startswith("--- backend/models.py")
    assert "+    urgent: bool = False" in missed
    assert "# mine" not in missed
    assert plan.kept == ("backend/main.py",)
    again = plan_changes(plan.writes[SPEC_PATH], with_fields(urgent), {**current, **plan.writes})
    assert again.kept == ("backend/main.py",)
    assert again.conflicts == ("backend/models.py",)


def test_files_of_a_removed_entity_go_unless_somebody_changed_them() -> None:
    note = EntitySpec(
        name="note",
        plural="notes",
        label="Note",
        label_plural="Notes",
        title_field="text",
        fields=(FieldSpec(name="text", label="Text"),),
    )
    both = TODO.model_copy(update={"entities": (*TODO.entities, note)})
    files = generate(both)
    changed = {**files, "frontend/pages/notes/index.tsx": "// mine\n"}
    plan = plan_changes(files[SPEC_PATH], TODO, changed)
    assert "backend/routers/notes.py" in plan.deletes
    assert plan.conflicts == ("frontend/pages/notes/index.tsx",)


def test_a_renamed_field_takes_its_values_along() -> None:
    steps = diff_specs(
        TODO, renamed("due_date", "deadline"), Renames(fields={("task", "due_date"): "deadline"})
    )
    assert [(step.action, step.entity, step.field, step.to) for step in steps] == [
        ("rename_field", "tasks", "due_date", "deadline")
    ]


def test_without_a_rename_the_old_values_stay_under_their_key() -> None:
    steps = diff_specs(TODO, renamed("due_date", "deadline"))
    assert [(step.action, step.field) for step in steps] == [("remove_field", "due_date")]


def test_a_renamed_entity_moves_its_collection() -> None:
    task = TODO.entities[0].model_copy(update={"name": "chore", "plural": "chores"})
    new = TODO.model_copy(update={"entities": (task,)})
    steps = diff_specs(TODO, new, Renames(entities={"task": "chore"}))
    assert [(step.action, step.entity, step.to) for step in steps] == [
        ("rename_entity", "tasks", "chores")
    ]


def test_steps_of_later_changes_follow_the_earlier_ones() -> None:
    files = generate(TODO)
    first = plan_changes(
        files[SPEC_PATH], with_fields(FieldSpec(name="a", label="A", type="boolean")), files
    )
    files |= first.writes
    second = plan_changes(
        files[SPEC_PATH],
        with_fields(
            FieldSpec(name="a", label="A", type="integer"),
            FieldSpec(name="b", label="B", type="tags"),
        ),
        files,
    )
    ids = [m.id for m in Manifest.model_validate_json(second.writes[SPEC_PATH]).migrations]
    assert ids == [
        "0001_set_default_tasks_a",
        "0002_convert_field_tasks_a",
        "0003_set_default_tasks_b",
    ]
