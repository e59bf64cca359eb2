import ast
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from stackwright.offline.reader import read_app
from stackwright.scaffold.generate import Manifest, digest, feasible, generate, page_routes
from stackwright.scaffold.spec import SPEC_PATH, AppSpec

ROOT = Path(__file__).parents[3]
DATA = ROOT / "tests/data/scaffold"
TEMPLATE = ROOT / "templates/next-fast-mongo-pre-v2"
NAMES = ("todo", "library", "invoices", "awkward", "bookings", "tool_loans")


def spec(name: str) -> AppSpec:
    return AppSpec.model_validate_json((DATA / f"{name}.json").read_text())


@pytest.mark.parametrize("name", NAMES)
def test_the_same_specification_gives_the_same_bytes(name: str) -> None:
    assert generate(spec(name)) == generate(spec(name))


@pytest.mark.parametrize("name", NAMES)
def test_every_python_file_parses(name: str) -> None:
    for path, text in generate(spec(name)).items():
        if path.endswith(".py"):
            ast.parse(text, path)


@pytest.mark.parametrize("name", NAMES)
def test_the_manifest_names_every_other_file_with_its_hash(name: str) -> None:
    files = generate(spec(name))
    manifest = Manifest.model_validate_json(files.pop(SPEC_PATH))
    assert manifest.spec == spec(name)
    assert manifest.generated == {path: digest(text) for path, text in files.items()}


def test_labels_reach_python_and_typescript_unharmed() -> None:
    awkward = spec("awkward")
    files = generate(awkward)
    assert f"title: {json.dumps(awkward.title, ensure_ascii=False)}" in files["frontend/lib/app.ts"]
    strings = {
        node.value
        for node in ast.walk(ast.parse(files["backend/models.py"]))
        if isinstance(node, ast.Constant)
    }
    choices = awkward.entity("class").field("type").choices
    assert set(choices) <= strings


def test_python_names_that_are_taken_get_an_alias_and_keep_their_key() -> None:
    models = generate(spec("awkward"))["backend/models.py"]
    assert 'from_: Annotated[Line, Field(min_length=1)] = Field(alias="from")' in models
    assert re.search(r'list_: EmailStr = Field\(alias="list"\)', models)
    assert 'alias="id_value"' not in models
    assert "id_value: Whole | None = None" in models


def test_models_do_not_hide_each_other() -> None:
    models = ast.parse(generate(spec("awkward"))["backend/models.py"])
    classes = [node.name for node in models.body if isinstance(node, ast.ClassDef)]
    assert len(classes) == len(set(classes))
    assert "Record" not in classes


def test_addresses_that_next_or_the_backend_own_are_avoided() -> None:
    assert page_routes(spec("awkward")) == [
        "/",
        "/news",
        "/api_records",
        "/data",
        "/lambda",
        "/orders",
    ]


def test_a_circle_of_required_references_is_opened() -> None:
    assert not feasible(spec("awkward")).entity("record").field("record_id").required
    assert feasible(spec("library")).entity("book").field("author_id").required


def test_a_total_that_needs_itself_is_refused() -> None:
    broken = AppSpec.model_validate(
        {
            "title": "T",
            "entities": [
                {
                    "name": "node",
                    "plural": "nodes",
                    "label": "Node",
                    "label_plural": "Nodes",
                    "title_field": "name",
                    "fields": [
                        {"name": "name", "label": "Name"},
                        {"name": "node_id", "label": "Up", "type": "reference", "target": "node"},
                        {
                            "name": "sum",
                            "label": "Sum",
                            "type": "number",
                            "computed": {"child": "node", "factors": ["sum"]},
                        },
                    ],
                }
            ],
        }
    )
    with pytest.raises(ValueError, match="needs itself"):
        generate(broken)


def test_a_page_shows_a_checkbox_only_for_what_can_be_done() -> None:
    todo = generate(spec("todo"))["frontend/lib/resources.ts"]
    library = generate(spec("library"))["frontend/lib/resources.ts"]
    assert 'done: "done"' in todo
    assert "quickAdd: true" in todo
    assert "done:" not in library


