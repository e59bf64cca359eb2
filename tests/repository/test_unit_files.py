"""tests/unit mirrors src/stackwright: `tests/unit/db/test_jobs.py` holds the unit tests of `db/jobs.py`."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "src" / "stackwright"
UNIT = ROOT / "tests" / "unit"
UNTESTED = Path(__file__).with_name("untested_modules.txt")
NOT_OURS = {"scaffold/files"}
"""Templates of generated applications, which have tests of their own."""

OF_MANY_MODULES = {
    "test_blocking.py",
    "db/test_statement_styles.py",
    "tools/test_wrong_arguments.py",
}
"""They look at a whole package or at the test run itself."""

_LOGIC = (
    *(ast.If, ast.IfExp, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.TryStar, ast.Match),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)


def module_of(test_file: Path) -> Path:
    folder = test_file.parent.relative_to(UNIT)
    return SOURCES / folder / f"{test_file.stem.removeprefix('test_')}.py"


def unit_file_of(module: Path) -> Path:
    return UNIT / module.parent.relative_to(SOURCES) / f"test_{module.stem}.py"


def has_logic(source: str) -> bool:
    """Whether a function of the module decides or repeats anything."""
    functions = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]
    return any(isinstance(part, _LOGIC) for function in functions for part in ast.walk(function))


def untested() -> set[str]:
    modules = {module.relative_to(SOURCES).as_posix(): module for module in SOURCES.rglob("*.py")}
    return {
        name
        for name, module in modules.items()
        if not name.startswith(tuple(NOT_OURS))
        and not unit_file_of(module).exists()
        and has_logic(module.read_text())
    }


def test_each_unit_file_belongs_to_a_module() -> None:
    strays = [
        file.relative_to(ROOT).as_posix()
        for file in UNIT.rglob("*.py")
        if not (file.name.startswith("test_") and module_of(file).is_file())
        and file.name not in {"conftest.py", "__init__.py"}
        and file.relative_to(UNIT).as_posix() not in OF_MANY_MODULES
    ]
    assert strays == [], "rename them after the module whose tests they hold"


def test_no_further_module_with_logic_goes_without_a_unit_file() -> None:
    known = set(UNTESTED.read_text().split())
    assert untested() - known == set(), f"write their unit tests; {UNTESTED.name} may only shrink"


def test_the_list_of_modules_without_a_unit_file_names_no_others() -> None:
    known = UNTESTED.read_text().split()
    assert known == sorted(set(known))
    assert set(known) - untested() == set(), f"take them out of {UNTESTED.name}"


def test_logic_is_told_from_declarations() -> None:
    assert has_logic("def f(x):\n    return 1 if x else 2\n")
    assert not has_logic("class A:\n    def f(self):\n        return self.g()\n")
    assert not has_logic("NAMES = [name for name in 'ab']\n")
