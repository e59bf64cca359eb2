import pytest

from stackwright.agent.phases import phase_of
from stackwright.agent.stream_gate import SoundCall, check_call
from stackwright.tools.registry import all_tools

TOOLS = {tool.name: tool for tool in all_tools(search_provider=None)}


def call(name: str, **arguments: object) -> SoundCall:
    checked = check_call("call-1", name, arguments, TOOLS)
    assert isinstance(checked, SoundCall), checked
    return checked


def written(path: str) -> SoundCall:
    return call("write_file", path=path, content="x")


@pytest.mark.parametrize(
    ("path", "phase"), [("backend/app.py", "backend"), ("frontend/pages/index.tsx", "frontend")]
)
def test_a_written_file_is_evidence_of_a_phase(path: str, phase: str) -> None:
    assert phase_of([written(path)], "planning") == phase


def test_a_check_of_the_app_is_integration() -> None:
    assert phase_of([call("check_app")], "backend") == "integration"


def test_what_shows_nothing_leaves_the_phase() -> None:
    assert phase_of([call("list_files")], "frontend") == "frontend"


def test_a_phase_never_goes_backwards() -> None:
    assert phase_of([written("backend/app.py")], "integration") == "integration"
    assert phase_of([written("backend/app.py")], "frontend") == "frontend"
    assert phase_of([written("frontend/pages/index.tsx")], "integration") == "integration"
