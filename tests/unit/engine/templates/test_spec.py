import json
from pathlib import Path
from typing import Any

import pytest

from stackwright.engine.templates.spec import TemplateError, find_template, load_template


def write(folder: Path, **fields: Any) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "template.json").write_text(json.dumps({"name": folder.name, **fields}))
    return folder


def keys(folder: Path, *tools: str) -> list[str]:
    return load_template(folder).layer_keys(tools)


@pytest.fixture
def template(tmp_path: Path) -> Path:
    folder = write(
        tmp_path / "t",
        steps=[
            {"name": "one", "copy": [{"from": "lock", "to": "/lock"}], "run": "install"},
            {"name": "two", "copy": [{"from": "src", "to": "/src", "exclude": ["*.log"]}]},
        ],
    )
    (folder / "lock").write_text("1")
    (folder / "src").mkdir()
    (folder / "src/a.py").write_text("a")
    return folder


def test_equal_inputs_have_equal_keys(template: Path) -> None:
    assert keys(template) == keys(template)
    assert len(set(keys(template))) == 2


def test_a_changed_source_changes_only_later_layers(template: Path) -> None:
    before = keys(template)
    (template / "src/a.py").write_text("b")
    after = keys(template)
    assert (after[0], after[1] != before[1]) == (before[0], True)


def test_a_changed_lock_changes_every_layer(template: Path) -> None:
    before = keys(template)
    (template / "lock").write_text("2")
    assert not set(before) & set(keys(template))


def test_another_tool_version_changes_every_layer(template: Path) -> None:
    assert not set(keys(template, "node v20")) & set(keys(template, "node v22"))


def test_the_executable_bit_counts_and_excluded_files_do_not(template: Path) -> None:
    before = keys(template)
    (template / "src/debug.log").write_text("x")
    (template / "src/node_modules").mkdir()
    (template / "src/node_modules/x.js").write_text("x")
    assert keys(template) == before
    (template / "src/a.py").chmod(0o755)
    assert keys(template) != before


def test_base_exists_without_a_folder_and_others_do_not(tmp_path: Path) -> None:
    base = find_template(None, "base")
    assert base is not None
    assert base.steps == ()
    assert find_template(tmp_path, "other") is None
    assert find_template(tmp_path, "../etc") is None


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"nmae": 1}, "unknown fields nmae"),
        ({"name": "else"}, "the folder's is"),
        ({"env": {"A": 1}}, "strings only"),
        ({"steps": {}}, "wrong type"),
        ({"steps": [{"run": "x"}]}, "'name' is missing"),
        ({"steps": [{"name": "s", "copy": [{"from": "/etc", "to": "/x"}]}]}, "leaves the template"),
        ({"steps": [{"name": "s", "copy": [{"from": "a", "to": "x"}]}]}, "absolute path"),
    ],
)
def test_a_wrong_template_is_named(tmp_path: Path, fields: dict[str, Any], complaint: str) -> None:
    with pytest.raises(TemplateError, match=complaint):
        load_template(write(tmp_path / "t", **fields))
