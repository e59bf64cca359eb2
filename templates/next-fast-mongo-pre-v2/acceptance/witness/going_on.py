"""Runs a witness to its end whatever fails on the way, to see what an app refuses that lacks something."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

_MISSED = "_witness_missed"


def going_on(test: Callable[..., None]) -> Callable[..., None]:
    """The same test, of which each statement may fail; the first failure is raised at its end. A test whose
    source is not found stays as it is."""
    code = test.__code__
    tree = ast.parse(Path(code.co_filename).read_text(encoding="utf-8"))
    found = [one for one in ast.walk(tree) if _is(one, test.__name__, code.co_firstlineno)]
    if not found:
        return test
    function = found[0]
    assert isinstance(function, ast.FunctionDef)
    function.decorator_list = []
    function.body = [_guarded(statement) for statement in function.body]
    failures: list[Exception] = []
    space: dict[str, Any] = {}
    names = {**test.__globals__, _MISSED: failures.append}
    module = ast.fix_missing_locations(ast.Module([function], []))
    exec(compile(module, code.co_filename, "exec"), names, space)  # noqa: S102 (the witness itself)
    tried = space[test.__name__]

    def run(**given: Any) -> None:
        tried(**given)
        if failures:
            raise failures[0]

    return run


def _is(node: ast.AST, name: str, line: int) -> bool:
    if not isinstance(node, ast.FunctionDef) or node.name != name:
        return False
    return line in (node.lineno, *(one.lineno for one in node.decorator_list))


def _guarded(statement: ast.stmt) -> ast.stmt:
    told = ast.parse(f"try:\n    pass\nexcept Exception as missed:\n    {_MISSED}(missed)").body[0]
    assert isinstance(told, ast.Try)
    told.body = [statement]
    return told
