from pathlib import Path

import pytest

from stackwright.core.errors import WrongSettings
from stackwright.core.settings import Settings
from stackwright.runs.sandbox_findings import named_things, refuse_unusable


@pytest.fixture
def templates(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "templates"
    for name in ("mine", "yours"):
        (folder / name).mkdir(parents=True)
        (folder / name / "template.json").write_text(f'{{"name": "{name}", "steps": []}}')
    return folder


def local(templates: Path, template: str) -> Settings:
    return Settings(
        sandbox_engine="local", stackwright_templates_dir=templates, e2b_template_id=template
    )


@pytest.mark.parametrize("template", ["mine", "base"])
def test_a_template_that_is_there_is_usable(templates: Path, template: str) -> None:
    refuse_unusable(local(templates, template))


def test_an_unknown_template_is_refused_with_those_that_there_are(templates: Path) -> None:
    with pytest.raises(WrongSettings, match=r"'nope'.*There are: base, mine, yours"):
        refuse_unusable(local(templates, "nope"))


def test_a_template_that_cannot_be_read_is_refused_with_its_file(templates: Path) -> None:
    (templates / "mine" / "template.json").write_text("{")
    with pytest.raises(WrongSettings, match=r"E2B_TEMPLATE_ID: .*mine/template\.json: not JSON"):
        refuse_unusable(local(templates, "mine"))


def test_a_missing_folder_of_templates_is_refused(templates: Path) -> None:
    with pytest.raises(WrongSettings, match=r"STACKWRIGHT_TEMPLATES_DIR.*'.*/gone'"):
        refuse_unusable(local(templates / "gone", "base"))


def test_at_e2b_a_template_may_be_unknown_here_but_the_key_is_needed(templates: Path) -> None:
    settings = Settings(
        sandbox_engine="e2b", stackwright_templates_dir=templates, e2b_template_id="cloud"
    )
    with pytest.raises(WrongSettings, match="needs E2B_API_KEY") as refused:
        refuse_unusable(settings)
    assert "cloud" not in str(refused.value)
    weak = [finding.name for finding in named_things(settings) if not finding.needed]
    assert weak == ["template"]