def test_the_template_carries_the_very_same_client_generator() -> None:
    ours = (ROOT / "src/stackwright/scaffold/client.py").read_bytes()
    assert (TEMPLATE / "tools/generate_client.py").read_bytes() == ours


def test_the_lock_files_name_no_registry() -> None:
    for path in ("frontend/bun.lock", "backend/requirements.txt"):
        assert "://" not in (TEMPLATE / path).read_text()


@pytest.mark.parametrize(
    ("name", "more", "is_plain"),
    [
        ("year", {}, True),
        ("year_built", {}, True),
        ("release_year", {"type": "number"}, True),
        ("house_number", {}, True),
        ("zip", {}, True),
        ("number_of_guests", {}, False),
        ("years", {}, False),
        ("pages", {}, False),
        ("number", {"type": "money"}, False),
        ("year", {"type": "date"}, False),
        ("year", {"unit": "a"}, False),
    ],
)
def test_a_year_or_another_number_that_is_a_name_is_not_grouped(
    name: str, more: dict[str, str], is_plain: bool
) -> None:
    field = {"name": name, "label": "Field", "type": "integer", **more}
    title = {"name": "title", "label": "Title"}
    car = {
        "name": "car",
        "plural": "cars",
        "label": "Car",
        "label_plural": "Cars",
        "title_field": "title",
        "fields": [title, field],
    }
    app = AppSpec.model_validate({"title": "Cars", "entities": [car]})
    assert ("plain: true" in generate(app)["frontend/lib/resources.ts"]) == is_plain


def long_spec() -> AppSpec:
    """Labels, names and choices that fill their lines."""
    label = "Kind of agreement that both of the parties have signed"
    kinds = [f"Agreement of the {number} sort" for number in ("first", "second", "third")]
    few = ["Fiction", "Non-fiction", "Poetry"]
    fields = [
        {"name": "title", "label": label, "required": True},
        {"name": "kind_of_agreement", "label": label, "type": "enum", "choices": kinds},
        {
            "name": "must_have_kind",
            "label": label,
            "type": "enum",
            "choices": kinds,
            "required": True,
        },
        {"name": "from", "label": label, "type": "enum", "choices": kinds},
        {"name": "class", "label": label, "type": "enum", "choices": few},
        {"name": "standard", "label": "S", "type": "enum", "choices": kinds, "default": kinds[0]},
        {
            "name": "agreement_id",
            "label": label,
            "type": "reference",
            "target": "service_agreement",
        },
    ]
    agreement = {
        "name": "service_agreement",
        "plural": "service_agreements",
        "label": f"Agreement, {label.lower()}",
        "label_plural": f"Agreements, {label.lower()}",
        "title_field": "title",
        "fields": fields,
        "filters": ["kind_of_agreement", "class", "must_have_kind"],
    }
    return AppSpec.model_validate({"title": label, "entities": [agreement]})


@pytest.mark.parametrize("wanted", [*map(spec, NAMES), long_spec()], ids=[*NAMES, "long"])
def test_the_formatter_has_nothing_to_do(wanted: AppSpec, tmp_path: Path) -> None:
    shutil.copy(TEMPLATE / "backend/pyproject.toml", tmp_path)
    for path, text in generate(wanted).items():
        if path.endswith(".py"):
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text)
    ruff = [sys.executable, "-m", "ruff", "format", "--no-cache", "--diff", str(tmp_path)]
    done = subprocess.run(ruff, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_only_details_leave_the_menu_and_are_deleted_along() -> None:
    files = generate(read_app("agencies with name; properties of an agency with address and price; invoices with number; line items of an invoice with text").spec)  # fmt: skip
    menu = files["frontend/lib/app.ts"]
    assert "propertiesResource" in menu
    assert "lineItemsResource" not in menu
    resources = files["frontend/lib/resources.ts"]
    assert resources.count("goesAlong: true") == 1
