import ast
import json
import re
from pathlib import Path

import pytest

from stackwright.scaffold.generate import Manifest, digest, feasible, generate, page_routes
from stackwright.scaffold.spec import SPEC_PATH, AppSpec

ROOT = Path(__file__).parents[3]
DATA = ROOT / "tests/data/scaffold"
TEMPLATE = ROOT / "templates/next-fast-mongo-pre-v2"
NAMES = ("todo", "library", "invoices", "awkward")


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
