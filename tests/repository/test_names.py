"""Names that stopped newcomers do not come back: modules, classes and functions have the field's words."""

import ast
from pathlib import Path

import stackwright

SOURCE = Path(stackwright.__file__).parent
OLD_MODULES = frozenset(
    [
        "patient_jobs",
        "late_driver",
        "claimed",
        "scene",
        "retelling",
        "queued",
        "accepting",
        "nursery",
        "standstill",
        "splicing",
        "allowance",
        "pace",
        "sharing",
        "kept_files",
        "lifecycle",
        "deeds",
        "doings",
        "openings",
        "room",
        "fleet",
        "cleaning",
        "racing",
        "guards",
        "waking",
        "make_way",
        "survey",
    ]
)
OLD_NAMES = frozenset(
    [
        "Scene",
        "Surroundings",
        "Stage",
        "Newborn",
        "bear",
        "toll",
        "Fleet",
        "Room",
        "Cleaner",
        "make_way",
        "survey",
        "Survey",
        "exchange",
    ]
)
STANDARD = {
    # guards of an edit, a fleet of platform processes for tests
    "tools/editing/guards.py",
    "testing/fleet.py",
}


def defined(source: str) -> set[str]:
    kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in ast.walk(ast.parse(source)) if isinstance(node, kinds)}


def test_no_module_has_a_name_that_was_given_up() -> None:
    paths = (path.relative_to(SOURCE) for path in SOURCE.rglob("*.py"))
    assert [str(p) for p in paths if p.stem in OLD_MODULES and str(p) not in STANDARD] == []


def test_no_class_or_function_has_a_name_that_was_given_up() -> None:
    found = {
        f"{path.relative_to(SOURCE)}: {name}"
        for folder in ("engine", "sandbox", "projects", "runs", "db")
        for path in (SOURCE / folder).rglob("*.py")
        for name in defined(path.read_text()) & OLD_NAMES
    }
    assert found == set()
