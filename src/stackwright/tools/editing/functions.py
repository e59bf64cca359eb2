"""Python's `...` where it stands for code that was left out, not for a body that is not needed."""

import ast
import warnings
from collections.abc import Iterator

_NEEDS_NO_BODY = frozenset({"overload", "abstractmethod"})

Function = ast.FunctionDef | ast.AsyncFunctionDef


def left_out(before: str | None, after: str) -> int | None:
    """The line of a new `...` that stands beside other statements, or in place of a body that was there."""
    try:
        old, new = _parsed(before or ""), _parsed(after)
        return None if new is None else _left_out(old or ast.Module([], []), new)
    except RecursionError:
        return None


def _left_out(old: ast.Module, new: ast.Module) -> int | None:
    beside = list(_beside(new))
    if len(beside) > len(list(_beside(old))):
        return beside[-1]
    bodies = dict(_functions(old))
    for name, function in _functions(new):
        had = bodies.get(name)
        if had is not None and _is_stub(function) and not _is_stub(had):
            return function.body[-1].lineno
    return None


def _parsed(text: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _beside(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Lambda | ast.IfExp):
            continue
        for field in ("body", "orelse", "finalbody"):
            statements: list[ast.stmt] = getattr(node, field, [])
            real = [each for each in statements if not _is_docstring(each)]
            yield from (each.lineno for each in real if len(real) > 1 and _is_dots(each))


def _functions(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, Function]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef):
            is_protocol = any("Protocol" in ast.unparse(base) for base in node.bases)
            if not is_protocol:
                yield from _functions(node, f"{prefix}{node.name}.")
        elif isinstance(node, Function) and not _NEEDS_NO_BODY & set(
            map(_last_name, node.decorator_list)
        ):
            yield f"{prefix}{node.name}", node


def _last_name(decorator: ast.expr) -> str:
    return ast.unparse(decorator).rpartition(".")[2]


def _is_stub(function: Function) -> bool:
    return all(_is_docstring(each) or _is_dots(each) for each in function.body) and any(
        map(_is_dots, function.body)
    )


def _is_dots(statement: ast.stmt) -> bool:
    value = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(value, ast.Constant) and value.value is ...


def _is_docstring(statement: ast.stmt) -> bool:
    value = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)
