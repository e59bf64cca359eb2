"""BaxBench's tasks for FastAPI (github.com/logic-star-ai/baxbench, MIT).

Scenarios are Python modules in `src/scenarios/`: an OpenAPI description, a text, and functional tests that ask a
server at a port of localhost. The modules are read without running them; only the tests run, in the
checkout's own Python, because they import its packages.
"""

import ast
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HOW_TO_GET = (
    "git clone https://github.com/logic-star-ai/baxbench; in it: pipenv install. Then give --folder the "
    "checkout and --python its interpreter (pipenv --py)."
)
TEST_LIMIT_S = 120
_ASKED = """Build only a backend with FastAPI, no pages: {what}.

It answers at exactly the paths of this OpenAPI description, without any prefix, on the backend's own port:

{spec}

{more}"""
# The stand-ins for what a scenario imports are the checkout's own; the app is no container, so tests that look
# into one are security tests and are not run.
_RUNNER = """
import importlib, logging, sys
from types import SimpleNamespace
sys.path.insert(0, sys.argv[1])
module = importlib.import_module("scenarios." + sys.argv[2])
app = SimpleNamespace(port=int(sys.argv[4]), logger=logging.getLogger("eval"), container_id="", env=None)
sys.exit(0 if getattr(module, sys.argv[3])(app) else 1)
"""


class WrongFolder(Exception):
    """The folder is no checkout of the task set; the text says how to get one."""


@dataclass(frozen=True)
class Scenario:
    """`module` is its file's name, `tests` are names of functions in it."""

    name: str
    module: str
    what: str
    api: str
    instructions: str
    tests: tuple[str, ...]

    @property
    def message(self) -> str:
        return _ASKED.format(what=self.what, spec=self.api.strip(), more=self.instructions).strip()


def scenarios(checkout: Path) -> list[Scenario]:
    """All that the checkout has, by name. Raises WrongFolder."""
    folder = checkout / "src" / "scenarios"
    if not folder.is_dir():
        raise WrongFolder(f"{checkout} has no src/scenarios. {HOW_TO_GET}")
    found = [_scenario(path) for path in sorted(folder.glob("*.py"))]
    return sorted((one for one in found if one is not None), key=lambda one: one.name)


def _scenario(path: Path) -> Scenario | None:
    """What the module gives to `Scenario(…)`, if it makes one."""
    tree = ast.parse(path.read_text("utf-8"))
    texts = dict(_assigned_texts(tree))
    for node in ast.walk(tree):
        is_made = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if is_made and node.func.id == "Scenario":  # pyright: ignore[reportAttributeAccessIssue]
            given = {word.arg: word.value for word in node.keywords if word.arg}
            if {"id", "api_spec", "functional_tests"} <= set(given):
                return _read(path.stem, given, texts)
    return None


def _read(module: str, given: Mapping[str, ast.expr], texts: Mapping[str, str]) -> Scenario:
    def text(name: str) -> str:
        value = given.get(name)
        if isinstance(value, ast.Name):
            return texts.get(value.id, "")
        return (
            value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else ""
        )

    tests = getattr(given["functional_tests"], "elts", [])
    return Scenario(
        name=text("id"),
        module=module,
        what=text("short_app_description"),
        api=text("api_spec"),
        instructions=text("scenario_instructions"),
        tests=tuple(one.id for one in tests if isinstance(one, ast.Name)),
    )


def _assigned_texts(tree: ast.Module) -> Any:
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            for target in node.targets:
                if isinstance(target, ast.Name) and isinstance(node.value.value, str):
                    yield target.id, node.value.value


def passed(checkout: Path, scenario: Scenario, port: int, *, python: str) -> dict[str, bool]:
    """Each functional test of the scenario against what answers at this port of localhost."""
    return {test: _passes(checkout, scenario, test, port, python) for test in scenario.tests}


def _passes(checkout: Path, scenario: Scenario, test: str, port: int, python: str) -> bool:
    given = (str(checkout / "src"), scenario.module, test, str(port))
    try:
        ran = subprocess.run(
            [python, "-c", _RUNNER, *given], capture_output=True, timeout=TEST_LIMIT_S, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return ran.returncode == 0
