from pathlib import Path

import pytest
from pydantic import ValidationError

from stackwright.sandbox.template import Template, load_template


def test_services_and_notes_are_read(tmp_path: Path) -> None:
    (tmp_path / "t").mkdir()
    (tmp_path / "t/template.json").write_text(
        '{"name": "t", "steps": [], "services": [{"name": "web", "command": "serve", "port": 80,'
        ' "ready": {"path": "/"}, "restart_on": ["*.py"]}]}'
    )
    (tmp_path / "t/usage.md").write_text("Notes für das Modell")
    template = load_template(tmp_path, "t")
    assert template.usage == "Notes für das Modell"
    (service,) = template.services
    assert (service.name, service.cwd, service.ready.path) == ("web", "/home/user/code", "/")
    assert service.restart_on == ("*.py",)


def test_an_unknown_template_has_no_services(tmp_path: Path) -> None:
    assert load_template(tmp_path, "elsewhere") == Template(name="elsewhere")


def test_a_service_that_makes_no_sense_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t").mkdir()
    (tmp_path / "t/template.json").write_text('{"services": [{"name": "A b", "command": ""}]}')
    with pytest.raises(ValidationError):
        load_template(tmp_path, "t")
